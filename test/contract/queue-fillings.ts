import { expect, test } from "vitest";
import { plainRubric } from "#lib/model/rubric.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { Queues } from "#lib/ports/queues.ts";

const scope = { userId: "lead", roles: [], businessUnits: ["support"] } as const;
const stranger = { userId: "lawyer", roles: [], businessUnits: ["legal"] } as const;
const item = (traceId: string, inclusionProbability = 0.5) => ({
  ...{ traceId, businessUnit: "support", stratum: "all", inclusionProbability }
});

/** What every database keeps of rules that fill queues. @param open  the doors, once the tests run */
export function queueFillingsContract(
  open: () => { readonly queues: Queues; readonly queueFillings: QueueFillings }
): void {
  test("a rule adds each trace once, within its caps, and moves on only from where it stood", async () => {
    const { queues, queueFillings } = open();
    const selection = { kind: "cluster", mapId: "m", clusterId: 1 } as const;
    const { queueId } = await queues.create(scope, {
      ...{ title: "Filled", rubric: plainRubric, items: [item("f1", 1)] },
      origin: { selection, mapVersion: 1, sql: "select 1", snapshotId: 1 },
      rule: { count: 1, by: { kind: "unit" }, spread: "equal", seed: 1 }
    });
    expect(await queueFillings.find(scope, queueId)).toBeNull();
    await expect(queueFillings.find(stranger, queueId)).rejects.toMatchObject({ code: "missing" });
    const terms = { predicate: " true ", rate: 0.5, fromMs: 5, dailyCap: 3, totalCap: 4 };
    const made = await queueFillings.put(scope, queueId, terms, 7);
    expect(made).toMatchObject({ predicate: "true", fromMs: 5, added: 0, pause: null, cursor: { snapshotId: 7 } });
    expect((await queueFillings.listActive()).map((one) => one.queueId)).toContain(queueId);
    const note = (from: number, to: number, ...ids: readonly string[]) =>
      queueFillings.notePass(queueId, from, {
        ...{ seen: 2 * ids.length, sampled: ids.map((id) => item(id)) },
        cursor: { snapshotId: to, seenAtMs: 1, waiting: [], failures: 0 }
      });
    const tries = await Promise.all([note(7, 8, "f1", "f2", "f3"), note(7, 8, "f1", "f2", "f3")]);
    expect([...tries].sort()).toEqual([0, 2]);
    expect(await note(8, 9, "f3", "f4", "f5", "f6")).toBe(1);
    const items = await queues.listItems(scope, queueId, { offset: 0, limit: 10 });
    expect(items.map(({ position, inclusionProbability: chance }) => [position, chance])).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 0.5],
      [4, 0.5 / 3]
    ]);
    expect(await queueFillings.find(scope, queueId)).toMatchObject({
      added: 3,
      days: [{ seen: 14, sampled: 5, added: 3 }]
    });
    await queueFillings.pause(scope, queueId);
    expect(await note(9, 10, "f9")).toBe(0);
    await queueFillings.pauseBecause(queueId, "odd");
    expect((await queueFillings.find(scope, queueId))?.pause).toMatchObject({ userId: null, because: "odd" });
    await queueFillings.resume(scope, queueId);
    await queues.remove(scope, queueId);
    expect((await queueFillings.listActive()).map((one) => one.queueId)).not.toContain(queueId);
  });
}
