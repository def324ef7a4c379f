import { NOISE } from "./hdbscan.ts";

/** What an earlier and a later cluster have in common; shares are of members that both versions have. */
export interface Overlap {
  readonly before: number;
  readonly after: number;
  /** Traces in both, at least 1. */
  readonly shared: number;
  /** Share of the earlier and of the later cluster that is in both, above 0 to 1. */
  readonly ofBefore: number;
  readonly ofAfter: number;
  /** Shared traces over traces of either, above 0 to 1. */
  readonly jaccard: number;
  /** The first shared member. */
  readonly first: number;
}

/**
 * All pairs of an earlier and a later cluster that share a member.
 *
 * @param before  @param after  by member its cluster, or NOISE: such a member is in no overlap, yet in the size of its other cluster
 * @param weight  by member: traces it stands for
 */
export function listOverlaps(before: Int32Array, after: Int32Array, weight: Int32Array): Overlap[] {
  const sizeBefore = new Map<number, number>();
  const sizeAfter = new Map<number, number>();
  const pairs = new Map<string, { before: number; after: number; shared: number; first: number }>();
  before.forEach((a, member) => {
    const b = after[member]!;
    const traces = weight[member]!;
    if (a !== NOISE) sizeBefore.set(a, (sizeBefore.get(a) ?? 0) + traces);
    if (b !== NOISE) sizeAfter.set(b, (sizeAfter.get(b) ?? 0) + traces);
    if (a === NOISE || b === NOISE) return;
    const pair = pairs.get(`${a} ${b}`) ?? { before: a, after: b, shared: 0, first: member };
    pair.shared += traces;
    pairs.set(`${a} ${b}`, pair);
  });
  return Array.from(pairs.values(), (pair) => {
    const [own, other] = [sizeBefore.get(pair.before)!, sizeAfter.get(pair.after)!];
    return {
      ...pair,
      ofBefore: pair.shared / own,
      ofAfter: pair.shared / other,
      jaccard: pair.shared / (own + other - pair.shared)
    };
  });
}
