import type { ArrowAnswer } from "#lib/ports/kernel.ts";
import { wordsHeader } from "#lib/wire/map-columns.ts";
import { windowHeaders } from "#lib/wire/window.ts";

/** Columns of points as Arrow, with the words that their codes stand for. */
export function arrowPoints({ bytes, cut }: ArrowAnswer, words: readonly string[]): Response {
  return new Response(bytes as BodyInit, {
    headers: {
      "content-type": "application/vnd.apache.arrow.stream",
      [windowHeaders.cut]: String(cut),
      [wordsHeader]: encodeURIComponent(JSON.stringify(words))
    }
  });
}
