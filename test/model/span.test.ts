import { expect, test } from "vitest";
import { durationMs } from "#lib/model/span.ts";

test("a duration is counted in milliseconds to the nanosecond", () => {
  expect(durationMs({ startNs: 1_000n, endNs: 1_501_000n })).toBe(1.5);
  expect(durationMs({ startNs: 1_795_132_800_000_000_000n, endNs: 1_795_132_800_000_000_001n })).toBe(0.000001);
});

test("a span that ends before it began took no time", () => {
  expect(durationMs({ startNs: 2_000_000n, endNs: 1_000_000n })).toBe(0);
});
