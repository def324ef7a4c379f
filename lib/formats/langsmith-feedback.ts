import type { ScoreRecord } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt } from "./fields.ts";
import type { ImportContext } from "./imported.ts";
import { buildImportedScore, type Judged } from "./imported-score.ts";

/**
 * What `feedback_stats` says of a run: by the name of the question the mean of all answers, or their most frequent
 * word. How many answered, and what they wrote, stays in the score's detail.
 *
 * @param isRoot  what is said of the first run is said of the whole trace
 */
export function readFeedbackStats(
  stats: unknown,
  run: Judged,
  isRoot: boolean,
  context: ImportContext
): readonly ScoreRecord[] {
  const decoded = decodeJson(asJson(stats));
  if (!isFields(decoded)) return [];
  return Object.entries(decoded).flatMap(([name, given]) => {
    if (!isFields(given)) return [];
    const mean = numberAt(given, "avg");
    const [word] = Object.entries(fieldsAt(given, "values")).sort(([, a], [, b]) => Number(b) - Number(a));
    if (mean === null && word === undefined) return [];
    const detail = { format: "langsmith", ...(given as Readonly<Record<string, Json>>) };
    const verdict = { value: mean, label: mean === null ? word![0] : null, reason: null };
    return [buildImportedScore({ name, ...verdict, source: tellRater(given), detail }, run, isRoot, context)];
  });
}

/** People, where all sources are places in which people answer. */
function tellRater(given: Fields): "human" | "import" {
  const kinds = listAt(given, "sources").map((source) => {
    const decoded = decodeJson(asJson(source));
    return isFields(decoded) ? decoded.type : decoded;
  });
  return kinds.length > 0 && kinds.every((kind) => kind === "app" || kind === "user") ? "human" : "import";
}
