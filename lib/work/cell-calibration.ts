import { bootstrapSteps } from "#lib/math/bootstrap.ts";
import { krippendorffAlpha } from "#lib/math/krippendorff-alpha.ts";
import type { Ceiling, JudgedTrace, Measured, MeasuredScorer } from "#lib/model/calibration.ts";
import { Fault } from "#lib/model/fault.ts";
import { calibrate } from "#lib/scoring/calibration.ts";
import { rateTraffic } from "#lib/scoring/traffic-rate.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { type CalibrationSettings, parseCalibrationSettings } from "#lib/workbook/calibration-settings.ts";
import { disagreementsName } from "#lib/workbook/parse-workbook.ts";
import type { CellContext, CellOutcome } from "./cell-context.ts";
import { asJudged, asScored, isLabelled, majority, type ReadTrace, readTraces, readVersion } from "./judged-traces.ts";
import { lookAtTest } from "./look-at-test.ts";
import { takeSteps } from "./take-steps.ts";

/** Labelled traces that one cell may calibrate on. */
const mostLabelled = 20_000;

/**
 * Runs a calibration cell: a scorer's verdicts against people's, as a table of measures (`measure`, `value`, `low`,
 * `high`, `n`) that checks can read, and a table of the traces on which they do not agree.
 */
export async function runCalibrationCell(context: CellContext): Promise<CellOutcome> {
  const { cell, kernel } = context;
  const settings = parseCalibrationSettings(cell.text);
  const traces = await readTraces(context, settings);
  const labelled = traces.filter(isLabelled);
  if (labelled.length > mostLabelled) {
    throw new Fault(
      "limit",
      `${labelled.length} traces have a label, more than the ${mostLabelled} of one calibration`,
      {
        hint: "Give it a sample of them."
      }
    );
  }
  context.progress({ step: "calibrating" });
  const { measured, wrong } =
    settings.test === null
      ? await measureAll(context, settings, traces)
      : await measureTest(context, { ...settings, test: settings.test }, traces);
  const raw = `${cell.key}__measures`;
  const measures = listMeasures(measured);
  await kernel.load(raw, [
    { name: "measure", type: "VARCHAR", values: measures.map(({ name }) => name) },
    { name: "value", type: "DOUBLE", values: measures.map(({ value }) => value) },
    { name: "low", type: "DOUBLE", values: measures.map(({ interval }) => interval?.[0] ?? null) },
    { name: "high", type: "DOUBLE", values: measures.map(({ interval }) => interval?.[1] ?? null) },
    { name: "n", type: "INTEGER", values: measures.map(({ n }) => n) }
  ]);
  const info = await kernel.materialise(cell.key, `select * from ${quoteName(raw)}`, {}, context.signal);
  await kernel.drop(raw);
  await kernel.load(disagreementsName(cell.key), [
    { name: "trace_id", type: "VARCHAR", values: wrong.map(({ traceId }) => traceId) },
    { name: "people_pass", type: "BOOLEAN", values: wrong.map(({ truth }) => truth) },
    { name: "scorer_pass", type: "BOOLEAN", values: wrong.map(({ pass }) => pass) },
    { name: "value", type: "DOUBLE", values: wrong.map(({ value }) => value) }
  ]);
  const undecided = labelled.filter(({ truths }) => majority(truths) === null).length;
  return {
    result: { kind: "calibration", table: info.name, columns: info.columns, rows: info.rows, ...measured },
    notes:
      undecided > 0
        ? [`Left out: ${undecided} traces of which as many people said that they pass as that they fail.`]
        : []
  };
}

/** What was measured, and the traces on which scorer and people do not agree. */
interface Finding {
  readonly measured: MeasuredScorer;
  readonly wrong: readonly JudgedTrace[];
}

async function measureAll(
  context: CellContext,
  { design }: CalibrationSettings,
  traces: readonly ReadTrace[]
): Promise<Finding> {
  const decided = traces.flatMap(asJudged);
  return {
    measured: {
      calibration: await takeSteps(calibrate(decided, context.seed), context.signal),
      traffic: rateTraffic(traces.flatMap(asScored), design),
      ceiling: await measureCeiling(context, traces.filter(isLabelled))
    },
    wrong: decided.filter(({ truth, pass }) => pass !== null && pass !== truth)
  };
}

/** A test set is measured once for each version; of what was measured before, the disagreements to read are all that is kept. */
async function measureTest(
  context: CellContext,
  settings: CalibrationSettings & { readonly test: string },
  traces: readonly ReadTrace[]
): Promise<Finding> {
  const { doors, scope } = context;
  const measured = await lookAtTest(
    { looks: doors.testLooks, scope, cell: context.cell.key },
    { ...settings, current: await readVersion(context, settings) },
    traces.flatMap(asJudged),
    async (chosen) => {
      const ids = new Set(chosen.map(({ traceId }) => traceId));
      const some = traces.filter(({ traceId }) => ids.has(traceId));
      return (await measureAll(context, settings, some)).measured;
    }
  );
  return { measured, wrong: measured.calibration.disagreements };
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
  const [interval] = await takeSteps(steps, context.signal);
  return { n: shared.length, alpha: { value: krippendorffAlpha(shared, "nominal"), interval: interval ?? null } };
}

function listMeasures({
  calibration,
  traffic,
  ceiling
}: MeasuredScorer): readonly (Measured & { readonly name: string; readonly n: number })[] {
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
