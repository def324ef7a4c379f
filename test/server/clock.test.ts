import fc from "fast-check";
import { expect, test } from "vitest";
import { newUuidV7, systemClock } from "#lib/server/clock.ts";

test("an id is a version 7 uuid that holds its instant", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (nowMs) => {
      const id = newUuidV7(nowMs);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(nowMs);
    })
  );
});

test("ids of later instants sort behind earlier ones", () => {
  expect(newUuidV7(1_000) < newUuidV7(1_001)).toBe(true);
});

test("ids of one instant differ", () => {
  expect(new Set(Array.from({ length: 1000 }, () => newUuidV7(5))).size).toBe(1000);
});

test("the machine's clock makes ids of its own time", () => {
  const before = systemClock.nowMs();
  const id = systemClock.newId();
  const after = systemClock.nowMs();
  const at = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(after);
});
