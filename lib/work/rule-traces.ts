import type { BackfillPlace, ScoringRule } from "#lib/model/scoring-rule.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { sampleCondition } from "#lib/sql/sample-sql.ts";
import { type Candidate, keyOf } from "./rule-window.ts";
import { matchingTraces, withPredicate } from "./traffic-predicate.ts";

/** A trace that a rule means. */
export interface ChosenTrace {
  readonly traceId: string;
  readonly businessUnit: string;
  /** Of its start in UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly startedUs: number;
  /** Changes when the trace grows. */
  readonly state: string;
  readonly isSampled: boolean;
}

/** Table of a kernel with the ids of candidates. */
export const candidateTable = "rule_candidates";

/** A trace that comes back with as many spans, times and errors is the one that was scored. */
const state = `substr(md5(concat_ws('|', t.spans, epoch_us(t.started_at), epoch_us(t.ended_at), t.status, t.errors, t.llm_calls, t.tool_calls)), 1, 16)`;

const columns = `t.trace_id, t.business_unit, t."date"::varchar as day, epoch_us(t.started_at) as started_us, ${state} as state`;

const hasBegun = "($from is null or t.started_at >= make_timestamp_ms($from::bigint))";

type Meaning = Pick<ScoringRule, "scorerId" | "predicate" | "rate" | "fromMs">;

/** Those of some candidates that a rule means, each once. @param kernel  that holds them */
export async function chooseTraces(
  kernel: Kernel,
  { scorerId, predicate, rate, fromMs }: Meaning,
  candidates: readonly Candidate[],
  signal: AbortSignal
): Promise<readonly ChosenTrace[]> {
  if (candidates.length === 0) return [];
  await kernel.load(candidateTable, [
    { name: "trace_id", type: "VARCHAR", values: candidates.map(({ traceId }) => traceId) },
    { name: "business_unit", type: "VARCHAR", values: candidates.map(({ businessUnit }) => businessUnit) }
  ]);
  const sql = `select ${columns}, ${sampleCondition("t.trace_id", "$salt", "$rate")} as is_sampled from ${matchingTraces(predicate)} t
    where (t.trace_id, t.business_unit) in (select trace_id, business_unit from ${candidateTable}) and ${hasBegun}`;
  return readChosen(kernel, predicate, sql, { salt: scorerId, rate, from: fromMs }, signal);
}

/** Older traces that a rule means, from the newest back, some at a time. */
export function chooseOlder(
  kernel: Kernel,
  { scorerId, predicate, rate, fromMs }: Meaning,
  after: BackfillPlace | null,
  most: number,
  signal: AbortSignal
): Promise<readonly ChosenTrace[]> {
  const earlier = after === null ? "true" : "(t.started_at, t.trace_id) < (make_timestamp($us::bigint), $id)";
  const sql = `select ${columns}, ${sampleCondition("t.trace_id", "$salt", "$rate")} as is_sampled from ${matchingTraces(predicate)} t
    where ${hasBegun} and ${earlier} order by t.started_at desc, t.trace_id desc limit ${most}`;
  const place = after === null ? {} : { us: after.startedUs, id: after.traceId };
  return readChosen(kernel, predicate, sql, { salt: scorerId, rate, from: fromMs, ...place }, signal);
}

/** Loads the ids of some traces where those of candidates are looked for. */
export async function loadCandidates(kernel: Kernel, traces: readonly ChosenTrace[]): Promise<void> {
  await kernel.load(candidateTable, [
    { name: "trace_id", type: "VARCHAR", values: traces.map(({ traceId }) => traceId) }
  ]);
}

async function readChosen(
  kernel: Kernel,
  predicate: string,
  sql: string,
  values: Readonly<Record<string, string | number | null>>,
  signal: AbortSignal
): Promise<readonly ChosenTrace[]> {
  const chosen: ChosenTrace[] = [];
  await withPredicate(predicate, async () => {
    for await (const rows of kernel.stream(sql, values, signal)) {
      for (const row of rows) {
        chosen.push({
          traceId: String(row["trace_id"]),
          businessUnit: String(row["business_unit"]),
          day: String(row["day"]),
          startedUs: Number(row["started_us"]),
          state: String(row["state"]),
          isSampled: row["is_sampled"] === true
        });
      }
    }
  });
  return chosen;
}

/** What a rule says of a verdict, beside what the scorer does. */
export interface RuleDetail {
  readonly rule: string;
  /** Of the promoted scorer. */
  readonly version: number;
  /** Of the trace when it was scored. */
  readonly state: string;
}

/**
 * Those of some traces that a rule has not scored as they are now, so that no trace is scored twice however often it
 * is looked at.
 *
 * @param kernel  at a snapshot with all scores of the rule on the days of the traces
 */
export async function leaveScored(
  kernel: Kernel,
  { ruleId }: Pick<ScoringRule, "ruleId">,
  { scorer, version }: { readonly scorer: string; readonly version: string },
  traces: readonly ChosenTrace[],
  signal: AbortSignal
): Promise<readonly ChosenTrace[]> {
  if (traces.length === 0) return [];
  const days = traces.map(({ day }) => day).sort();
  await kernel.load("rule_chosen", [
    { name: "trace_id", type: "VARCHAR", values: traces.map(({ traceId }) => traceId) },
    { name: "business_unit", type: "VARCHAR", values: traces.map(({ businessUnit }) => businessUnit) },
    { name: "state", type: "VARCHAR", values: traces.map(({ state: now }) => now) }
  ]);
  const scored = new Set<string>();
  const sql = `select distinct c.trace_id, c.business_unit from rule_chosen c
    join (select trace_id, business_unit, detail from score_history where "date" between $first::date and $last::date
      and scorer = $scorer and scorer_version = $version and contains(detail, $rule)) s
      on s.trace_id = c.trace_id and s.business_unit = c.business_unit
    where json_extract_string(s.detail, '$.rule') = $rule and json_extract_string(s.detail, '$.state') = c.state`;
  const values = { first: days[0]!, last: days.at(-1)!, scorer, version, rule: ruleId };
  for await (const rows of kernel.stream(sql, values, signal)) {
    for (const row of rows)
      scored.add(keyOf({ traceId: String(row["trace_id"]), businessUnit: String(row["business_unit"]) }));
  }
  return traces.filter((trace) => !scored.has(keyOf(trace)));
}
