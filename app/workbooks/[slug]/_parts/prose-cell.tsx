"use client";
import { useMemo } from "react";
import { formatProse } from "#lib/work/report-prose.ts";

/** Prose as it reads; a click or Enter edits it. Raw HTML in it stays text. */
export function ProseCell({ text, onEdit }: { readonly text: string; readonly onEdit: () => void }) {
  const html = useMemo(() => formatProse(text, "page"), [text]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same by keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button beside it does the same by keyboard
    <div
      className="prose"
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a")) onEdit();
      }}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: formatProse escapes all HTML of the text and checks every link
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
