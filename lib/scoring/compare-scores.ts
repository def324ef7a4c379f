import { agreementOf } from "#lib/math/agreement.ts";
import { bootstrapSteps } from "#lib/math/bootstrap.ts";
import { pairedDifferenceInterval } from "#lib/math/paired-difference.ts";
import type { JudgedTrace } from "#lib/model/calibration.ts";
import type { Score } from "#lib/model/score.ts";
import type {
  ChangeCounts,
  ChangedScore,
  MeasuredVersion,
  PairedAgreement,
  ScorerComparison
} from "#lib/model/scorer-comparison.ts";
import { calibrate } from "./calibration.ts";

/** A trace or span that one or two versions scored. */
export interface ComparedScore {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly businessUnit: string;
  /** Traces of one session are alike: intervals draw them together. */
  readonly cluster: string;
  /** What most people said; null where nobody did, or they were split. */
  readonly truth: boolean | null;
  /** Null for a first version. */
  readonly before: Score | null;
  readonly after: Score;
}

/** What the comparison of two versions comes to. */
export interface ComparedVersions
  extends Pick<ScorerComparison, "changes" | "paired" | "warnings">,
    Readonly<Record<"nextAgreement" | "baseAgreement", MeasuredVersion["agreement"]>> {
  /** What a person wants to read, the ones that people judged first. */
  readonly changed: readonly ChangedScore[];
}

const mostChanged = 200;

/** Fewer judged by people than this say little about a difference. */
const fewJudged = 30;

/** Values nearer than this are the same. */
const sameValue = 1e-9;

/**
 * Compares two versions of a scorer on the same traces, with each other and with people. Yields now and then, so that
 * its caller can let others work.
 *
 * @param seed  of the intervals
 */
export function* compareScores(rows: readonly ComparedScore[], seed = 1): Generator<void, ComparedVersions> {
  const judged = rows.filter(({ truth }) => truth !== null);
  const next = yield* agree(judged, ({ after }) => after, seed);
  const pairs = rows.filter(hasBefore);
  const isFirst = pairs.length < rows.length || rows.length === 0;
  if (isFirst) {
    return { ...{ changes: null, paired: null, changed: [], nextAgreement: next, baseAgreement: null }, warnings: [] };
  }
  const base = yield* agree(judged, ({ before }) => before, seed);
  const paired = judged.length > 0 ? yield* pairUp(pairs, seed) : null;
  const ofPeople = pairs.filter(({ truth }) => truth !== null);
  const others = pairs.filter(({ truth }) => truth === null);
  return {
    changes: { labelled: countChanges(ofPeople), random: countChanges(others) },
    paired,
    changed: [...ofPeople, ...others].filter((pair) => changeOf(pair) !== "unchanged").slice(0, mostChanged),
    nextAgreement: next,
    baseAgreement: base,
    warnings: warn(paired)
  };
}

type Pair = ComparedScore & { readonly before: Score };

const hasBefore = (row: ComparedScore): row is Pair => row.before !== null;

const passOf = (score: Score | null): boolean | null => (score?.kind === "scored" ? score.pass : null);

function* agree(
  rows: readonly ComparedScore[],
  pick: (row: ComparedScore) => Score | null,
  seed: number
): Generator<void, MeasuredVersion["agreement"]> {
  if (rows.length === 0) return null;
  const traces = rows.map((row): JudgedTrace => {
    const score = pick(row);
    const value = score?.kind === "scored" ? score.value : null;
    return { traceId: row.traceId, cluster: row.cluster, truth: row.truth!, pass: passOf(score), value };
  });
  const { n, unscored, confusion, observed, kappa, truePositive, trueNegative } = yield* calibrate(traces, seed);
  return { n, unscored, confusion, observed, kappa, truePositive, trueNegative };
}

/** What became of each score, counted. */
export function countChanges(pairs: readonly Pair[]): ChangeCounts {
  const counts = { unchanged: 0, toPass: 0, toFail: 0, moved: 0, newlyScored: 0, newlyUnscored: 0 };
  for (const pair of pairs) counts[changeOf(pair)]++;
  return counts;
}

function changeOf({ before, after }: Pick<Pair, "before" | "after">): keyof ChangeCounts {
  if (before.kind === "unscored") return after.kind === "unscored" ? "unchanged" : "newlyScored";
  if (after.kind === "unscored") return "newlyUnscored";
  if (before.pass !== after.pass && before.pass !== null && after.pass !== null)
    return after.pass ? "toPass" : "toFail";
  const isSame =
    before.pass === after.pass && Math.abs(before.value - after.value) < sameValue && before.label === after.label;
  return isSame ? "unchanged" : "moved";
}

/** Counts of one cluster: with people's verdict and those of both versions, 8 of them by their bits. */
type Cells = readonly number[];

function* pairUp(pairs: readonly Pair[], seed: number): Generator<void, PairedAgreement> {
  const clusters = new Map<string, number[]>();
  for (const { truth, before, after, cluster } of pairs) {
    const [old, now] = [passOf(before), passOf(after)];
    if (truth === null || old === null || now === null) continue;
    const cells = clusters.get(cluster) ?? new Array<number>(8).fill(0);
    cells[Number(truth) * 4 + Number(old) * 2 + Number(now)]!++;
    clusters.set(cluster, cells);
  }
  const all = [...clusters.values()];
  const whole = sumCells(all, all.keys());
  const n = whole.reduce((sum, count) => sum + count, 0);
  // Bits: people, old, new. Fixed: old differs from people, new does not.
  const [fixed, broken] = [whole[0b010]! + whole[0b101]!, whole[0b001]! + whole[0b110]!];
  const [interval] = yield* bootstrapSteps(all.length, (drawn) => [kappaGain(sumCells(all, drawn))], { seed });
  return {
    ...{ n, fixed, broken },
    difference: {
      value: n === 0 ? null : (fixed - broken) / n,
      interval: n === 0 ? null : pairedDifferenceInterval(fixed, broken, n)
    },
    kappaDifference: { value: kappaGain(whole), interval: interval ?? null }
  };
}

function sumCells(clusters: readonly Cells[], drawn: Iterable<number>): Cells {
  const sum = new Array<number>(8).fill(0);
  for (const at of drawn) for (const [cell, count] of clusters[at]!.entries()) sum[cell]! += count;
  return sum;
}

/** Kappa of the new version with people less that of the old one; null where one of them is not defined. */
function kappaGain(cells: Cells): number | null {
  const at = (truth: number, old: number, now: number) => cells[truth * 4 + old * 2 + now]!;
  const kappaOf = (count: (truth: number, pass: number) => number) =>
    agreementOf([0, 1].map((truth) => [0, 1].map((pass) => count(truth, pass)))).kappa;
  const old = kappaOf((truth, pass) => at(truth, pass, 0) + at(truth, pass, 1));
  const now = kappaOf((truth, pass) => at(truth, 0, pass) + at(truth, 1, pass));
  return old === null || now === null ? null : now - old;
}

function warn(paired: PairedAgreement | null): readonly string[] {
  if (!paired) return ["People judged none of these traces: which version is right is not known."];
  const { n, fixed, broken } = paired;
  const [low, high] = paired.difference.interval ?? [-1, 1];
  return [
    ...(n < fewJudged
      ? [`Only ${n} were judged by people and both versions: a difference this small can be chance.`]
      : []),
    ...(n >= fewJudged && fixed + broken > 0 && low <= 0 && high >= 0
      ? ["The interval of the difference holds zero: these labels do not tell which version is right more often."]
      : [])
  ];
}
