import { afterAll, beforeAll, expect, test } from "vitest";
import { pairLabelOf } from "#lib/model/pair.ts";
import type { Scope } from "#lib/model/scope.ts";
import { parsePairsRequest } from "#lib/wire/pairs.ts";
import { fillPairs, leftOf, type PairsAsked } from "#lib/work/fill-pairs.ts";
import { QueueStatistics } from "#lib/work/queue-statistics.ts";
import { review } from "#lib/work/review-item.ts";
import { hexId, makeSpan } from "../spans.ts";
import { openRules, scope } from "./rule-fixture.ts";

let rules: Awaited<ReturnType<typeof openRules>>;
beforeAll(async () => {
  rules = await openRules();
  const tell = (word: string, asks: string, version: string, businessUnit = "support") =>
    makeSpan({
      ...{ traceId: word, spanId: `${word}-root`, parentSpanId: null, businessUnit, agent: "refunds" },
      ...{ agentVersion: version, inputText: asks, outputText: "fine" }
    });
  await rules.append(
    ...Array.from({ length: 8 }, (_, at) => [
      tell(`a${at}`, `ask ${at}`, "1"),
      tell(`b${at}`, `ask ${at}`, "2")
    ]).flat(),
    tell("lone", "nobody else asks", "1"),
    tell("c0", "ask of two units", "1"),
    tell("c1", "ask of two units", "2", "claims")
  );
});
afterAll(() => rules.close());

const versions = { kind: "versions", agent: "refunds", first: "1", second: "2" } as const;
const make = (asked: Partial<PairsAsked>) =>
  fillPairs({ ...rules.doors, queues: rules.state.queues }, scope, {
    ...{ title: "Which is better", source: versions, count: 100, seed: 4, reviewing: { reviewsPerItem: 2 } },
    ...asked
  });
const itemsOf = (queueId: string) => rules.state.queues.listItems(scope, queueId, { offset: 0, limit: 100 });

test("pairs are of the same first words and of one unit, and carry the chance of being drawn", async () => {
  const queue = await make({ count: 4 });
  expect(queue).toMatchObject({ items: 4, reviewing: { mode: "pairs" }, origin: { selection: null } });
  for (const { traceId, otherTraceId, stratum, inclusionProbability } of await itemsOf(queue.queueId)) {
    const at = [0, 1, 2, 3, 4, 5, 6, 7].find((one) => hexId(`a${one}`, 32) === traceId);
    expect(otherTraceId).toBe(hexId(`b${at}`, 32));
    expect([stratum, inclusionProbability]).toEqual(["refunds 1 against refunds 2", 0.5]);
  }
  const alike = await make({ source: { kind: "input", predicate: "agent = 'refunds'" } });
  expect((await itemsOf(alike.queueId)).map(({ traceId }) => traceId).sort()).toEqual(
    Array.from({ length: 8 }, (_, at) => hexId(`a${at}`, 32)).sort()
  );
  const sql =
    "select min(trace_id) as x, max(trace_id) as y from traces where input = 'ask 3' or input = 'ask of two units' group by input";
  const columns = await make({ source: { kind: "columns", sql, first: "y", second: "x" } });
  expect(columns.items).toBe(1);
});

test("a question without pairs, or that cannot be asked, is told", async () => {
  const odd = async (source: PairsAsked["source"], message: RegExp) =>
    expect(make({ source })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(message) as unknown
    });
  await odd({ ...versions, second: "9" }, /there is no pair/);
  await odd({ kind: "columns", sql: "drop table traces", first: "a", second: "b" }, /cannot be read/);
  await odd({ kind: "columns", sql: "select trace_id as a from traces", first: "a", second: "b" }, /cannot be asked/);
  const { queueId, rubric } = await make({ count: 1 });
  const labels = rubric.labels.slice(1);
  await expect(rules.state.queues.changeRubric(scope, queueId, 1, { ...rubric, labels })).rejects.toMatchObject({
    code: "invalid"
  });
  for (const body of [{}, { title: "t", source: { kind: "guess" } }])
    expect(() => parsePairsRequest(body)).toThrowError(expect.objectContaining({ code: "invalid" }));
  const sent = { title: "t", source: versions, count: 3, seed: 1 };
  expect(parsePairsRequest(sent)).toMatchObject({ ...sent, reviewing: {}, rubric: { needsJustification: false } });
});

test("each reviewer sees a side by chance, the server keeps which, and the win rate is freed from it", async () => {
  const { queueId } = await make({});
  const items = await itemsOf(queueId);
  const people = ["ann", "bob"].map((userId): Scope => ({ userId, roles: [], businessUnits: ["support"] }));
  const shown = people.flatMap(({ userId }) => items.map((item) => leftOf(item, userId, 4) === item.traceId));
  expect(new Set(shown)).toEqual(new Set([true, false]));
  expect(shown).toEqual(people.flatMap(({ userId }) => items.map((item) => leftOf(item, userId, 4) === item.traceId)));
  for (const who of people) {
    for (const item of items) {
      const open = (await review(rules.state, who, queueId, { kind: "open", item }))?.open;
      expect(open?.left).toBe(leftOf(item, who.userId, 4));
      // Whoever stands left wins: no real difference at all.
      const label = pairLabelOf("left", open!.left!, item.traceId);
      await review(rules.state, who, queueId, {
        ...{ kind: "submit", item, rubricVersion: 1, baseVersion: 0, durationMs: 100 },
        judgement: {
          ...{ kind: "labelled", label, note: "", quotes: [], correctedOutput: null, flags: [] },
          ...{ scales: {}, fields: {}, left: "made up" }
        }
      });
    }
  }
  const statistics = new QueueStatistics({ ...rules.state, elapsedMs: () => 0 });
  const { wins } = await statistics.read(scope, ["claims", "support"], queueId);
  expect(wins).toMatchObject([
    {
      ...{ stratum: "refunds 1 against refunds 2", n: 16, rate: 0.5, leftEffect: 0.5, ties: 0 },
      nLeft: shown.filter(Boolean).length
    }
  ]);
  expect(pairLabelOf("tie", "a", "b")).toBe("tie");
});
