import { agreementOf, countAgreement } from "./agreement.ts";
import { bootstrapSteps, type Interval } from "./bootstrap.ts";
import { krippendorffAlpha, type MeasureLevel } from "./krippendorff-alpha.ts";

/** A statistic with its 95 % interval by item; null where it is not defined. */
export interface Estimate {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** Agreement of any number of raters on names. */
export interface RaterAgreement {
  /** Items that at least two judged. */
  readonly n: number;
  /** Share of pairs of judgements on one item that are alike, mean by item. */
  readonly observed: Estimate;
  /** Gwet's AC1 for many raters. */
  readonly ac1: Estimate;
  /** Krippendorff's alpha of names. */
  readonly alpha: Estimate;
}

/** Agreement of two raters on names. */
export interface PairAgreement {
  readonly n: number;
  readonly observed: Estimate;
  /** Cohen's kappa. */
  readonly kappa: Estimate;
  readonly ac1: Estimate;
}

/** Draws of a bootstrap, and of each of the many for pairs and scales. */
const [draws, fewerDraws] = [2000, 1000];

/** Items beyond these give numbers on scales no interval: each draw counts all of them anew. */
const mostDrawn = 500;

/**
 * Agreement of raters who each may have left items out, with intervals by drawing whole items again.
 *
 * @param items    classes by item, from 0 below `classes`, one per rater; items with fewer than two say nothing
 * @param classes  that there are to choose from
 * @see Gwet 2008, doi:10.1348/000711006X126600, formulas 3 and 5; Krippendorff 2011
 */
export function* raterAgreementSteps(
  items: readonly (readonly number[])[],
  classes: number,
  seed = 1
): Generator<void, RaterAgreement> {
  const rated = items.filter((said) => said.length >= 2).map((said) => describe(said));
  const statistics = (drawn: Int32Array) => {
    const shares = new Float64Array(classes);
    const counts = new Float64Array(classes);
    let [agree, apart, judgements] = [0, 0, 0];
    for (const at of drawn) {
      const item = rated[at]!;
      agree += item.agree;
      apart += item.apart;
      judgements += item.judgements;
      for (const [label, count] of item.counts) {
        shares[label]! += count / item.judgements;
        counts[label]! += count;
      }
    }
    const n = drawn.length;
    if (n === 0) return [null, null, null];
    const observed = agree / n;
    const spread = shares.reduce((sum, share) => sum + (share / n) * (1 - share / n), 0);
    const chance = classes < 2 ? 1 : spread / (classes - 1);
    const between = judgements ** 2 - counts.reduce((sum, count) => sum + count * count, 0);
    return [
      observed,
      chance < 1 ? (observed - chance) / (1 - chance) : null,
      n > 1 && between > 0 ? 1 - ((judgements - 1) * apart) / between : null
    ];
  };
  const [observed, ac1, alpha] = yield* estimateSteps(rated.length, statistics, draws, seed);
  return { n: rated.length, observed: observed!, ac1: ac1!, alpha: alpha! };
}

/** What one item adds to the sums: `apart` is its part of Krippendorff's observed disagreement. */
function describe(said: readonly number[]) {
  const counts = new Map<number, number>();
  for (const label of said) counts.set(label, (counts.get(label) ?? 0) + 1);
  const judgements = said.length;
  const squares = [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  return {
    ...{ judgements, counts: [...counts] },
    agree: (squares - judgements) / (judgements * (judgements - 1)),
    apart: (judgements ** 2 - squares) / (judgements - 1)
  };
}

/** Agreement of two raters on the items that both judged. @param pairs  classes, first and second rater */
export function* pairAgreementSteps(
  pairs: readonly (readonly [number, number])[],
  classes: number,
  seed = 1
): Generator<void, PairAgreement> {
  const statistics = (drawn: Int32Array) => {
    const table = countAgreement(
      Array.from(drawn, (at) => pairs[at]!),
      classes
    );
    const { observed, kappa, ac1 } = agreementOf(table);
    return [observed, kappa, ac1];
  };
  const [observed, kappa, ac1] = yield* estimateSteps(pairs.length, statistics, fewerDraws, seed);
  return { n: pairs.length, observed: observed!, kappa: kappa!, ac1: ac1! };
}

/** Krippendorff's alpha of numbers. @param items  numbers by item, one per rater */
export function* scaleAgreementSteps(
  items: readonly (readonly number[])[],
  levels: readonly MeasureLevel[],
  seed = 1
): Generator<void, { readonly n: number; readonly alphas: readonly Estimate[] }> {
  const rated = items.filter((said) => said.length >= 2);
  const statistics = (drawn: Int32Array) => {
    const again = Array.from(drawn, (at) => rated[at]!);
    return levels.map((level) => krippendorffAlpha(again, level));
  };
  const isDrawn = rated.length <= mostDrawn;
  const alphas = yield* estimateSteps(rated.length, statistics, isDrawn ? fewerDraws : 0, seed);
  return { n: rated.length, alphas };
}

function* estimateSteps(
  n: number,
  statistics: (drawn: Int32Array) => readonly (number | null)[],
  count: number,
  seed: number
): Generator<void, readonly Estimate[]> {
  const values = statistics(Int32Array.from({ length: n }, (_, at) => at));
  const intervals =
    count > 0 && n > 1 ? yield* bootstrapSteps(n, statistics, { draws: count, seed }) : values.map(() => null);
  return values.map((value, at) => ({ value, interval: intervals[at]! }));
}
