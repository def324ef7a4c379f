import { symmetricEigen } from "../math/eigen.ts";
import { seededRandom } from "../math/random.ts";

/**
 * Where the layout starts: the two principal components, scaled to a width of about 20, with a
 * hundred-thousandth of noise so that no two points coincide.
 *
 * @param vectors  n x d
 * @returns n x 2
 */
export function principalStart(vectors: Float32Array, n: number, d: number, seed: number): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let c = 0; c < d; c++) mean[c]! += vectors[i * d + c]! / n;
  const covariance = new Float64Array(d * d);
  // A few thousand rows settle the two main directions; all of them would cost n d^2.
  const stride = Math.max(1, Math.floor(n / 4000));
  const row = new Float64Array(d);
  for (let i = 0; i < n; i += stride) {
    for (let c = 0; c < d; c++) row[c] = vectors[i * d + c]! - mean[c]!;
    for (let p = 0; p < d; p++) {
      const value = row[p]!;
      if (value === 0) continue;
      for (let q = p; q < d; q++) covariance[p * d + q]! += value * row[q]!;
    }
  }
  for (let p = 0; p < d; p++) for (let q = 0; q < p; q++) covariance[p * d + q] = covariance[q * d + p]!;
  const axes = mainAxes(covariance, d, seed);
  const positions = new Float64Array(n * 2);
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let axis = 0; axis < 2; axis++) {
      let value = 0;
      for (let c = 0; c < d; c++) value += (vectors[i * d + c]! - mean[c]!) * axes[axis * d + c]!;
      positions[i * 2 + axis] = value;
      if (Math.abs(value) > most) most = Math.abs(value);
    }
  }
  const random = seededRandom(seed);
  const scale = most > 0 ? 10 / most : 0;
  for (let at = 0; at < n * 2; at++) positions[at] = positions[at]! * scale + (random() - 0.5) * 2e-4;
  return positions;
}

/** The two main directions of a covariance by power iteration on a block of six, then exactly within it. */
function mainAxes(covariance: Float64Array, d: number, seed: number): Float64Array {
  const width = Math.min(6, d);
  const random = seededRandom(seed ^ 0x5bd1e995);
  let block = Float64Array.from({ length: width * d }, () => random() - 0.5);
  const multiply = (rows: Float64Array) => {
    const out = new Float64Array(width * d);
    for (let r = 0; r < width; r++) {
      for (let p = 0; p < d; p++) {
        let sum = 0;
        for (let q = 0; q < d; q++) sum += covariance[p * d + q]! * rows[r * d + q]!;
        out[r * d + p] = sum;
      }
    }
    return out;
  };
  for (let step = 0; step < 20; step++) {
    block = multiply(block);
    for (let r = 0; r < width; r++) {
      const own = block.subarray(r * d, r * d + d);
      for (let s = 0; s < r; s++) {
        const other = block.subarray(s * d, s * d + d);
        let share = 0;
        for (let c = 0; c < d; c++) share += own[c]! * other[c]!;
        for (let c = 0; c < d; c++) own[c]! -= share * other[c]!;
      }
      let length = 0;
      for (const value of own) length += value * value;
      const scale = length > 1e-24 ? 1 / Math.sqrt(length) : 0;
      for (let c = 0; c < d; c++) own[c]! *= scale;
    }
  }
  const turned = multiply(block);
  const small = new Float64Array(width * width);
  for (let r = 0; r < width; r++) {
    for (let s = 0; s < width; s++) {
      for (let c = 0; c < d; c++) small[r * width + s]! += block[r * d + c]! * turned[s * d + c]!;
    }
  }
  const { vectors } = symmetricEigen(small, width);
  const axes = new Float64Array(2 * d);
  for (let axis = 0; axis < Math.min(2, width); axis++) {
    for (let r = 0; r < width; r++) {
      for (let c = 0; c < d; c++) axes[axis * d + c]! += vectors[axis * width + r]! * block[r * d + c]!;
    }
  }
  return axes;
}
