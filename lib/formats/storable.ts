import { findJudgementDefect, findScoreDefect, findSpanDefect } from "../model/storable.ts";
import type { Imported } from "./imported.ts";

/** What of a record the lake can keep; the rest is rejected with its reason instead of costing the others. */
export function keepStorable(imported: Imported): Imported {
  const rejected = [...imported.rejected];
  const spans = imported.spans.filter((span) => passes(findSpanDefect(span), rejected));
  const scores = imported.scores.filter((score) => passes(findScoreDefect(score), rejected));
  const annotations = (imported.annotations ?? []).filter((given) => passes(findJudgementDefect(given), rejected));
  const judgements = (imported.judgements ?? []).filter((given) => passes(findJudgementDefect(given), rejected));
  return {
    ...imported,
    spans,
    scores,
    rejected,
    annotations: annotations.map(clean),
    judgements: judgements.map(clean)
  };
}

/** Texts as every database keeps them: without zero characters, and without halves of a character. */
function clean<T>(given: T): T {
  if (typeof given === "string") return given.replaceAll("\0", "").toWellFormed() as T;
  if (typeof given !== "object" || given === null) return given;
  if (Array.isArray(given)) return given.map(clean) as T;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, clean(value)])) as T;
}

function passes(defect: string | undefined, rejected: string[]): boolean {
  if (defect !== undefined) rejected.push(defect);
  return defect === undefined;
}
