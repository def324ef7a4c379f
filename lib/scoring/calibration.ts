import { type AgreementTable, agreementOf } from "../math/agreement.ts";
import { bootstrapSteps } from "../math/bootstrap.ts";
import { detectionRates } from "../math/corrected-rate.ts";
import type { Calibration, Confusion, JudgedTrace, Measured, Threshold } from "../model/calibration.ts";

const mostDisagreements = 50;
const mostThresholds = 41;

/** Kappa and AC1 farther apart than this speak of different things. */
const paradox = 0.3;
const fewTraces = 20;

const measures = ["observed", "kappa", "ac1", "alpha"] as const;

/**
 * Compares a scorer's verdicts with people's. Yields now and then, so that its caller can let others work.
 *
 * @param traces  each once
 * @param seed    of the intervals
 */
export function* calibrate(traces: readonly JudgedTrace[], seed = 1): Generator<void, Calibration> {
  const judged = traces.filter((trace): trace is Judged => trace.pass !== null);
  const confusion = confuse(judged);
  const clusters = confusionsByCluster(judged);
  const whole = agreementOf(tableOf(confusion));
  const intervals = yield* bootstrapSteps(
    clusters.length,
    (drawn) => {
      const agreement = agreementOf(tableOf(sumConfusions(clusters, drawn)));
      return measures.map((name) => agreement[name]);
    },
    { seed }
  );
  const [observed, kappa, ac1, alpha] = measures.map(
    (name, at): Measured => ({ value: whole[name], interval: intervals[at] ?? null })
  ) as [Measured, Measured, Measured, Measured];
  const calibration = {
    n: judged.length,
    unscored: traces.length - judged.length,
    ...{ confusion, observed, kappa, ac1, alpha },
    ...ratesOf(confusion),
    sweep: sweep(traces),
    disagreements: judged
      .filter(({ truth, pass }) => truth !== pass)
      .sort((a, b) => surety(b) - surety(a) || (a.traceId < b.traceId ? -1 : 1))
      .slice(0, mostDisagreements)
  };
  return { ...calibration, warnings: warn(calibration) };
}

type Judged = JudgedTrace & { readonly pass: boolean };

/** The counts of each cluster: drawing clusters again is adding them up. */
function confusionsByCluster(traces: readonly Judged[]): readonly Confusion[] {
  const clusters = new Map<string, Judged[]>();
  for (const trace of traces) {
    const cluster = clusters.get(trace.cluster);
    if (cluster) cluster.push(trace);
    else clusters.set(trace.cluster, [trace]);
  }
  return [...clusters.values()].map(confuse);
}

function sumConfusions(clusters: readonly Confusion[], drawn: Int32Array): Confusion {
  let [passedBoth, missed, falseAlarms, failedBoth] = [0, 0, 0, 0];
  for (const at of drawn) {
    const cluster = clusters[at]!;
    passedBoth += cluster.passedBoth;
    missed += cluster.missed;
    falseAlarms += cluster.falseAlarms;
    failedBoth += cluster.failedBoth;
  }
  return { passedBoth, missed, falseAlarms, failedBoth };
}

/** People's verdicts by the scorer's, failed first. */
function tableOf({ passedBoth, missed, falseAlarms, failedBoth }: Confusion): AgreementTable {
  return [
    [failedBoth, missed],
    [falseAlarms, passedBoth]
  ];
}

function confuse(traces: readonly { readonly truth: boolean; readonly pass: boolean }[]): Confusion {
  const count = (truth: boolean, pass: boolean) =>
    traces.filter((trace) => trace.truth === truth && trace.pass === pass).length;
  return {
    passedBoth: count(true, true),
    missed: count(false, true),
    falseAlarms: count(true, false),
    failedBoth: count(false, false)
  };
}

function ratesOf({ passedBoth, missed, falseAlarms, failedBoth }: Confusion): {
  readonly truePositive: Measured;
  readonly trueNegative: Measured;
} {
  const { truePositive, trueNegative } = detectionRates({
    ...{ passes: passedBoth + falseAlarms, passesFound: passedBoth },
    ...{ fails: missed + failedBoth, failsFound: failedBoth }
  });
  const measured = (rate: typeof truePositive): Measured => ({
    value: rate?.rate ?? null,
    interval: rate?.interval ?? null
  });
  return { truePositive: measured(truePositive), trueNegative: measured(trueNegative) };
}

/** How far a wrong value lies from the one that people gave. */
function surety({ truth, value }: JudgedTrace): number {
  return value === null ? 0 : Math.abs(value - Number(truth));
}

function sweep(traces: readonly JudgedTrace[]): readonly Threshold[] {
  const valued = traces.flatMap(({ truth, value }) => (value === null ? [] : [{ truth, value }]));
  const values = [...new Set(valued.map(({ value }) => value))].sort((a, b) => a - b);
  if (values.length < 3) return [];
  const step = Math.max(1, values.length / mostThresholds);
  const chosen = Array.from(
    { length: Math.min(values.length, mostThresholds) },
    (_, at) => values[Math.floor(at * step)]!
  );
  return chosen.map((threshold) => {
    const passed = valued.map(({ truth, value }) => ({ truth, pass: value >= threshold }));
    const confusion = confuse(passed);
    const { truePositive, trueNegative } = ratesOf(confusion);
    return {
      threshold,
      confusion,
      truePositive: truePositive.value,
      trueNegative: trueNegative.value,
      kappa: agreementOf(tableOf(confusion)).kappa
    };
  });
}

function warn({ n, unscored, confusion, kappa, ac1 }: Omit<Calibration, "warnings">): readonly string[] {
  const { passedBoth, missed, falseAlarms, failedBoth } = confusion;
  const [passes, fails] = [passedBoth + falseAlarms, missed + failedBoth];
  const far = kappa.value !== null && ac1.value !== null && Math.abs(kappa.value - ac1.value) > paradox;
  return [
    ...(n === 0 ? ["No trace was judged by people and by the scorer."] : []),
    ...(n > 0 && n < fewTraces
      ? [`Only ${n} traces were judged by both: the numbers may change a lot with a few more.`]
      : []),
    ...(n > 0 && passes === 0
      ? ["People passed none of them: how often the scorer is right on passes is not known."]
      : []),
    ...(n > 0 && fails === 0 ? ["People failed none of them: how many failures the scorer finds is not known."] : []),
    ...(far
      ? [
          "Kappa and AC1 lie far apart since nearly all traces are of one verdict: judge by how many of the rare ones are found."
        ]
      : []),
    ...(unscored > 0
      ? [`${unscored} traces that people judged are unscored and count as neither right nor wrong.`]
      : [])
  ];
}
