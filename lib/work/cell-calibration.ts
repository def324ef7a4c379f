import { bootstrapSteps } from "#lib/math/bootstrap.ts";
import { krippendorffAlpha } from "#lib/math/krippendorff-alpha.ts";
import type { Calibration, Ceiling, JudgedTrace, Measured, TrafficRate } from "#lib/model/calibration.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Column } from "#lib/model/table.ts";
import { calibrate } from "#lib/scoring/calibration.ts";
import { rateTraffic, type ScoredTrace } from "#lib/scoring/traffic-rate.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { views } from "#lib/sql/views.ts";
import { type CalibrationSettings, parseCalibrationSettings } from "#lib/workbook/calibration-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { disagreementsName } from "#lib/workbook/parse-workbook.ts";
import type { CellContext, CellOutcome } from "./cell-context.ts";
import { columnsOf } from "./cohort.ts";

/** Labelled traces that one cell may calibrate on. */
const mostLabelled = 20_000;

/** A trace with what people and the scorer said of it. */
interface ReadTrace {
  readonly traceId: string;
  readonly cluster: string;
  /** What each person said; empty where nobody did. */
  readonly truths: readonly boolean[];
  readonly pass: boolean | null;
  readonly value: number | null;
  readonly inclusionProbability: number | null;
}

/**
 * Runs a calibration cell: a scorer's verdicts against people's, as a table of measures (`measure`, `value`, `low`,
 * `high`, `n`) that checks can read, and a table of the traces on which they do not agree.
 */
export async function runCalibrationCell(context: CellContext): Promise<CellOutcome> {
  const { cell, kernel, seed } = context;
  const settings = parseCalibrationSettings(cell.text);
  const traces = await readTraces(context, settings);
  const labelled = traces.filter(({ truths }) => truths.length > 0);
  if (labelled.length > mostLabelled) {
    throw new Fault(
      "limit",
      `${labelled.length} traces have a label, more than the ${mostLabelled} of one calibration`,
      {
        hint: "Give it a sample of them."
      }
    );
  }
  const decided = labelled.flatMap((trace): JudgedTrace[] => {
    const truth = majority(trace.truths);
    return truth === null ? [] : [{ ...trace, truth }];
  });
  context.progress({ step: "calibrating" });
  const calibration = await finish(context, calibrate(decided, seed));
  const ceiling = await measureCeiling(context, labelled);
  const traffic = rateTraffic(traces.flatMap(asScored), settings.design);
  const raw = `${cell.key}__measures`;
  const measures = listMeasures(calibration, traffic, ceiling);
  await kernel.load(raw, [
    { name: "measure", type: "VARCHAR", values: measures.map(({ name }) => name) },
    { name: "value", type: "DOUBLE", values: measures.map(({ value }) => value) },
    { name: "low", type: "DOUBLE", values: measures.map(({ interval }) => interval?.[0] ?? null) },
    { name: "high", type: "DOUBLE", values: measures.map(({ interval }) => interval?.[1] ?? null) },
    { name: "n", type: "INTEGER", values: measures.map(({ n }) => n) }
  ]);
  const info = await kernel.materialise(cell.key, `select * from ${quoteName(raw)}`, {}, context.signal);
  await kernel.drop(raw);
  const wrong = decided.filter(({ truth, pass }) => pass !== null && pass !== truth);
  await kernel.load(disagreementsName(cell.key), [
    { name: "trace_id", type: "VARCHAR", values: wrong.map(({ traceId }) => traceId) },
    { name: "people_pass", type: "BOOLEAN", values: wrong.map(({ truth }) => truth) },
    { name: "scorer_pass", type: "BOOLEAN", values: wrong.map(({ pass }) => pass) },
    { name: "value", type: "DOUBLE", values: wrong.map(({ value }) => value) }
  ]);
  const undecided = labelled.length - decided.length;
  return {
    result: {
      ...{ kind: "calibration", table: info.name, columns: info.columns, rows: info.rows },
      ...{ calibration, traffic, ceiling }
    },
    notes:
      undecided > 0
        ? [`Left out: ${undecided} traces of which as many people said that they pass as that they fail.`]
        : []
  };
}

async function readTraces(context: CellContext, settings: CalibrationSettings): Promise<readonly ReadTrace[]> {
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
        inclusionProbability: numberOr("chance")
      });
    }
  }
  return read;
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
  const whole = inScores("span_id") ? " and span_id is null" : "";
  return `with people as (
      select trace_id, string_agg(case when ${truth} then '1' else '0' end, '') as truths,
        min(${settings.by === null ? "trace_id" : quoteName(settings.by)})::varchar as cluster, ${chance} as chance
      from ${quoteName(settings.labels)} where (${truth}) is not null group by trace_id
    ), machine as (
      select trace_id, bool_and(${pass}) as pass, avg(${inScores("value") ? "value::double" : "null::double"}) as value
      from ${quoteName(settings.scores)} where ${settings.scorer === null ? "true" : "scorer = $scorer"}${whole}
      group by trace_id
    )
    select coalesce(p.trace_id, m.trace_id) as trace_id, p.cluster, p.truths, p.chance, m.pass, m.value
    from people p full join machine m on m.trace_id = p.trace_id order by 1`;
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

/** What most people said; null where they are split evenly. */
function majority(truths: readonly boolean[]): boolean | null {
  const yes = truths.filter(Boolean).length;
  return yes * 2 === truths.length ? null : yes * 2 > truths.length;
}

function asScored({ truths, pass, inclusionProbability }: ReadTrace): readonly ScoredTrace[] {
  if (pass === null) return [];
  return [{ pass, truth: truths.length > 0 ? majority(truths) : null, inclusionProbability }];
}

async function measureCeiling(context: CellContext, labelled: readonly ReadTrace[]): Promise<Ceiling | null> {
  const shared = labelled.filter(({ truths }) => truths.length > 1).map(({ truths }) => truths.map(Number));
  if (shared.length === 0) return null;
  const steps = bootstrapSteps(
    shared.length,
    (drawn) => [
      krippendorffAlpha(
        Array.from(drawn, (at) => shared[at]!),
        "nominal"
      )
    ],
    { seed: context.seed, draws: Math.max(200, Math.min(2000, Math.floor(400_000 / shared.length))) }
  );
  const [interval] = await finish(context, steps);
  return { n: shared.length, alpha: { value: krippendorffAlpha(shared, "nominal"), interval: interval ?? null } };
}

/** Takes the steps one after the other and lets others work between them. */
async function finish<T>({ signal }: CellContext, steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new Fault("limit", "stopped");
  }
}

function listMeasures(
  calibration: Calibration,
  traffic: TrafficRate,
  ceiling: Ceiling | null
): readonly (Measured & { readonly name: string; readonly n: number })[] {
  const { n, confusion, observed, kappa, ac1, alpha, truePositive, trueNegative } = calibration;
  const passes = confusion.passedBoth + confusion.falseAlarms;
  return [
    { name: "agreement", ...observed, n },
    { name: "kappa", ...kappa, n },
    { name: "ac1", ...ac1, n },
    { name: "alpha", ...alpha, n },
    { name: "true_positive_rate", ...truePositive, n: passes },
    { name: "true_negative_rate", ...trueNegative, n: n - passes },
    { name: "scorer_pass_rate", ...traffic.raw, n: traffic.n },
    { name: "corrected_pass_rate", ...(traffic.corrected ?? { value: null, interval: null }), n: traffic.labelled },
    ...(ceiling ? [{ name: "people_alpha", ...ceiling.alpha, n: ceiling.n }] : [])
  ];
}
