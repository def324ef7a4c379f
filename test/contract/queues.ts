import { expect, test } from "vitest";
import { plainRubric } from "#lib/model/rubric.ts";
import type { NewQueue, Queues } from "#lib/ports/queues.ts";

const scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["expert"], businessUnits: ["sales"] } as const;
const legalOnly = { userId: "lawyer", roles: ["expert"], businessUnits: ["legal"] } as const;
const nobody = { userId: "new", roles: ["viewer"], businessUnits: [] } as const;

const item = (traceId: string, businessUnit: string, inclusionProbability = 1 / 3) => ({
  traceId,
  businessUnit,
  stratum: "cluster 2",
  inclusionProbability
});

const newQueue = (items: NewQueue["items"]): NewQueue => ({
  title: " Refunds ",
  origin: {
    selection: { kind: "cluster", mapId: "m1", clusterId: 1 },
    mapVersion: 1,
    sql: "select trace_id from placements",
    snapshotId: 4
  },
  rule: { count: 20, by: { kind: "cluster" }, spread: "proportional", seed: 3 },
  rubric: plainRubric,
  items
});

/** What every database keeps of queues. @param open  the door, once the tests run */
export function queuesContract(open: () => Queues): void {
  test("a queue shows each reader the items of own units in order, and counts those alone", async () => {
    const queues = open();
    const items = [item("t9", "support", 0.1), item("t1", "sales"), item("t5", "support"), item("t0", "sales", 1)];
    const made = await queues.create(scope, newQueue(items));
    expect(made).toMatchObject({
      title: "Refunds",
      businessUnits: ["sales", "support"],
      items: 4,
      done: 0,
      rule: newQueue([]).rule,
      origin: newQueue([]).origin,
      rubric: { ...plainRubric, version: 1, userId: "owner" }
    });
    const all = await queues.listItems(scope, made.queueId, { offset: 0, limit: 10 });
    expect(all.map(({ position, traceId }) => [position, traceId])).toEqual([
      [1, "t1"],
      [1, "t9"],
      [2, "t0"],
      [2, "t5"]
    ]);
    expect(all[0]).toEqual({
      ...item("t1", "sales"),
      position: 1,
      state: "waiting",
      doneBy: null,
      doneAtMs: null,
      verdict: { kind: "open", label: null },
      otherTraceId: null
    });
    expect(await queues.listItems(scope, made.queueId, { offset: 3, limit: 10 })).toEqual([all[3]]);
    expect(await queues.list(salesOnly)).toMatchObject([{ businessUnits: ["sales"], items: 2, done: 0 }]);
    const own = await queues.listItems(salesOnly, made.queueId, { offset: 0, limit: 10 });
    expect(own.map(({ position, traceId }) => [position, traceId])).toEqual([
      [1, "t1"],
      [2, "t0"]
    ]);
    expect((await queues.listAll(salesOnly)).map(({ traceId, title }) => [traceId, title])).toEqual([
      ["t1", "Refunds"],
      ["t0", "Refunds"]
    ]);
    for (const stranger of [legalOnly, nobody]) {
      expect(await queues.list(stranger)).toEqual([]);
      expect(await queues.listAll(stranger)).toEqual([]);
      await expect(queues.find(stranger, made.queueId)).rejects.toMatchObject({ code: "missing" });
    }
    await expect(queues.remove(salesOnly, made.queueId)).rejects.toMatchObject({ code: "denied" });
    await queues.remove(scope, made.queueId);
    await expect(queues.find(scope, made.queueId)).rejects.toMatchObject({ code: "missing" });
    expect(await queues.listAll(scope)).toEqual([]);
  });

  test("a rubric gets versions, and of two changes at once one is refused", async () => {
    const queues = open();
    const { queueId } = await queues.create(scope, newQueue([item("t1", "sales")]));
    const strict = { ...plainRubric, needsJustification: true };
    const tries = await Promise.allSettled([
      queues.changeRubric(scope, queueId, 1, strict),
      queues.changeRubric(salesOnly, queueId, 1, strict)
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await queues.find(scope, queueId)).toMatchObject({ rubric: { version: 2, needsJustification: true } });
    const twice = { ...plainRubric, labels: [plainRubric.labels[0]!, plainRubric.labels[0]!] };
    await expect(queues.changeRubric(scope, queueId, 2, twice)).rejects.toMatchObject({ code: "invalid" });
    await queues.remove(scope, queueId);
  });

  test("what is no queue is refused with a sentence, and nothing of it stays", async () => {
    const queues = open();
    const one = [item("t1", "sales")];
    const refused = async (queue: NewQueue, code: string, who: typeof scope | typeof salesOnly = scope) =>
      expect(queues.create(who, queue)).rejects.toMatchObject({ code });
    await refused({ ...newQueue(one), title: "" }, "invalid");
    await refused(newQueue([]), "invalid");
    await refused(newQueue([item("t1", "sales", 0)]), "invalid");
    await refused(newQueue([item("t9", "support")]), "denied", salesOnly);
    await refused(newQueue(Array.from({ length: 5001 }, (_, at) => item(`t${at}`, "sales"))), "limit");
    await refused({ ...newQueue(one), rule: { ...newQueue(one).rule, count: 0 } }, "invalid");
    await refused({ ...newQueue(one), rubric: { ...plainRubric, labels: [] } }, "invalid");
    await expect(queues.create(scope, newQueue([...one, ...one]))).rejects.toThrow();
    expect(await queues.list(scope)).toEqual([]);
  });
}
