import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lake } from "#lib/ports/lake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { prepareFirstStart } from "#lib/work/first-start.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";

let fixture: LakeFixture;
const scope = scopeOf(["compliance", "legal", "support", "wealth"]);
const nowMs = Date.UTC(2026, 10, 20, 12);
const starters = [
  { slug: "first-look", text: "---\ntitle: A first look\n---\nhello\n" },
  { slug: "weekly", text: "---\ntitle: Weekly\n---\nhello\n" }
];

beforeAll(async () => {
  fixture = await openLakeFixture();
});

afterAll(() => fixture.close());

/** A start over a lake; tells what was said, which key was kept and how many spans were written. */
async function start(lake: Pick<Lake, "snapshotId" | "append" | "flush">, signal = new AbortController().signal) {
  const said: string[] = [];
  const keys: Readonly<Record<string, readonly string[]>>[] = [];
  await prepareFirstStart(
    {
      lake: lake as Lake,
      workbooks: fixture.state.workbooks,
      shares: fixture.state.shares,
      clock: systemClock,
      scope: async () => scope,
      keepAnswerKey: async (key) => {
        keys.push(key);
      }
    },
    { starters, nowMs },
    (sentence) => said.push(sentence),
    signal
  );
  return { said, keys };
}

/** Takes what is appended in without writing it: the sample itself is written by tests of its own. */
function memoryLake(snapshotId: number) {
  const traces = new Map<string, bigint>();
  return {
    traces,
    snapshotId: async () => snapshotId,
    append: async (_: unknown, batch: Parameters<Lake["append"]>[1]) => {
      for (const { traceId, startNs } of batch.spans) traces.set(traceId, startNs);
      return { added: batch.spans.length, replaced: 0, unchanged: 0 } as unknown as Awaited<ReturnType<Lake["append"]>>;
    },
    flush: async () => undefined as unknown as Awaited<ReturnType<Lake["flush"]>>
  };
}

test("a start that is stopped while the sample is written adds no workbooks and keeps no key", async () => {
  await expect(start(memoryLake(0), AbortSignal.abort())).rejects.toMatchObject({ code: "limit" });
  expect(await fixture.state.workbooks.list(scope)).toEqual([]);
});

test("an empty lake gets the sample, its answer key is kept beside it, and the starters are there", async () => {
  const lake = memoryLake(0);
  const { said, keys } = await start(lake);
  expect(lake.traces.size).toBeGreaterThan(1000);
  const days = [...lake.traces.values()]
    .map((ns) => new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 10))
    .sort();
  expect([days.at(0), days.at(-1)]).toEqual(["2026-10-21", "2026-11-19"]);
  expect(keys).toHaveLength(1);
  const planted = Object.keys(keys[0]!);
  expect(planted.length).toBeGreaterThan(0);
  expect(planted.filter((traceId) => !lake.traces.has(traceId))).toEqual([]);
  expect(said).toHaveLength(3);
  expect(await fixture.state.workbooks.find(scope, "first-look")).toMatchObject({
    title: "A first look",
    text: starters[0]!.text
  });
  const guest = { userId: "guest", roles: [], businessUnits: ["legal"] } as const;
  expect(await fixture.state.workbooks.find(guest, "first-look")).toMatchObject({ access: "view" });
});

test("what people have is left alone: their traces, and their changes to a starter", async () => {
  await fixture.lake.append(scope, { spans: [makeSpan({ traceId: "own", spanId: "root" })], scores: [] });
  const before = await fixture.lake.snapshotId();
  await fixture.state.workbooks.save(scope, "first-look", "Mine", "---\ntitle: Mine\n---\n", 1);
  expect(await start(fixture.lake)).toEqual({ said: [], keys: [] });
  expect(await fixture.lake.snapshotId()).toBe(before);
  expect(await fixture.state.workbooks.find(scope, "first-look")).toMatchObject({ title: "Mine", revision: 2 });
});

test("a starter that was removed stays away, and the start goes on", async () => {
  await fixture.state.workbooks.remove(scope, "first-look");
  await fixture.state.workbooks.remove(scope, "weekly");
  expect(await start(fixture.lake)).toEqual({ said: [], keys: [] });
  expect(await fixture.state.workbooks.list(scope)).toEqual([]);
});

test("a starter that cannot be kept for another reason stops the start", async () => {
  const broken = {
    ...fixture.state.workbooks,
    find: async () => undefined,
    create: () => Promise.reject(new Error("disk full"))
  };
  const doors = {
    lake: fixture.lake,
    workbooks: broken,
    shares: fixture.state.shares,
    clock: systemClock,
    scope: async () => scope,
    keepAnswerKey: async () => undefined
  };
  await expect(
    prepareFirstStart(doors, { starters, nowMs }, () => undefined, new AbortController().signal)
  ).rejects.toThrow("disk full");
});
