import type { JudgedTrace } from "#lib/model/calibration.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Column } from "#lib/model/table.ts";
import type { ScoredTrace } from "#lib/scoring/traffic-rate.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { views } from "#lib/sql/views.ts";
import type { CalibrationSettings } from "#lib/workbook/calibration-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import type { CellContext } from "./cell-context.ts";
import { columnsOf } from "./cohort.ts";
import type { ScorerVersion } from "./look-at-test.ts";

/** A trace with what people and the scorer said of it. */
export interface ReadTrace {
  readonly traceId: string;
  readonly cluster: string;
  /** What each person said; empty where nobody did. */
  readonly truths: readonly boolean[];
  readonly pass: boolean | null;
  readonly value: number | null;
  readonly inclusionProbability: number | null;
  /** The chance it had of being scored, above 0 to 1. */
  readonly samplingProbability: number;
}

/** Every trace that people or the scorer of a calibration cell said something of. */
export async function readTraces(context: CellContext, settings: CalibrationSettings): Promise<readonly ReadTrace[]> {
  const { kernel, signal, cell } = context;
  const labels = await columnsOf(context, settings.labels);
  const scores = await columnsOf(context, settings.scores);
  const sql = tracesSql(cell.key, settings, labels, scores);
  const values = {
    passes: settings.passes.join("\n"),
    threshold: settings.threshold,
    ...(settings.scorer === null ? {} : { scorer: settings.scorer })
  };
  const read: ReadTrace[] = [];
  for await (const rows of kernel.stream(sql, pickUsed(sql, values), signal)) {
    for (const row of rows) {
      const numberOr = (name: string) => (row[name] === null ? null : Number(row[name]));
      read.push({
        traceId: String(row["trace_id"]),
        cluster: String(row["cluster"] ?? row["trace_id"]),
        truths: [...String(row["truths"] ?? "")].map((said) => said === "1"),
        pass: row["pass"] === null ? null : Boolean(row["pass"]),
        value: numberOr("value"),
        inclusionProbability: numberOr("chance"),
        samplingProbability: numberOr("sampling") ?? 1
      });
    }
  }
  return read;
}

/** Which version of which scorer gave the verdicts; undefined where there are none. */
export async function readVersion(
  context: CellContext,
  { scores, scorer }: CalibrationSettings
): Promise<ScorerVersion | undefined> {
  const columns = has((await columnsOf(context, scores)) ?? viewColumns(scores));
  if (!columns("scorer") || !columns("scorer_version")) {
    refuse(
      `table "${scores}" of cell "${context.cell.key}" does not say which version of which scorer gave its verdicts`,
      "A test set is looked at with one version of a scorer: name a score cell."
    );
  }
  const chosen = scorer === null ? "" : "where scorer = $scorer";
  const found = await context.kernel.rows(
    `select distinct scorer, scorer_version from ${quoteName(scores)} ${chosen} order by all limit 2`,
    scorer === null ? {} : { scorer },
    2,
    context.signal
  );
  if (found.length > 1) {
    refuse(
      `table "${scores}" of cell "${context.cell.key}" holds the verdicts of several scorers or versions`,
      "A test set is looked at with one of them: name a score cell, or choose with scorer:."
    );
  }
  const [row] = found;
  return row && { scorer: String(row["scorer"]), version: String(row["scorer_version"]) };
}

/** The engine refuses values that a statement does not name. */
function pickUsed<T>(sql: string, values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`$${name}`)));
}

function tracesSql(
  key: string,
  settings: CalibrationSettings,
  labels: readonly Column[] | null,
  scores: readonly Column[] | null
): string {
  const inLabels = has(labels ?? viewColumns(settings.labels));
  const inScores = has(scores ?? viewColumns(settings.scores));
  const truth = inLabels("pass")
    ? "pass::boolean"
    : inLabels("label") && settings.passes.length > 0
      ? "list_contains(string_split($passes, chr(10)), label::varchar)"
      : inLabels("value")
        ? "value::double >= 0.5"
        : refuse(
            `table "${settings.labels}" of cell "${key}" does not say what people passed`,
            inLabels("label") ? "Say which labels are passes, such as passes: [good]." : "Give it a column pass."
          );
  const pass = inScores("pass")
    ? "pass::boolean"
    : inScores("value")
      ? "value::double >= $threshold"
      : refuse(`table "${settings.scores}" of cell "${key}" has no verdicts`, "Give it a column pass, or value.");
  if (settings.by !== null && !inLabels(settings.by))
    refuse(
      `table "${settings.labels}" has no column "${settings.by}" to draw by`,
      "Leave by: out, or select it there."
    );
  if (settings.scorer !== null && !inScores("scorer"))
    refuse(`table "${settings.scores}" has no column scorer`, "Leave scorer: out: all rows are then of one.");
  const chance = inLabels("inclusion_probability") ? "min(inclusion_probability::double)" : "null::double";
  const sampling = inScores("sampling_probability") ? "max(sampling_probability::double)" : "null::double";
  const whole = inScores("span_id") ? " and span_id is null" : "";
  // Names that no cell has, for a cell of the same name would be hidden.
  return `with "people said" as (
      select trace_id, string_agg(case when ${truth} then '1' else '0' end, '') as truths,
        min(${settings.by === null ? "trace_id" : quoteName(settings.by)})::varchar as cluster, ${chance} as chance
      from ${quoteName(settings.labels)} where (${truth}) is not null group by trace_id
    ), "scorer said" as (
      select trace_id, bool_and(${pass}) as pass, avg(${inScores("value") ? "value::double" : "null::double"}) as value, ${sampling} as sampling
      from ${quoteName(settings.scores)} where ${settings.scorer === null ? "true" : "scorer = $scorer"}${whole}
      group by trace_id
    )
    select coalesce(p.trace_id, m.trace_id) as trace_id, p.cluster, p.truths, p.chance, m.pass, m.value, m.sampling
    from "people said" p full join "scorer said" m on m.trace_id = p.trace_id order by 1`;
}

/** Columns of a view of the lake; a cell's table of the same name cannot be. */
function viewColumns(name: string): readonly { readonly name: string }[] {
  return views.find((view) => nameKey(view.name) === nameKey(name))?.columns ?? [];
}

function has(columns: readonly { readonly name: string }[]): (name: string) => boolean {
  const names = new Set(columns.map(({ name }) => nameKey(name)));
  return (name) => names.has(nameKey(name));
}

function refuse(message: string, hint: string): never {
  throw new Fault("invalid", message, { hint });
}

/** Whether anybody said something of it. */
export function isLabelled({ truths }: ReadTrace): boolean {
  return truths.length > 0;
}

/** The trace with what most people said; nothing where nobody did, or they are split evenly. */
export function asJudged(trace: ReadTrace): readonly JudgedTrace[] {
  const truth = majority(trace.truths);
  if (truth === null) return [];
  const { traceId, cluster, pass, value } = trace;
  return [{ traceId, cluster, truth, pass, value }];
}

/** What most people said; null where they are split evenly. */
export function majority(truths: readonly boolean[]): boolean | null {
  const yes = truths.filter(Boolean).length;
  return yes * 2 === truths.length ? null : yes * 2 > truths.length;
}

/** The trace as one of the traffic; nothing where the scorer did not judge it. */
export function asScored({ truths, pass, ...chances }: ReadTrace): readonly ScoredTrace[] {
  if (pass === null) return [];
  const { inclusionProbability, samplingProbability } = chances;
  return [{ pass, truth: truths.length > 0 ? majority(truths) : null, inclusionProbability, samplingProbability }];
}
