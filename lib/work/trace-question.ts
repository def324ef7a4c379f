import type { SqlValue } from "#lib/model/table.ts";
import type { NumberRange } from "#lib/wire/number-range.ts";
import { type ScoreChoice, type TraceFilter, type Verdict, withErrors } from "#lib/wire/trace-filter.ts";

/** A condition in SQL and the values it binds. */
export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** A filter as conditions over `traces t`; every value is bound, none is written into the text. */
export interface Question {
  /** What holds for every count: time and words. */
  readonly base: readonly string[];
  /** Conditions of facets with a choice, by facet; scores by `score:<scorer>`. */
  readonly facets: ReadonlyMap<string, string>;
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** True for a trace that ended in error or holds a span that did. */
export const isBad = "(t.status = 'error' or t.errors > 0)";

const inSelect = (select: string): string => `(t.business_unit, t.trace_id) in (${select})`;

/** Reads a filter as conditions. */
export function buildQuestion(filter: TraceFilter): Question {
  const values: Record<string, SqlValue> = {};
  const facets = new Map<string, string>();
  const bind = (name: string, chosen: readonly string[]) =>
    chosen
      .map((value, at) => {
        values[`${name}${at}`] = value;
        return `$${name}${at}`;
      })
      .join(", ");
  const oneOf = (name: string, column: string, chosen: readonly string[]) => {
    if (chosen.length > 0) facets.set(name, `${column} in (${bind(name, chosen)})`);
  };
  const anyOf = (name: string, column: string, chosen: readonly string[]) => {
    if (chosen.length > 0) facets.set(name, `list_has_any(${column}, [${bind(name, chosen)}])`);
  };
  const within = (name: string, column: string, chosen: readonly NumberRange[]) => {
    if (chosen.length === 0) return;
    facets.set(name, `(${chosen.map((range, at) => rangeSql(column, range, `${name}${at}`, values)).join(" or ")})`);
  };
  oneOf("unit", "t.business_unit", filter.units);
  oneOf("agent", "coalesce(t.agent, '')", filter.agents);
  if (filter.statuses.length > 0) {
    const own = `t.status in (${bind("status", filter.statuses)})`;
    facets.set("status", filter.statuses.includes(withErrors) ? `(${own} or ${isBad})` : own);
  }
  oneOf("environment", "coalesce(t.environment, '')", filter.environments);
  anyOf("model", "t.models", filter.models);
  anyOf("tool", "t.tool_names", filter.tools);
  within("cost", "t.cost_usd", filter.costs);
  within("duration", "t.duration_ms", filter.durations);
  if (filter.kinds.length > 0) facets.set("kind", kindSql(filter, bind));
  if (filter.labels.length > 0) {
    const labels = bind("label", filter.labels);
    facets.set("label", inSelect(`select a.business_unit, a.trace_id from label_list a where a.label in (${labels})`));
  }
  for (const [scorer, chosen] of byScorer(filter.scores)) {
    values[`scorer${facets.size}`] = scorer;
    const own = `select s.business_unit, s.trace_id from scores s where s.scorer = $scorer${facets.size}`;
    facets.set(`score:${scorer}`, `(${chosen.map((verdict) => verdictSql(own, verdict)).join(" or ")})`);
  }
  return { base: [...timeSql(filter, values), ...wordsSql(filter, values)], facets, values };
}

/** The condition of a whole filter over `traces t`. */
export function buildCondition(filter: TraceFilter): Condition {
  const { base, facets, values } = buildQuestion(filter);
  return { sql: conjunction([...base, ...facets.values()]), values };
}

/** Conditions that hold together; `true` when there are none. */
export function conjunction(parts: readonly string[]): string {
  return parts.length === 0 ? "true" : parts.join(" and ");
}

/** What a verdict asks of a row of `scores s`. */
export const verdictConditions: Readonly<Record<Exclude<Verdict, "unscored">, string>> = {
  pass: "s.pass",
  fail: "not s.pass",
  "0-25": "s.pass is null and s.value < 0.25",
  "25-50": "s.pass is null and s.value >= 0.25 and s.value < 0.5",
  "50-75": "s.pass is null and s.value >= 0.5 and s.value < 0.75",
  "75-100": "s.pass is null and s.value >= 0.75"
};

function verdictSql(own: string, verdict: Verdict): string {
  return verdict === "unscored"
    ? `not ${inSelect(`${own} and s.status = 'ok'`)}`
    : inSelect(`${own} and ${verdictConditions[verdict]}`);
}

function byScorer(choices: readonly ScoreChoice[]): ReadonlyMap<string, readonly Verdict[]> {
  const scorers = new Map<string, Verdict[]>();
  for (const { scorer, verdict } of choices) scorers.set(scorer, [...(scorers.get(scorer) ?? []), verdict]);
  return scorers;
}

/** No span of a trace lies on a day before it began, so that older words are not looked at. */
function wordsSql({ text, fromMs }: TraceFilter, values: Record<string, SqlValue>): readonly string[] {
  const words = text.trim();
  if (words === "") return [];
  values["words"] = words;
  values["wordsSince"] = fromMs === null ? null : formatDay(fromMs);
  const held = inSelect("select f.business_unit, f.trace_id from search($words, $wordsSince) f");
  return [/^[0-9a-f]{32}$/i.test(words) ? `(${held} or t.trace_id = lower($words))` : held];
}

function timeSql({ fromMs, toMs }: TraceFilter, values: Record<string, SqlValue>): readonly string[] {
  const parts: string[] = [];
  if (fromMs !== null) {
    values["fromMs"] = fromMs;
    parts.push(...dayBound('t."date" >=', fromMs), "t.started_at >= make_timestamp_ms($fromMs)");
  }
  if (toMs !== null) {
    values["toMs"] = toMs;
    parts.push(...dayBound('t."date" <=', toMs), "t.started_at < make_timestamp_ms($toMs)");
  }
  return parts;
}

/** A day compared with an instant's, or nothing beyond the years 0 to 9999. Written out, because the engine skips files only by constants. */
export function dayBound(comparison: string, atMs: number): readonly string[] {
  const day = formatDay(atMs);
  return day === null ? [] : [`${comparison} date '${day}'`];
}

function formatDay(atMs: number): string | null {
  const day = Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString().split("T", 1)[0]! : "";
  return /^\d{4}-\d\d-\d\d$/.test(day) ? day : null;
}

/** The condition of a number within a range; values are bound under the name. */
export function rangeSql(
  column: string,
  { low, high }: NumberRange,
  name: string,
  values: Record<string, SqlValue>
): string {
  if (low === null && high === null) return `${column} is null`;
  const parts: string[] = [];
  if (low !== null) {
    values[`${name}low`] = low;
    parts.push(`${column} >= $${name}low::double`);
  }
  if (high !== null) {
    values[`${name}high`] = high;
    parts.push(`${column} < $${name}high::double`);
  }
  return `(${parts.join(" and ")})`;
}

/** Kinds that a trace counts are read from it; the others from its spans. */
function kindSql(
  { kinds, fromMs, toMs }: TraceFilter,
  bind: (name: string, chosen: readonly string[]) => string
): string {
  const parts: string[] = [];
  if (kinds.includes("llm")) parts.push("t.llm_calls > 0");
  if (kinds.includes("tool")) parts.push("t.tool_calls > 0");
  const others = kinds.filter((kind) => kind !== "llm" && kind !== "tool");
  if (others.length > 0) {
    const days = spanDays({ fromMs, toMs });
    const of = conjunction([`k.kind in (${bind("kind", others)})`, ...days]);
    parts.push(inSelect(`select k.business_unit, k.trace_id from spans k where ${of}`));
  }
  return `(${parts.join(" or ")})`;
}

/** Longest trace whose spans are looked for by the day it began. */
const longestTraceMs = 7 * 86_400_000;

/** Narrows spans `k` to the days that traces of a time range can have them on, so that other files are not read. */
export function spanDays({ fromMs, toMs }: Pick<TraceFilter, "fromMs" | "toMs">): readonly string[] {
  return [
    ...(fromMs === null ? [] : dayBound('k."date" >=', fromMs)),
    ...(toMs === null ? [] : dayBound('k."date" <=', toMs + longestTraceMs))
  ];
}
