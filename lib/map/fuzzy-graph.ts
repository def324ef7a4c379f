import type { Neighbours } from "./neighbour-table.ts";

/** A symmetric weighted graph in compressed rows. */
export interface FuzzyGraph {
  readonly n: number;
  /** n + 1 offsets into `target` and `weight`. */
  readonly start: Int32Array;
  readonly target: Int32Array;
  /** Membership strengths in (0, 1]. */
  readonly weight: Float32Array;
}

const TOLERANCE = 1e-5;
const LEAST_SCALE = 1e-3;

/**
 * The fuzzy union of every point's view of its neighbours, as UMAP defines it.
 *
 * @see McInnes, Healy, Melville 2018, arXiv:1802.03426, section 3
 */
export function buildFuzzyGraph(neighbours: Neighbours): FuzzyGraph {
  const { n, k, index } = neighbours;
  const strength = membershipStrengths(neighbours);
  const incoming = new Int32Array(n + 1);
  for (let at = 0; at < n * k; at++) if (strength[at]! > 0) incoming[index[at]! + 1]!++;
  for (let i = 0; i < n; i++) incoming[i + 1]! += incoming[i]!;
  const source = new Int32Array(incoming[n]!);
  const backward = new Float32Array(incoming[n]!);
  const fill = incoming.slice(0, n);
  for (let at = 0; at < n * k; at++) {
    if (!(strength[at]! > 0)) continue;
    const slot = fill[index[at]!]!++;
    source[slot] = Math.floor(at / k);
    backward[slot] = strength[at]!;
  }
  const start = new Int32Array(n + 1);
  const target = new Int32Array(2 * incoming[n]!);
  const weight = new Float32Array(2 * incoming[n]!);
  const placeOf = new Int32Array(n).fill(-1);
  let edges = 0;
  for (let i = 0; i < n; i++) {
    const from = edges;
    for (let at = i * k; at < (i + 1) * k; at++) {
      if (!(strength[at]! > 0)) continue;
      placeOf[index[at]!] = edges;
      target[edges] = index[at]!;
      weight[edges++] = strength[at]!;
    }
    for (let at = incoming[i]!; at < incoming[i + 1]!; at++) {
      const there = placeOf[source[at]!]!;
      if (there >= from) weight[there] = weight[there]! + backward[at]! - weight[there]! * backward[at]!;
      else {
        target[edges] = source[at]!;
        weight[edges++] = backward[at]!;
      }
    }
    start[i + 1] = edges;
  }
  return { n, start, target: target.slice(0, edges), weight: weight.slice(0, edges) };
}

/** How strongly each point holds each of its neighbours; itself with 0. */
function membershipStrengths({ n, k, index, distance }: Neighbours): Float32Array {
  const target = Math.log2(k);
  let sum = 0;
  for (const value of distance) sum += value;
  const meanOfAll = n > 0 ? sum / (n * k) : 0;
  const strength = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    const base = i * k;
    let nearest = 0;
    let mean = 0;
    for (let at = base; at < base + k; at++) {
      const value = distance[at]!;
      mean += value / k;
      if (value > 0 && nearest === 0) nearest = value;
    }
    const scale = Math.max(
      smoothScale(distance, base, k, nearest, target),
      LEAST_SCALE * (nearest > 0 ? mean : meanOfAll)
    );
    for (let at = base; at < base + k; at++) {
      if (index[at] === i) continue;
      const beyond = distance[at]! - nearest;
      strength[at] = beyond <= 0 ? 1 : Math.exp(-beyond / scale);
    }
  }
  return strength;
}

/** The scale at which a row's strengths sum to log2(k), by halving. */
function smoothScale(distance: Float32Array, base: number, k: number, nearest: number, target: number): number {
  let [low, high, middle] = [0, Infinity, 1];
  for (let step = 0; step < 64; step++) {
    let sum = 0;
    for (let at = base + 1; at < base + k; at++) {
      const beyond = distance[at]! - nearest;
      sum += beyond > 0 ? Math.exp(-beyond / middle) : 1;
    }
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) {
      high = middle;
      middle = (low + high) / 2;
    } else {
      low = middle;
      middle = high === Infinity ? middle * 2 : (low + high) / 2;
    }
  }
  return middle;
}
