import type { Measured, MeasuredScorer } from "#lib/model/calibration.ts";
import { formatNumber, formatRate } from "./report-numbers.ts";

/** One measure of a calibration as people read it. */
export interface MeasureWords {
  readonly name: string;
  /** With its 95 % interval and n. */
  readonly said: string;
  /** What it means. */
  readonly about: string;
}

/** The measures of a calibration cell, the ones to read first first. */
export function describeMeasures({ calibration, traffic, ceiling }: MeasuredScorer): readonly MeasureWords[] {
  const { n, confusion, observed, kappa, ac1, alpha, truePositive, trueNegative } = calibration;
  const passes = confusion.passedBoth + confusion.falseAlarms;
  return [
    { name: "Agreement", said: sayRate(observed, n), about: "Traces on which the scorer says what people said" },
    { name: "Cohen's kappa", said: sayNumber(kappa), about: "Agreement beyond chance: 0 is chance, 1 is full" },
    { name: "Gwet's AC1", said: sayNumber(ac1), about: "The same, hardly moved by how rare a verdict is" },
    { name: "Krippendorff's alpha", said: sayNumber(alpha), about: "The same, as it is given for several people" },
    ...(ceiling
      ? [
          {
            name: "Alpha among people",
            said: `${sayNumber(ceiling.alpha)} n = ${ceiling.n}`,
            about: "As far as people agree with each other: no scorer can be asked for more"
          }
        ]
      : []),
    { name: "Passes found", said: sayRate(truePositive, passes), about: "Of what people passed (true positive rate)" },
    {
      name: "Failures found",
      said: sayRate(trueNegative, n - passes),
      about: "Of what people failed (true negative rate)"
    },
    { name: "Pass rate, by the scorer", said: sayRate(traffic.raw, traffic.n), about: "Of all traces it judged" },
    {
      name: "Pass rate, set right",
      said: traffic.corrected ? sayRate(traffic.corrected, traffic.labelled) : "none",
      about: traffic.method
    }
  ];
}

/** How many labels more are worth giving; null where that is not known or none are. */
export function describeNeed({ traffic }: Pick<MeasuredScorer, "traffic">): string | null {
  const more = traffic.labelsForFivePoints;
  if (more === null || more === 0) return null;
  return `Label ${formatNumber(more)} more, drawn by chance, for an interval of 5 points either way.`;
}

/** The agreement with people in a clause: `agreement 81 % [60, 92] n = 21, kappa 0.55 [0.20, 0.90]`. */
export function sayAgreement({ calibration }: Pick<MeasuredScorer, "calibration">): string {
  const { observed, kappa, n } = calibration;
  return `agreement ${sayRate(observed, n)}, kappa ${sayNumber(kappa)}`;
}

/** A rate with its interval and n, or that it is not known. */
export function sayRate({ value, interval }: Measured, n: number): string {
  return value === null ? `not known, n = ${n}` : formatRate(value, interval, n);
}

/** A measure that is no rate, with its interval. */
export function sayNumber({ value, interval }: Measured): string {
  if (value === null) return "not defined";
  return `${value.toFixed(2)}${interval ? ` [${interval.map((end) => end.toFixed(2)).join(", ")}]` : ""}`;
}
