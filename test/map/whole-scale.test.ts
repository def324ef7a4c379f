import { expect, test } from "vitest";
import { wholeScale, writeWhole } from "#lib/map/whole-scale.ts";
import { blobs } from "./blobs.ts";

test("the longest vector from the mean fills the range, and distances keep their proportions", () => {
  const [n, d] = [300, 12];
  const vectors = blobs(n, d, 4, 2, 3).map((value) => value + 1000);
  const scale = wholeScale(vectors, n, d)!;
  const whole = new Int16Array(n * d);
  for (let i = 0; i < n; i++) writeWhole(scale, vectors, i * d, whole, i * d);
  const lengths = Array.from({ length: n }, (_, i) => Math.hypot(...whole.subarray(i * d, i * d + d)));
  expect(Math.max(...lengths)).toBeGreaterThan(16_370);
  expect(Math.max(...lengths)).toBeLessThan(16_390);
  for (let i = 1; i < n; i++) {
    let [there, here] = [0, 0];
    for (let c = 0; c < d; c++) {
      there += (vectors[i * d + c]! - vectors[c]!) ** 2;
      here += (whole[i * d + c]! - whole[c]!) ** 2;
    }
    expect(Math.sqrt(here) / scale.scale / Math.sqrt(there)).toBeCloseTo(1, 2);
  }
});

test("where one vector is far beyond the rest, or all are the same, there is no such scale", () => {
  const vectors = blobs(300, 12, 4, 2, 3);
  vectors[0] = 1e6;
  expect(wholeScale(vectors, 300, 12)).toBeUndefined();
  expect(wholeScale(new Float32Array(30).fill(3), 10, 3)).toBeUndefined();
});
