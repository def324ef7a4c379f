/** How two raters judged the same items: `counts[a][b]` items that the first put into class a and the second into b. */
export type AgreementTable = readonly (readonly number[])[];

/** Agreement of two raters, observed and beyond chance; null where a number is not defined. */
export interface Agreement {
  /** Items. */
  readonly n: number;
  /** Share of items on which both agree, 0..1. */
  readonly observed: number | null;
  /** Cohen's kappa, at most 1. */
  readonly kappa: number | null;
  /** Scott's pi, at most 1. */
  readonly pi: number | null;
  /** Gwet's AC1, at most 1: hardly moved by how common a class is. */
  readonly ac1: number | null;
  /** Krippendorff's alpha of names: pi, set right for few items, see `krippendorffAlpha`. */
  readonly alpha: number | null;
}

/** How much a disagreement counts: each the same, or by how far apart the classes are in their order. */
export type AgreementWeights = "none" | "linear" | "quadratic";

/**
 * Agreement of two raters who judged every item. Kappa and pi compare with what the raters' own habits would give by
 * chance, so both fall where nearly all is of one class; AC1 does not. Where all is of one class for both, chance
 * explains everything and kappa and pi are not defined.
 *
 * @param table    square, counts of 0 or more
 * @param weights  of kappa alone; classes then have an order
 * @see Cohen 1960, doi:10.1177/001316446002000104, and 1968, doi:10.1037/h0026256; Scott 1955, doi:10.1086/266577;
 *      Gwet 2008, doi:10.1348/000711006X126600
 */
export function agreementOf(table: AgreementTable, weights: AgreementWeights = "none"): Agreement {
  const classes = table.length;
  const n = table.reduce((sum, row) => sum + row.reduce((total, count) => total + count, 0), 0);
  if (n === 0) return { n, observed: null, kappa: null, pi: null, ac1: null, alpha: null };
  const first = table.map((row) => row.reduce((sum, count) => sum + count, 0) / n);
  const second = table.map((_, at) => table.reduce((sum, row) => sum + row[at]!, 0) / n);
  const mean = first.map((share, at) => (share + second[at]!) / 2);
  const observed = table.reduce((sum, row, at) => sum + row[at]!, 0) / n;
  const ac1Chance = classes < 2 ? 1 : mean.reduce((sum, share) => sum + share * (1 - share), 0) / (classes - 1);
  return {
    n,
    observed,
    kappa: weightedKappa(table, n, first, second, weights),
    pi: beyondChance(
      observed,
      mean.reduce((sum, share) => sum + share * share, 0)
    ),
    ac1: beyondChance(observed, ac1Chance),
    alpha: alphaOf(mean, observed, n)
  };
}

/** @param mean  by class, of both raters */
function alphaOf(mean: readonly number[], observed: number, n: number): number | null {
  const apart = 1 - mean.reduce((sum, share) => sum + share * share, 0);
  const values = 2 * n;
  return apart > 1e-12 && n > 1 ? 1 - ((1 - observed) / apart) * ((values - 1) / values) : null;
}

function weightedKappa(
  table: AgreementTable,
  n: number,
  first: readonly number[],
  second: readonly number[],
  weights: AgreementWeights
): number | null {
  const classes = table.length;
  const weigh = (a: number, b: number) => {
    const apart = Math.abs(a - b) / Math.max(1, classes - 1);
    return weights === "none" ? Number(a !== b) : weights === "linear" ? apart : apart * apart;
  };
  let [seen, expected] = [0, 0];
  for (let a = 0; a < classes; a++) {
    for (let b = 0; b < classes; b++) {
      seen += (weigh(a, b) * table[a]![b]!) / n;
      expected += weigh(a, b) * first[a]! * second[b]!;
    }
  }
  return expected > 0 ? 1 - seen / expected : null;
}

/** What is left of an agreement when chance is taken away; null where chance explains all. */
function beyondChance(observed: number, chance: number): number | null {
  return chance < 1 ? (observed - chance) / (1 - chance) : null;
}

/**
 * Counts how two raters judged the same items.
 *
 * @param pairs    classes from 0 below `classes`, first and second rater
 */
export function countAgreement(pairs: readonly (readonly [number, number])[], classes: number): number[][] {
  const table = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [a, b] of pairs) table[a]![b]!++;
  return table;
}
