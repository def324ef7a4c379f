import { expect, test } from "vitest";
import {
  formatCost,
  formatCount,
  formatDuration,
  formatExact,
  formatNumber,
  formatRate,
  formatShortTime,
  formatTime,
  formatZone
} from "#lib/browser/format.ts";

test.each([
  [0, "0"],
  [1204, "1,204"],
  [0.0031, "0.0031"],
  [0.123456, "0.123"],
  [12_345.678, "12,346"],
  [-2.5, "-2.5"],
  [Number.NaN, "NaN"]
])("the number %d reads %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("hover shows every digit", () => {
  expect(formatExact(0.1234567)).toBe("0.1234567");
  expect(formatExact(1_234_567)).toBe("1,234,567");
});

test("a rate carries its interval and n", () => {
  expect(formatRate(0.82, [0.76, 0.87], 214)).toBe("82 % [76, 87] n = 214");
  expect(formatRate(0.5, null, 2)).toBe("50 % n = 2");
});

test("a rate of nothing is said in words, never as zero", () => {
  expect(formatRate(null, [0, 1], 0)).toBe("no scored traces");
  expect(formatRate(0, [0, 1], 0)).toBe("no scored traces");
});

test.each([
  [0.2, "< 1 ms"],
  [8, "0.008 s"],
  [83, "0.083 s"],
  [1500, "1.5 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"]
])("%d ms read %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("a time names its zone", () => {
  expect(formatTime(Date.UTC(2026, 10, 23, 9, 14, 2), "UTC")).toBe("23 Nov 2026, 09:14:02 UTC");
  expect(formatTime(Date.UTC(2026, 10, 23, 9, 14, 2), "Europe/Berlin")).toMatch(/10:14:02 .+/);
});

test("costs below a dollar keep three figures", () => {
  expect(formatCost(0.0031)).toBe("$0.0031");
  expect(formatCost(12.3)).toBe("$12.30");
  expect(formatCost(0)).toBe("$0.00");
});

test("a narrow column leaves out year and zone, and its head names the zone that holds", () => {
  const winterMs = Date.UTC(2026, 10, 23, 9, 14, 2);
  expect(formatShortTime(winterMs, "UTC", winterMs)).toBe("23 Nov 09:14:02");
  expect(formatShortTime(winterMs, "Asia/Kolkata", winterMs)).toBe("23 Nov 14:44:02");
  expect(formatShortTime(winterMs, "UTC", winterMs + 366 * 86_400_000)).toBe("23 Nov 2026 09:14");
  expect(formatZone(winterMs, "UTC")).toBe("UTC");
  expect(formatZone(winterMs, "Asia/Kolkata")).toBe("GMT+5:30");
});

test.each([
  [0, "0 rows"],
  [1, "1 row"],
  [1204, "1,204 rows"]
])("%d reads %s", (n, text) => {
  expect(formatCount(n, "row")).toBe(text);
});
