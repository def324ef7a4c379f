import {
  correctedByLabels,
  type DetectionCounts,
  type LabelledScore,
  labelsNeeded,
  predictionPoweredRate
} from "../math/corrected-rate.ts";
import { sumVerdicts, weightedRate } from "../math/weighted-rate.ts";
import type { LabelDesign, TrafficRate } from "../model/calibration.ts";

/** A trace that the scorer judged, and people too where `truth` is not null. */
export interface ScoredTrace {
  readonly pass: boolean;
  readonly truth: boolean | null;
  /** The chance it had of being labelled, above 0 to 1; null where that is not known. */
  readonly inclusionProbability: number | null;
  /** The chance it had of being scored, above 0 to 1; 1 when absent. */
  readonly samplingProbability?: number;
}

const fivePoints = 0.05;
const leastLabels = 10;

/** The pass rate of traffic, set right by the labels of some of it as far as the way they were picked allows. */
export function rateTraffic(traces: readonly ScoredTrace[], design: LabelDesign): TrafficRate {
  const n = traces.length;
  const labelled = traces.filter((trace): trace is Labelled => trace.truth !== null);
  const { rate: value, interval } = weightedRate(
    sumVerdicts(
      traces.map(({ pass, samplingProbability = 1 }) => ({ value: Number(pass), chance: samplingProbability }))
    )
  );
  const raw = { value, interval };
  const isEven = new Set(traces.map(({ samplingProbability = 1 }) => samplingProbability)).size <= 1;
  const said = isEven
    ? correct(traces, labelled, design)
    : refuse(
        "Not set right: the traces were scored with different chances. The rate before it weighs each by its own; calibrate on traces of one rule to set that right."
      );
  return { n, labelled: labelled.length, raw, ...said };
}

type Labelled = ScoredTrace & { readonly truth: boolean };
type Correction = Pick<TrafficRate, "corrected" | "method" | "labelsForFivePoints">;

function refuse(method: string): Correction {
  return { corrected: null, method, labelsForFivePoints: null };
}

function correct(traces: readonly ScoredTrace[], labelled: readonly Labelled[], design: LabelDesign): Correction {
  if (labelled.length < leastLabels)
    return refuse(`Not set right: ${labelled.length} of the traces have a label, and ${leastLabels} are the least.`);
  switch (design) {
    case "random":
      return correctBySample(traces, labelled);
    case "balanced":
      return correctByVerdict(traces, labelled);
    case "chosen":
      return refuse(
        "Not set right: the labelled traces are neither a random sample nor as many passes as fails, so they say nothing of the others. Say design: random or balanced where they are."
      );
    default:
      return design satisfies never;
  }
}

function correctBySample(traces: readonly ScoredTrace[], labelled: readonly Labelled[]): Correction {
  const chances = labelled.map(({ inclusionProbability }) => inclusionProbability);
  const known = chances.filter((chance) => chance !== null);
  if (known.length > 0 && known.length < labelled.length)
    return refuse(
      `Not set right: ${labelled.length - known.length} of the labelled traces have no known chance of having been drawn, the others have.`
    );
  const isEven = new Set(known).size <= 1;
  const scores = labelled.map(
    ({ truth, pass, inclusionProbability }): LabelledScore => ({
      ...{ truth: Number(truth), score: Number(pass) },
      weight: isEven ? 1 : 1 / inclusionProbability!
    })
  );
  // With unequal chances the unlabelled ones are no fair rest; all together are the traffic.
  const others = (isEven ? traces.filter(({ truth }) => truth === null) : traces).map(({ pass }) => Number(pass));
  const estimate = predictionPoweredRate(scores, others);
  if (estimate === null) return refuse("Not set right: there are too few labels.");
  const how = isEven ? "a random sample" : "a sample with known chances, each label weighed by its own";
  return {
    corrected: measured(estimate),
    method: `Set right by ${labelled.length} labels of ${how} (PPI++, the scorer's weight ${estimate.weight.toFixed(2)}).`,
    labelsForFivePoints: isEven ? labelsNeeded(scores, others, fivePoints) : null
  };
}

function correctByVerdict(traces: readonly ScoredTrace[], labelled: readonly Labelled[]): Correction {
  const count = (truth: boolean) => labelled.filter((trace) => trace.truth === truth);
  const counts: DetectionCounts = {
    ...{ passes: count(true).length, passesFound: count(true).filter(({ pass }) => pass).length },
    ...{ fails: count(false).length, failsFound: count(false).filter(({ pass }) => !pass).length }
  };
  const passes = traces.filter(({ pass }) => pass).length;
  const estimate = correctedByLabels({ passes, n: traces.length }, counts);
  if (estimate === null)
    return refuse(
      "Not set right: on the labelled traces the scorer is no better than chance, or one verdict is missing."
    );
  const clipped = estimate.isClipped ? " It came out beyond 0 or 1 and is shown at that end." : "";
  return {
    corrected: measured(estimate),
    method: `Set right by how often the scorer is right on ${counts.passes} passes and ${counts.fails} fails (Rogan-Gladen).${clipped}`,
    labelsForFivePoints: null
  };
}

function measured({ rate, low, high }: { readonly rate: number; readonly low: number; readonly high: number }) {
  return { value: rate, interval: [low, high] } as const;
}
