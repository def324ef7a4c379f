import { afterEach, beforeEach, expect, test } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { SpanReceiver } from "#lib/work/receive-spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";
import { ingestKey as key } from "./ingest-key.ts";

let fixture: LakeFixture;
beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

const clock = { nowMs: () => 0, newId: () => "" };

const exportOf = (trace: string, count: number, rejected: readonly string[] = []) => ({
  spans: Array.from({ length: count }, (_, at) => makeSpan({ traceId: trace, spanId: `s${at}` })),
  scores: [],
  rejected
});

const receiverOf = (lake: Lake = fixture.lake) =>
  new SpanReceiver({ lake, logMessages: fixture.state.logMessages, clock });

async function countSpans(): Promise<number> {
  const kernel = await fixture.lake.openKernel(scopeOf(["support"]));
  try {
    return Number((await kernel.rows("select count(*)::int as n from spans", {}, 1))[0]?.n);
  } finally {
    await kernel.close();
  }
}

/** The real lake, whose appends are counted and may be told to fail. */
function watched(fail: (spans: number) => Error | null = () => null) {
  const appends: number[] = [];
  const lake = new Proxy(fixture.lake, {
    get(target, name: keyof Lake) {
      if (name !== "append") return target[name].bind(target);
      return async (...[scope, batch]: Parameters<Lake["append"]>) => {
        appends.push(batch.spans.length);
        const error = fail(batch.spans.length);
        if (error) throw error;
        return target.append(scope, batch);
      };
    }
  });
  return { lake, appends };
}

test("what is accepted is in the lake, and what was rejected is told", async () => {
  const receiver = receiverOf();
  expect(await receiver.receive(key, exportOf("a", 3, ["no id", "no time"]))).toEqual({
    kind: "accepted",
    rejected: 2,
    reasons: ["no id", "no time"]
  });
  expect(await countSpans()).toBe(3);
  expect(await receiver.receive(key, exportOf("b", 0))).toMatchObject({ kind: "accepted", rejected: 0 });
});

test("requests that arrive during an append share the next one", async () => {
  const { lake, appends } = watched();
  const receiver = receiverOf(lake);
  const receipts = await Promise.all(
    ["a", "b", "c", "d", "e"].map((trace) => receiver.receive(key, exportOf(trace, 2)))
  );
  await receiver.settle();
  expect(receipts.every(({ kind }) => kind === "accepted")).toBe(true);
  expect(appends).toEqual([2, 8]);
  expect(await countSpans()).toBe(10);
});

test("an append takes no more spans at once than it can hold", async () => {
  const { lake, appends } = watched();
  const receiver = receiverOf(lake);
  await Promise.all(["a", "b", "c"].map((trace) => receiver.receive(key, exportOf(trace, 12_000))));
  expect(appends).toEqual([12_000, 12_000, 12_000]);
}, 30_000);

test("one request that the lake refuses costs the others nothing", async () => {
  const { lake, appends } = watched((spans) => (spans >= 5 ? new Error("a defect") : null));
  const receiver = receiverOf(lake);
  const first = receiver.receive(key, exportOf("a", 1));
  const outcomes = await Promise.allSettled([
    receiver.receive(key, exportOf("b", 2)),
    receiver.receive(key, exportOf("bad", 5)),
    receiver.receive(key, exportOf("c", 2))
  ]);
  await first;
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(appends).toEqual([1, 9, 2, 5, 2]);
  expect(await countSpans()).toBe(5);
});

test("a sender is told to come again when the disk is nearly full or the lake keeps moving", async () => {
  let fault = new Fault("limit", "the disk of the lake has only 3 MiB left, so nothing is taken in");
  const { lake } = watched(() => fault);
  const receiver = receiverOf(lake);
  expect(await receiver.receive(key, exportOf("a", 1))).toEqual({
    kind: "later",
    why: "disk",
    message: fault.message,
    retryAfterSeconds: 30
  });
  fault = new Fault("conflict", "the lake moved on");
  expect(await receiver.receive(key, exportOf("a", 1))).toMatchObject({ kind: "later", why: "conflict" });
  expect(await countSpans()).toBe(0);
});

test("a key that sends more than its rate waits, and nothing of the late request is taken in", async () => {
  const receiver = receiverOf();
  const slow = { ...key, spansPerSecond: 1 };
  expect(await receiver.receive(slow, exportOf("a", 15))).toMatchObject({ kind: "accepted" });
  expect(await receiver.receive(slow, exportOf("b", 1))).toMatchObject({
    kind: "later",
    why: "rate",
    retryAfterSeconds: 5
  });
  expect(await countSpans()).toBe(15);
});

test("what people and programs said of a span on the span itself is kept as theirs, once however often it is sent", async () => {
  const annotations = fixture.state.annotations;
  const receiver = new SpanReceiver({ lake: fixture.lake, logMessages: fixture.state.logMessages, clock, annotations });
  const said = (at: number, more: object) =>
    Object.fromEntries(Object.entries(more).map(([name, value]) => [`annotations.${at}.annotation.${name}`, value]));
  const sent = {
    spans: [
      makeSpan({
        traceId: "a",
        spanId: "s",
        source: "otlp",
        attributes: {
          ...said(0, { name: "tone", label: "polite", annotator_kind: "HUMAN" }),
          ...said(1, { name: "exact", score: 0.5, annotator_kind: "CODE" })
        }
      })
    ],
    scores: [],
    rejected: []
  };
  for (const _ of [1, 2]) await receiver.receive(key, sent);
  const scope = scopeOf(["support"]);
  expect(await annotations.list(scope)).toMatchObject([{ label: "tone: polite", source: "otlp" }]);
  const kernel = await fixture.lake.openKernel(scope);
  try {
    expect(await kernel.rows("select scorer, value from scores", {}, 9)).toEqual([{ scorer: "exact", value: 0.5 }]);
  } finally {
    await kernel.close();
  }
});
