import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainRubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import type { AdjudicationRequest } from "#lib/wire/adjudication.ts";
import { adjudicate } from "#lib/work/adjudicate.ts";

let [folder, state] = ["", null as unknown as State];
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-adjudicate-`);
  state = await openState({ dataFolder: folder, databaseUrl: null }, systemClock);
});
afterAll(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const person = (userId: string, ...businessUnits: readonly string[]): Scope => ({ userId, roles: [], businessUnits });
const item = { traceId: "t1", businessUnit: "support" };

test("who administers the unit, or is named, sees all judgements of what is contested and decides; nobody else does", async () => {
  const { queueId } = await state.queues.create(person("lead", "sales", "support"), {
    ...{ title: "Contested", rubric: plainRubric, reviewing: { reviewsPerItem: 2, adjudicators: ["judge"] } },
    origin: { selection: null, mapVersion: null, sql: "select 1", snapshotId: 1 },
    rule: { count: 1, by: { kind: "unit" }, spread: "equal", seed: 1 },
    items: [item, { traceId: "t2", businessUnit: "sales" }].map((one) => ({
      ...{ ...one, stratum: "all", inclusionProbability: 1 }
    }))
  });
  for (const [who, label] of [
    ["ann", "good"],
    ["bob", "bad"]
  ] as const) {
    await state.reviews.submit(person(who, "support"), queueId, item, {
      ...{ rubricVersion: 1, baseVersion: 0, durationMs: 5 },
      judgement: {
        ...{ kind: "labelled", label, note: "", quotes: [], correctedOutput: null, flags: [], scales: {}, fields: {} }
      }
    });
  }
  const ask = (who: Scope, request: AdjudicationRequest, administered: readonly string[] = []) =>
    adjudicate(state, who, administered, queueId, request);
  const next = { kind: "next", after: null } as const;
  const lead = person("lead", "sales", "support");
  const opened = await ask(lead, next, ["support"]);
  expect(opened).toMatchObject({ queue: { contested: 1 }, open: { item, decided: null } });
  expect(opened.open?.reviews.map(({ userId }) => userId)).toEqual(["ann", "bob"]);
  expect((await ask(person("judge", "support"), { kind: "open", item })).open?.item.traceId).toBe("t1");
  await expect(ask(person("ann", "support"), next)).rejects.toMatchObject({
    code: "denied",
    message: "you do not decide what is contested in this queue"
  });
  // Who administers another unit of the queue decides there alone, and learns of nothing else.
  expect((await ask(lead, next, ["sales"])).open).toBeNull();
  await expect(ask(lead, { kind: "open", item }, ["sales"])).rejects.toMatchObject({ code: "missing" });
  await expect(ask(person("lawyer", "legal"), next, ["legal"])).rejects.toMatchObject({ code: "missing" });
  const decide = { kind: "decide", item, label: "bad", reason: "read it", rubricVersion: 1, baseVersion: 0 } as const;
  expect(await ask(person("judge", "support"), decide)).toMatchObject({ queue: { contested: 0 }, open: null });
  expect((await ask(lead, { kind: "open", item }, ["support"])).open?.decided).toMatchObject({
    label: "bad",
    userId: "judge"
  });
});
