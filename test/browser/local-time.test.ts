import { expect, test } from "vitest";
import { localNow, parseLocal } from "#lib/browser/local-time.ts";

test("now is written as a box for local times takes it, and read back to the minute", () => {
  const before = Date.now();
  const read = parseLocal(localNow());
  expect(read).toBeGreaterThan(before - 60_000);
  expect(read).toBeLessThanOrEqual(Date.now());
  expect(parseLocal("2026-11-23T09:14")).toBe(new Date(2026, 10, 23, 9, 14).getTime());
  for (const nothing of ["", "soon"]) expect(parseLocal(nothing)).toBeNull();
});
