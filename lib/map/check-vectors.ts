import { Fault } from "../model/fault.ts";

/** Beyond this the square of a distance would leave the range of 32-bit numbers. */
const MOST = 1e15;

/**
 * Vectors of an outside source are looked at before a map stands on them. A vector of zeros is a point like any other.
 *
 * @throws Fault `invalid` naming the first vector that holds something other than a number of ordinary size
 */
export function checkVectors(vectors: Float32Array, n: number, d: number): void {
  if (vectors.length < n * d || (n > 0 && d < 1)) {
    throw new Fault("invalid", `${n} vectors of ${d} dimensions came as ${vectors.length} numbers`, {
      hint: "All vectors of a map must come from one model, with one number of dimensions."
    });
  }
  for (let at = 0; at < n * d; at++) {
    if (Math.abs(vectors[at]!) <= MOST) continue;
    throw new Fault("invalid", `vector ${Math.floor(at / d) + 1} of ${n} holds ${vectors[at]} in dimension ${at % d}`, {
      hint: "Make that vector anew, or leave its trace out."
    });
  }
}
