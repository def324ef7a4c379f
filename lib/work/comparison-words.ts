import type { ChangeCounts, MeasuredVersion, PairedAgreement, ScorerComparison } from "#lib/model/scorer-comparison.ts";
import { sayNumber, sayRate } from "./calibration-words.ts";
import { sayUsd } from "./paid-model.ts";
import { formatDuration, formatNumber } from "./report-numbers.ts";

/** One measure of two versions, side by side. */
export interface ComparedMeasure {
  readonly name: string;
  readonly next: string;
  /** Null for a first version. */
  readonly base: string | null;
}

/** How each version does, the measures to read first first. */
export function describeVersions({ next, base }: ScorerComparison): readonly ComparedMeasure[] {
  const measure = (name: string, say: (version: MeasuredVersion) => string): ComparedMeasure => ({
    name,
    next: say(next),
    base: base && say(base)
  });
  const asks = next.costUsd > 0 || (base?.costUsd ?? 0) > 0;
  return [
    measure("Verdicts", sayVerdictCounts),
    ...(next.agreement || base?.agreement ? agreementMeasures.map(([name, say]) => measure(name, say)) : []),
    measure("Time of a call", ({ msPerCall }) =>
      msPerCall === null ? "not measured" : msPerCall < 1 ? `${formatNumber(msPerCall)} ms` : formatDuration(msPerCall)
    ),
    ...(asks ? [measure("Spent now", ({ costUsd }) => sayUsd(costUsd))] : [])
  ];
}

const agreementMeasures: readonly (readonly [string, (version: MeasuredVersion) => string])[] = [
  ["Agrees with people", ({ agreement }) => (agreement ? sayRate(agreement.observed, agreement.n) : "no labels")],
  ["Cohen's kappa", ({ agreement }) => (agreement ? sayNumber(agreement.kappa) : "no labels")],
  [
    "Passes found",
    ({ agreement }) =>
      agreement
        ? sayRate(agreement.truePositive, agreement.confusion.passedBoth + agreement.confusion.falseAlarms)
        : "no labels"
  ],
  [
    "Failures found",
    ({ agreement }) =>
      agreement
        ? sayRate(agreement.trueNegative, agreement.confusion.failedBoth + agreement.confusion.missed)
        : "no labels"
  ]
];

function sayVerdictCounts({ passes, fails, measured, unscored }: MeasuredVersion): string {
  const counts = [[passes, "pass"] as const, [fails, "fail"] as const, [measured, "measured"] as const];
  const said = counts.flatMap(([n, word]) => (n === 0 ? [] : [`${formatNumber(n)} ${word}`]));
  return [...said, `${formatNumber(unscored)} unscored`].join(", ");
}

/** What the new version changes, against people: `fixed 9, broke 1 of 40: right on 20 % more [5, 35], kappa +0.40 [0.1, 0.6]`. */
export function sayPaired({ n, fixed, broken, difference, kappaDifference }: PairedAgreement): string {
  const counts = `fixed ${formatNumber(fixed)}, broke ${formatNumber(broken)} of ${formatNumber(n)} that people judged`;
  if (difference.value === null) return counts;
  const points = (share: number) => `${share > 0 ? "+" : ""}${Math.round(share * 100)}`;
  const range = difference.interval ? ` [${difference.interval.map(points).join(", ")}]` : "";
  const signed = (value: number) => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
  const kappa =
    kappaDifference.value === null
      ? ""
      : `, kappa ${signed(kappaDifference.value)}${
          kappaDifference.interval ? ` [${kappaDifference.interval.map(signed).join(", ")}]` : ""
        }`;
  return `${counts}: right ${points(difference.value)} points${range}${kappa}`;
}

/** What became of the scores, in a line: `12 now pass, 3 now fail, 85 unchanged`. */
export function sayChanges(counts: ChangeCounts): string {
  const words = [
    [counts.toPass, "now pass"],
    [counts.toFail, "now fail"],
    [counts.moved, "with another value"],
    [counts.newlyScored, "newly scored"],
    [counts.newlyUnscored, "newly unscored"],
    [counts.unchanged, "unchanged"]
  ] as const;
  return words.flatMap(([n, word]) => (n === 0 ? [] : [`${formatNumber(n)} ${word}`])).join(", ") || "none";
}
