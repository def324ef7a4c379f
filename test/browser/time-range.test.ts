import fc from "fast-check";
import { expect, test } from "vitest";
import { barOf, shiftRange, spansIn, timeTicks, zoomRange } from "#lib/browser/time-range.ts";
import type { SpanHead } from "#lib/wire/traces.ts";

const span = (spanId: string, startMs: number, durationMs: number): SpanHead => ({
  spanId,
  parentSpanId: null,
  name: spanId,
  kind: "llm",
  status: "ok",
  startMs,
  durationMs,
  model: null,
  toolName: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null
});
const whole = { fromMs: 0, toMs: 1000 };

test("a range holds the spans that touch it, the earliest and longest first", () => {
  const spans = [span("late", 900, 50), span("short", 0, 10), span("long", 0, 1000), span("at the edge", 500, 0)];
  expect(spansIn(spans, { fromMs: 20, toMs: 500 }).map(({ spanId }) => spanId)).toEqual(["long", "at the edge"]);
  expect(spansIn(spans, whole).map(({ spanId }) => spanId)).toEqual(["long", "short", "at the edge", "late"]);
});

test("a bar is cut at the ends of the range", () => {
  expect(barOf(span("a", 250, 500), whole)).toEqual({ left: 0.25, width: 0.5 });
  expect(barOf(span("a", 250, 5000), { fromMs: 500, toMs: 1000 })).toEqual({ left: 0, width: 1 });
  expect(barOf(span("a", 0, 0), whole)).toEqual({ left: 0, width: 0 });
});

test("zooming keeps the middle, and never leaves the whole", () => {
  expect(zoomRange(whole, 0.5, whole)).toEqual({ fromMs: 250, toMs: 750 });
  expect(zoomRange({ fromMs: 900, toMs: 1000 }, 4, whole)).toEqual({ fromMs: 600, toMs: 1000 });
  expect(zoomRange({ fromMs: 10, toMs: 20 }, 1000, whole)).toEqual(whole);
});

test("shifting stops at both ends", () => {
  expect(shiftRange({ fromMs: 200, toMs: 300 }, 0.5, whole)).toEqual({ fromMs: 250, toMs: 350 });
  expect(shiftRange({ fromMs: 950, toMs: 1000 }, 1, whole)).toEqual({ fromMs: 950, toMs: 1000 });
  expect(shiftRange({ fromMs: 20, toMs: 120 }, -1, whole)).toEqual({ fromMs: 0, toMs: 100 });
});

test("ticks are round instants inside the range", () => {
  expect(timeTicks(whole, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(timeTicks({ fromMs: 130, toMs: 170 }, 8)).toEqual([130, 135, 140, 145, 150, 155, 160, 165, 170]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (fromMs, length) => {
      const ticks = timeTicks({ fromMs, toMs: fromMs + length }, 8);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.every((tick) => tick >= fromMs - 1e-6 && tick <= fromMs + length + 1e-6)).toBe(true);
    })
  );
});
