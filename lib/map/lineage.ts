import { listOverlaps, type Overlap } from "./cluster-overlaps.ts";
import { NOISE } from "./hdbscan.ts";

/** Two versions of clusters over the members that both have. */
export interface SharedMembers {
  /** By shared member its cluster in the earlier and the later version, or NOISE. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** By shared member: traces it stands for, at least 1. */
  readonly weight: Int32Array;
}

/**
 * Where a cluster of the later version comes from.
 *
 * - `stayed`, `grew`, `shrank`: the same cluster, its size within or beyond a tenth of what it was;
 * - `merged`: most of two or more earlier clusters; it has the identity of the one it mostly is, or a new one;
 * - `split`: most of it was in one earlier cluster that it is not;
 * - `born`: none of these.
 */
export interface ClusterOrigin {
  readonly kind: "stayed" | "grew" | "shrank" | "merged" | "split" | "born";
  readonly cluster: number;
  readonly identity: number;
  /** The earlier cluster it is, undefined with a new identity. */
  readonly same: number | undefined;
  /** Traces in all, before (0 with a new identity) and after. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  /** What it holds of earlier clusters, most first. */
  readonly evidence: readonly Overlap[];
}

/**
 * What became of a cluster of the earlier version that none of the later ones is: most of it joined most of another,
 * it went on in parts of a quarter or more that are most of it together, or neither.
 */
export interface ClusterEnd {
  readonly kind: "merged" | "split" | "died";
  readonly cluster: number;
  readonly identity: number;
  readonly sizeBefore: number;
  /** Where its members went, most first. */
  readonly evidence: readonly Overlap[];
}

/** How the clusters of two versions hang together. */
export interface Lineage {
  /** By later cluster. */
  readonly origins: readonly ClusterOrigin[];
  readonly ends: readonly ClusterEnd[];
  /** By later cluster. */
  readonly identities: Int32Array;
  /** The identity that the next new cluster will have: no identity is used twice. */
  readonly nextIdentity: number;
  /** Earlier clusters with shared members that are still there, 0..1; 1 where there are none. */
  readonly kept: number;
}

/** A Jaccard index above one half can hold for one partner only, so identities need no tie-breaking. */
const SAME = 0.5;
const MOST = 0.5;
const PIECE = 0.25;
const CHANGE = 1.1;

/**
 * Matches the clusters of two versions of a map by their shared members: a cluster is the same where more than half
 * of all members of both are in both. What clusters are numbered does not matter.
 *
 * @param sizesBefore  @param sizesAfter  by cluster: all its traces, those the other version does not have included
 * @param identities    by earlier cluster
 * @param nextIdentity  above all that were ever given
 * @see dissolution below a Jaccard index of one half: Hennig 2007, doi:10.1016/j.csda.2006.11.025; kinds of change:
 *   Spiliopoulou et al. 2006, doi:10.1145/1150402.1150491
 */
export function matchClusters(
  shared: SharedMembers,
  sizesBefore: ArrayLike<number>,
  sizesAfter: ArrayLike<number>,
  identities: Int32Array,
  nextIdentity: number
): Lineage {
  const overlaps = listOverlaps(shared.before, shared.after, shared.weight);
  const from = groupBy(overlaps, sizesBefore.length, ({ before }) => before);
  const to = groupBy(overlaps, sizesAfter.length, ({ after }) => after);
  const heirOf = from.map((list) => list.find(({ jaccard }) => jaccard > SAME)?.after);
  let next = nextIdentity;
  // New identities go by first shared member, then by number: renumbered clusters get the same ones.
  const given = new Int32Array(sizesAfter.length);
  const order = firstMembers(shared.after, sizesAfter.length);
  for (const cluster of order) {
    const same = to[cluster]!.find(({ jaccard }) => jaccard > SAME)?.before;
    given[cluster] = same === undefined ? next++ : identities[same]!;
  }
  const origins = to.map((evidence, cluster): ClusterOrigin => {
    const same = evidence.find(({ jaccard }) => jaccard > SAME)?.before;
    const sizeBefore = same === undefined ? 0 : sizesBefore[same]!;
    const sizeAfter = sizesAfter[cluster]!;
    const kind = originKind(evidence, same, sizeBefore, sizeAfter);
    return { kind, cluster, identity: given[cluster]!, same, sizeBefore, sizeAfter, evidence };
  });
  const ends = from.flatMap((evidence, cluster): ClusterEnd[] => {
    if (heirOf[cluster] !== undefined) return [];
    const pieces = evidence.filter(({ ofBefore }) => ofBefore >= PIECE);
    const joins = pieces.some(
      ({ ofBefore, after }) =>
        ofBefore >= MOST && to[after]!.some((other) => other.before !== cluster && other.ofBefore >= MOST)
    );
    const left = pieces.reduce((sum, { ofBefore }) => sum + ofBefore, 0);
    const kind = joins ? "merged" : left >= MOST ? "split" : "died";
    return [{ kind, cluster, identity: identities[cluster]!, sizeBefore: sizesBefore[cluster]!, evidence }];
  });
  const seen = new Set(shared.before.filter((cluster) => cluster !== NOISE));
  const still = [...seen].filter((cluster) => heirOf[cluster] !== undefined).length;
  return { origins, ends, identities: given, nextIdentity: next, kept: seen.size > 0 ? still / seen.size : 1 };
}

function originKind(
  evidence: readonly Overlap[],
  same: number | undefined,
  sizeBefore: number,
  sizeAfter: number
): ClusterOrigin["kind"] {
  const taken = evidence.filter(({ ofBefore }) => ofBefore >= MOST).length;
  if (taken > 1) return "merged";
  if (same !== undefined) {
    if (sizeAfter > CHANGE * sizeBefore) return "grew";
    return sizeAfter * CHANGE < sizeBefore ? "shrank" : "stayed";
  }
  return evidence.some(({ ofAfter }) => ofAfter >= MOST) ? "split" : "born";
}

function groupBy(overlaps: readonly Overlap[], size: number, of: (overlap: Overlap) => number): Overlap[][] {
  const groups = Array.from({ length: size }, (): Overlap[] => []);
  for (const overlap of overlaps) groups[of(overlap)]!.push(overlap);
  for (const group of groups) group.sort((a, b) => b.shared - a.shared || a.first - b.first);
  return groups;
}

/** Clusters by their first shared member, those without any last. */
function firstMembers(labels: Int32Array, size: number): number[] {
  const first = new Float64Array(size).fill(Infinity);
  labels.forEach((cluster, member) => {
    if (cluster !== NOISE && member < first[cluster]!) first[cluster] = member;
  });
  return Array.from(first.keys()).sort((a, b) => (first[a] === first[b] ? a - b : first[a]! - first[b]!));
}
