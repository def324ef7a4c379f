import { expect, test } from "vitest";
import { sayAsk, sayMs, sayVerdict, sayVerdicts, sayWhole } from "#lib/browser/bench-words.ts";
import { findBench, freshBench, keepBench } from "#lib/browser/kept-bench.ts";
import type { Score } from "#lib/model/score.ts";
import type { TriedCall, TryReply, TrySpending } from "#lib/wire/bench.ts";

const scored = (value: number, pass: boolean | null): Score => ({
  ...{ kind: "scored", value, pass, label: null, reason: null, evidence: [] }
});
const unscored: Score = { kind: "unscored", status: "error", reason: "it threw" };

const call = (traceId: string, score: Score | null): TriedCall => ({
  ...{ traceId, businessUnit: "support", spanId: null, score, durationMs: 2 }
});
const tried = (calls: readonly TriedCall[], more: Partial<TryReply> = {}): TryReply => ({
  ...{ version: "v", target: "trace", calls, total: calls.length, missing: [], msPerCall: 2, spending: null },
  ...more
});
const spending: TrySpending = {
  ...{ model: "small", questions: 10, tokens: 5000, costUsd: 0.01 },
  ...{ open: 5, openUsd: 0.002, mostUsd: 0.01, spentUsd: 0 }
};

test("a verdict is a sign and a word; what is unscored is never a zero", () => {
  expect([scored(1, true), scored(0, false), scored(0.25, null), unscored, null].map((score) => sayVerdict(score).said)) //
    .toEqual(["✓ pass", "✕ fail", "0.25", "– unscored", "not asked yet"]);
  expect(sayVerdict(scored(0.8, true))).toEqual({ said: "✓ pass 0.8", tone: "good" });
  const calls = [scored(1, true), scored(1, true), scored(0, false), scored(0.5, null), unscored, null];
  expect(sayVerdicts(calls.map((score, at) => call(`t${at}`, score)))).toBe(
    "2 pass, 1 fail, 1 measured, 1 unscored, 1 not asked yet"
  );
  expect(sayVerdicts([])).toBe("nothing to score");
});

test("what the whole would take is told from what the handful took", () => {
  const calls = [call("t1", scored(1, true)), call("t2", unscored)];
  expect(sayWhole({ cell: "refunds", traces: 1204 }, tried(calls))).toBe(
    "refunds: 1,204 traces, about 2.41 s in the sandbox"
  );
  // Six spans in two traces: three calls a trace.
  expect(sayWhole({ cell: "spans", traces: 1000 }, tried(calls, { total: 6 }))).toMatch(/about 6 s in/);
  expect(sayWhole({ cell: "judged", traces: 1000 }, tried(calls, { spending }))).toBe(
    "judged: 1,000 traces, about 500,000 tokens, about $1.00"
  );
  expect(sayWhole({ cell: "judged", traces: 1 }, tried(calls, { spending: { ...spending, costUsd: null } }))).toMatch(
    /at a price that nobody has set/
  );
  expect(sayWhole({ cell: "refunds", traces: null }, tried(calls))).toBeNull();
  expect(sayWhole({ cell: "refunds", traces: 5 }, tried([], { msPerCall: null }))).toBeNull();
  expect(
    sayWhole({ cell: "refunds", traces: 5 }, tried(calls, { spending: { ...spending, questions: 0 } }))
  ).toBeNull();
  expect(sayAsk(spending)).toBe("Ask for these 5 (about $0.002)");
  expect(sayAsk({ ...spending, open: 1, openUsd: null })).toBe("Ask for this one");
  expect([sayMs(0.8312), sayMs(12.4), sayMs(2500)]).toEqual(["0.83 ms", "12 ms", "2.5 s"]);
});

test("what was chosen at a bench is kept in the browser, and what is no bench is a fresh one", () => {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value)
  } as unknown as Storage;
  expect(findBench(storage, "weekly", "mine")).toEqual(freshBench);
  const bench = { isOpen: false, pinned: ["t1"], seed: 4, use: "refunds" };
  expect(keepBench(storage, "weekly", "mine", bench)).toBe(true);
  expect(findBench(storage, "weekly", "mine")).toEqual(bench);
  expect(findBench(storage, "weekly", "other")).toEqual(freshBench);
  held.set("tracebook.bench.weekly.mine", '{"isOpen":1,"pinned":[2,"t3"],"seed":"x","use":5}');
  expect(findBench(storage, "weekly", "mine")).toEqual({ ...freshBench, pinned: ["t3"] });
  held.set("tracebook.bench.weekly.mine", "no json");
  expect(findBench(storage, "weekly", "mine")).toEqual(freshBench);
  const full = {
    ...storage,
    setItem: () => {
      throw new Error("full");
    }
  } as unknown as Storage;
  expect(keepBench(full, "weekly", "mine", bench)).toBe(false);
});
