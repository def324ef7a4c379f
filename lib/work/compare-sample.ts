import type { LabelSides } from "#lib/model/label-sides.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { mostLabelled } from "#lib/wire/promotion.ts";

/** Holds ids of the sample in a kernel of one's own. */
export const sampleTable = "compared__traces";

/** A trace of the sample. */
export interface SampledTrace {
  readonly traceId: string;
  readonly isLabelled: boolean;
}

/** How a sample is drawn. */
export interface SampleWish {
  /** Null where no label counts. */
  readonly sides: LabelSides | null;
  /** Traces drawn by chance. */
  readonly random: number;
  readonly seed: number;
}

/** Makes `sampleTable` of some traces. */
export async function loadTraces(kernel: Kernel, traces: readonly SampledTrace[]): Promise<void> {
  await kernel.load(sampleTable, [{ name: "trace_id", type: "VARCHAR", values: traces.map(({ traceId }) => traceId) }]);
}

/** What people said, a vote per person, on traces or spans. */
const votesSql = `with said as (
    select trace_id, span_id, business_unit, label in (select unnest($fine::json::varchar[])) as is_fine
    from annotations
    where label in (select unnest($fine::json::varchar[])) or label in (select unnest($wrong::json::varchar[]))
    qualify row_number() over (
      partition by trace_id, span_id, business_unit, user_id order by created_at desc, annotation_id desc) = 1
  ), voted as (
    select trace_id, span_id, business_unit, count(*) filter (is_fine) as passes, count(*) filter (not is_fine) as fails
    from said group by all having passes <> fails
  )`;

const valuesOf = (sides: LabelSides | null) => ({
  fine: JSON.stringify(sides?.fine ?? []),
  wrong: JSON.stringify(sides?.wrong ?? [])
});

/** All labelled traces, or as many by chance as there is room for, then others by chance; the same seed gives the same. */
export async function drawSample(
  kernel: Kernel,
  { sides, random, seed }: SampleWish,
  signal: AbortSignal
): Promise<readonly SampledTrace[]> {
  const values = { ...valuesOf(sides), seed: String(seed) };
  const read = async (sql: string, limit: number, isLabelled: boolean) =>
    (await kernel.rows(`${votesSql} ${sql} order by md5(trace_id || $seed), trace_id`, values, limit, signal)).map(
      (row): SampledTrace => ({ traceId: String(row["trace_id"]), isLabelled })
    );
  const known = "select distinct v.trace_id from voted v join traces t using (trace_id, business_unit)";
  return [
    ...(sides ? await read(known, mostLabelled, true) : []),
    ...(random > 0
      ? await read(
          `select distinct trace_id from traces where trace_id not in (select trace_id from voted)`,
          random,
          false
        )
      : [])
  ];
}

/** Verdicts of people and sessions of the sample, by unit and trace. */
export async function readPeople(
  kernel: Kernel,
  { sides }: SampleWish,
  sample: readonly SampledTrace[],
  signal: AbortSignal
) {
  await loadTraces(kernel, sample);
  const chosen = `select trace_id from ${quoteName(sampleTable)}`;
  const truths = new Map<string, boolean>();
  const judged = await kernel.rows(
    `${votesSql} select trace_id, span_id, business_unit, passes > fails as truth from voted where trace_id in (${chosen})`,
    valuesOf(sides),
    1_000_000,
    signal
  );
  for (const row of judged) {
    const spanId = row["span_id"] === null ? null : String(row["span_id"]);
    truths.set(keyOf(String(row["business_unit"]), String(row["trace_id"]), spanId), row["truth"] === true);
  }
  const sessions = new Map<string, string>();
  const traces = await kernel.rows(
    `select trace_id, business_unit, coalesce(nullif(session_id, ''), trace_id) as session from traces where trace_id in (${chosen})`,
    {},
    1_000_000,
    signal
  );
  for (const row of traces)
    sessions.set(keyOf(String(row["business_unit"]), String(row["trace_id"]), null), String(row["session"]));
  return { truths, sessions };
}

/** One text per trace or span of a unit. */
export const keyOf = (businessUnit: string, traceId: string, spanId: string | null) =>
  JSON.stringify([businessUnit, traceId, spanId]);
