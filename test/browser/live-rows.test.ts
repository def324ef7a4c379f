import { expect, test } from "vitest";
import { mergeRows } from "#lib/browser/live-rows.ts";
import type { TraceRow } from "#lib/wire/traces.ts";

const row = (traceId: string, startedAtMs: number, spans = 1): TraceRow =>
  ({ traceId, businessUnit: "support", startedAtMs, spans }) as TraceRow;
const ids = (rows: readonly TraceRow[]) => rows.map(({ traceId }) => traceId).join("");

test("what comes takes its place by time, and what is there is replaced", () => {
  const list = [row("d", 40), row("b", 20)];
  const merged = mergeRows(list, [row("c", 30), row("e", 50), row("b", 20, 7)], false);
  expect(ids(merged.rows)).toBe("edcb");
  expect(ids(merged.added)).toBe("ce");
  expect(merged.rows.at(-1)?.spans).toBe(7);
});

test("what belongs to a page that is not read yet waits for it", () => {
  const list = [row("d", 40), row("b", 20)];
  expect(ids(mergeRows(list, [row("a", 10)], true).rows)).toBe("db");
  expect(ids(mergeRows(list, [row("a", 10)], false).rows)).toBe("dba");
  expect(ids(mergeRows([], [row("a", 10)], true).rows)).toBe("a");
});

test("of traces that began together the order is that of the list", () => {
  expect(ids(mergeRows([row("a", 1), row("c", 1)], [row("b", 1)], false).rows)).toBe("cba");
});
