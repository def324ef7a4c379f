import { seededRandom } from "../math/random.ts";

/** Places of all traces of a map, repeats and empty texts included. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/**
 * Gives every trace a place: the first of a text stands exactly on its point, its repeats in a small disc
 * around it (at most 1 % of the map's width, so that they show as many but stay together), traces without text below the map.
 *
 * @param positions  distinct points, n x 2
 * @param owner      distinct text per trace, -1 without text
 * @param counts     traces per distinct text
 */
export function spreadPoints(positions: Float64Array, owner: Int32Array, counts: Int32Array, seed: number): Places {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 2) {
    left = Math.min(left, positions[at]!);
    right = Math.max(right, positions[at]!);
    low = Math.min(low, positions[at + 1]!);
    high = Math.max(high, positions[at + 1]!);
  }
  if (!Number.isFinite(left)) [left, right, low, high] = [-1, 1, 0, 1];
  const width = Math.max(right - left, high - low, 1);
  const seen = new Int32Array(counts.length);
  const random = seededRandom(seed);
  const x = new Float32Array(owner.length);
  const y = new Float32Array(owner.length);
  owner.forEach((text, trace) => {
    if (text < 0) {
      x[trace] = left + random() * Math.max(right - left, 1);
      y[trace] = low - width * (0.06 + 0.02 * random());
      return;
    }
    const turn = seen[text]!++;
    const radius = turn === 0 ? 0 : 0.01 * width * Math.sqrt(turn / Math.max(200, counts[text]!));
    x[trace] = positions[text * 2]! + radius * Math.cos(turn * GOLDEN_ANGLE);
    y[trace] = positions[text * 2 + 1]! + radius * Math.sin(turn * GOLDEN_ANGLE);
  });
  return { x, y };
}
