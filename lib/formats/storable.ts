import { findScoreDefect, findSpanDefect } from "../model/storable.ts";
import type { Imported } from "./imported.ts";

/** What of a record the lake can keep; the rest is rejected with its reason instead of costing the others. */
export function keepStorable(imported: Imported): Imported {
  const rejected = [...imported.rejected];
  const spans = imported.spans.filter((span) => passes(findSpanDefect(span), rejected));
  const scores = imported.scores.filter((score) => passes(findScoreDefect(score), rejected));
  return { ...imported, spans, scores, rejected };
}

function passes(defect: string | undefined, rejected: string[]): boolean {
  if (defect !== undefined) rejected.push(defect);
  return defect === undefined;
}
