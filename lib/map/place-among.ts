import { seededRandom } from "../math/random.ts";
import type { FrozenProjection } from "./frozen-projection.ts";
import type { Found } from "./reference-search.ts";

/** umap-js's curve 1 / (1 + a d^2b) at its own spread 1 and smallest distance 0.1, on which every map is laid out. */
const A = 1.5769434603113077;
const B = 0.8950608779109733;
const EPOCHS = 20;
const RATE = 0.25;
const NEGATIVES = 5;
const CLIP = 4;

/**
 * A place for one new vector among its neighbours, which stay where they are: it starts at their weighted median and
 * takes a few steps of the layout, pulled by the neighbours and pushed by chance points.
 *
 * @param found  its nearest reference texts, at least one, none at distance 0
 * @returns map coordinates; the same vector gives the same place
 * @see umap-learn's transform; McInnes, Healy, Melville 2018, arXiv:1802.03426
 */
export function placeAmong(
  { positions, n, seed }: FrozenProjection,
  { index, distance }: Found,
  vector: Float32Array
): readonly [number, number] {
  const strength = neighbourStrengths(distance);
  let [x, y] = weightedMedian(positions, index, distance);
  const random = seededRandom(seed ^ bitsOf(vector));
  const total = strength.reduce((sum, value) => sum + value, 0);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = RATE * (1 - epoch / EPOCHS);
    let [moveX, moveY] = [0, 0];
    const act = (other: number, weight: number, force: (squared: number) => number) => {
      const [dx, dy] = [x - positions[other * 2]!, y - positions[other * 2 + 1]!];
      const squared = dx * dx + dy * dy;
      if (squared === 0) return;
      const pull = force(squared);
      moveX += weight * clip(pull * dx);
      moveY += weight * clip(pull * dy);
    };
    // All neighbours pull at once by their strengths, which is what chance would pick on average.
    index.forEach((other, at) => {
      act(other, strength[at]!, pullAt);
    });
    const pushes = Math.round(NEGATIVES * total);
    for (let sample = 0; sample < pushes; sample++) act(Math.floor(random() * n), 1, pushAt);
    x += rate * moveX;
    y += rate * moveY;
  }
  return [x, y];
}

/**
 * The place that is nearest to all neighbours together, near ones weighing more (one over squared distance), so that
 * a few neighbours on another island do not draw it into the water between.
 *
 * @see Weiszfeld 1937; Vardi and Zhang 2000, doi:10.1073/pnas.97.4.1423
 */
function weightedMedian(positions: Float64Array, index: Int32Array, distance: Float32Array): [number, number] {
  const weight = Float64Array.from(distance, (value) => 1 / (value * value + 1e-12));
  let [x, y] = [0, 0];
  for (let step = 0; step < 12; step++) {
    let [sumX, sumY, sum] = [0, 0, 0];
    index.forEach((other, at) => {
      const [px, py] = [positions[other * 2]!, positions[other * 2 + 1]!];
      const share = step === 0 ? weight[at]! : weight[at]! / Math.max(1e-3, Math.hypot(px - x, py - y));
      sumX += share * px;
      sumY += share * py;
      sum += share;
    });
    [x, y] = [sumX / sum, sumY / sum];
  }
  return [x, y];
}

/** How strongly each neighbour holds: 1 for the nearest, falling so that all sum to log2 of their number. */
function neighbourStrengths(distance: Float32Array): Float64Array {
  const nearest = distance[0]!;
  const target = Math.log2(distance.length + 1);
  let [low, high, scale] = [0, Infinity, Math.max(1e-6, distance.at(-1)! - nearest)];
  const strengthsAt = (value: number) => Float64Array.from(distance, (away) => Math.exp(-(away - nearest) / value));
  for (let step = 0; step < 24; step++) {
    const sum = strengthsAt(scale).reduce((all, value) => all + value, 0);
    if (Math.abs(sum - target) < 1e-3) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high === Infinity ? scale * 2 : (low + high) / 2;
  }
  return strengthsAt(scale);
}

function pullAt(squared: number): number {
  const power = squared ** B;
  return (-2 * A * B * power) / (squared * (A * power + 1));
}

function pushAt(squared: number): number {
  return (2 * B) / ((0.001 + squared) * (A * squared ** B + 1));
}

function clip(value: number): number {
  return value > CLIP ? CLIP : value < -CLIP ? -CLIP : value;
}

/** A number that follows from a vector's bits. */
function bitsOf(vector: Float32Array): number {
  const bits = new Int32Array(vector.buffer, vector.byteOffset, vector.length);
  let hash = 0x811c9dc5;
  for (const word of bits) hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  return hash;
}
