import { Fault } from "../model/fault.ts";

/** What a column can be of a span, beside scores and labels; any other column becomes an attribute. */
export const columnTargets = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "name",
  "kind",
  "started_at",
  "ended_at",
  "duration_ms",
  "input",
  "output",
  "agent",
  "session_id",
  "user_id",
  "model",
  "tool_name",
  "tokens_in",
  "tokens_out",
  "cost_usd",
  "status",
  "environment"
] as const;

export type ColumnTarget = (typeof columnTargets)[number] | `score:${string}` | `label:${string}`;

/** One column and what it is. */
export interface ColumnUse {
  readonly target: ColumnTarget;
  /** As the source names it; with dots for fields within fields. */
  readonly column: string;
  /** Of a score whose scale is not 0..1: the values that become 0 and 1. */
  readonly range: readonly [number, number] | null;
}

/** Which columns of a table are what; at most one column for each target. */
export type ColumnMapping = readonly ColumnUse[];

/** Longest name of a score or label, in characters. */
const nameLimit = 80;

/**
 * Reads `target=column`, for scores also `score:<name>=column[low..high]`.
 *
 * @throws Fault `invalid` naming the word
 */
export function parseColumnUse(word: string): ColumnUse {
  const at = word.indexOf("=");
  const named = at < 0 ? "" : word.slice(0, at).trim();
  const column = at < 0 ? "" : word.slice(at + 1).trim();
  if (named === "" || column === "") {
    throw new Fault("invalid", `the mapping "${word.slice(0, 120)}" is not written as target=column`, {
      hint: "For example: input=question, or score:helpful=rating[1..5] for a scale from 1 to 5."
    });
  }
  const target = parseTarget(named);
  const scale = target.startsWith("score:")
    ? /^(.+)\[\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*\]$/.exec(column)
    : null;
  if (!scale) return { target, column, range: null };
  return checkUse({ target, column: scale[1]!.trim(), range: [Number(scale[2]), Number(scale[3])] });
}

/** The word that `parseColumnUse` reads. */
export function formatColumnUse({ target, column, range }: ColumnUse): string {
  return `${target}=${column}${range ? `[${range[0]}..${range[1]}]` : ""}`;
}

/** Words for a shell that give the mapping to the command. */
export function formatMapOptions(mapping: ColumnMapping): string {
  return mapping.map((use) => `--map ${quoteWord(formatColumnUse(use))}`).join(" ");
}

/** A word as a POSIX shell takes it for one. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** @throws Fault `invalid` for a target that there is not, and for a score or label without a name */
export function parseTarget(word: string): ColumnTarget {
  const known = columnTargets.find((target) => target === word);
  if (known) return known;
  const [, kind, name = ""] = /^(score|label):(.*)$/.exec(word) ?? [];
  if (kind !== undefined && name.trim() !== "" && name.length <= nameLimit)
    return `${kind as "score" | "label"}:${name.trim()}`;
  throw new Fault("invalid", `a column cannot be "${word.slice(0, 120)}"`, {
    hint: `It can be ${columnTargets.join(", ")}, score:<name> or label:<name>.`
  });
}

/** @throws Fault `invalid` for an empty mapping, and for a target or a column that is given twice */
export function checkMapping(mapping: ColumnMapping): ColumnMapping {
  if (mapping.length === 0) throw new Fault("invalid", "the mapping names no column");
  for (const key of ["target", "column"] as const) {
    const seen = new Set<string>();
    for (const use of mapping) {
      if (seen.has(use[key])) throw new Fault("invalid", `the mapping gives the ${key} "${use[key]}" twice`);
      seen.add(use[key]);
    }
  }
  for (const use of mapping) checkUse(use);
  return mapping;
}

function checkUse(use: ColumnUse): ColumnUse {
  if (use.range && !(Number.isFinite(use.range[0]) && Number.isFinite(use.range[1]) && use.range[0] < use.range[1]))
    throw new Fault("invalid", `the scale of "${use.target}" does not rise from ${use.range[0]} to ${use.range[1]}`);
  if (use.range && !use.target.startsWith("score:"))
    throw new Fault("invalid", `"${use.target}" is no score and has no scale`);
  return use;
}
