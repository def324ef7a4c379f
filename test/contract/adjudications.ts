import { expect, test } from "vitest";
import type { Reviewing } from "#lib/model/queue.ts";
import { plainRubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { GoldItems } from "#lib/ports/gold-items.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { Votes } from "#lib/ports/votes.ts";

/** The doors that adjudications stand between. */
export interface AdjudicationBench {
  readonly queues: Queues;
  readonly reviews: Reviews;
  readonly annotations: Annotations;
  readonly adjudications: Adjudications;
  readonly votes: Votes;
  readonly goldItems: GoldItems;
}

const person = (userId: string, businessUnit = "support"): Scope => ({
  ...{ userId, roles: [], businessUnits: [businessUnit] }
});
const [ann, bob, lead] = [person("ann"), person("bob"), person("lead")];
const stranger = person("lawyer", "legal");
const key = (traceId: string) => ({ traceId, businessUnit: "support" });

/** What every database keeps of adjudications. @param open  the doors, once the tests run */
export function adjudicationsContract(open: () => AdjudicationBench): void {
  const make = async (traces: readonly string[], reviewing: Partial<Reviewing> = {}) => {
    const items = traces.map((traceId) => ({ ...key(traceId), stratum: "all", inclusionProbability: 1 }));
    const selection = { kind: "cluster", mapId: "m", clusterId: 1 } as const;
    const { queueId } = await open().queues.create(lead, {
      ...{ title: "Contested", rubric: plainRubric, items },
      origin: { selection, mapVersion: 1, sql: "select 1", snapshotId: 1 },
      rule: { count: traces.length, by: { kind: "unit" }, spread: "equal", seed: 1 },
      reviewing: { reviewsPerItem: 2, ...reviewing }
    });
    return queueId;
  };
  const judge = (who: Scope, queueId: string, traceId: string, label: string, asks = false) =>
    open().reviews.submit(who, queueId, key(traceId), {
      ...{ rubricVersion: 1, baseVersion: 0, durationMs: 1000 },
      judgement: {
        ...{ kind: "labelled", label, note: "", quotes: [], correctedOutput: null, scales: {}, fields: {} },
        flags: asks ? ["to be adjudicated"] : []
      }
    });
  const decide = (queueId: string, traceId: string, label: string | null, baseVersion = 0, reason = "read it twice") =>
    open().adjudications.decide(lead, queueId, key(traceId), { label, reason, baseVersion, rubricVersion: 1 });
  const verdictOf = async (queueId: string, traceId: string) =>
    (await open().queues.findItem(lead, queueId, key(traceId))).verdict;

  test("what reviewers disagree on is decided with a reason, as versions, and as an annotation that says so", async () => {
    const { queues, adjudications, annotations } = open();
    const queueId = await make(["x1", "x2", "x3"]);
    for (const [traceId, label] of [
      ["x1", "bad"],
      ["x2", "good"],
      ["x3", "good"]
    ] as const) {
      await judge(ann, queueId, traceId, "good");
      await judge(bob, queueId, traceId, label, traceId === "x3");
    }
    expect(await queues.find(ann, queueId)).toMatchObject({ done: 3, contested: 2 });
    expect(await verdictOf(queueId, "x1")).toEqual({ kind: "contested", label: null });
    expect(await verdictOf(queueId, "x2")).toEqual({ kind: "unanimous", label: "good" });
    expect((await adjudications.findNext(lead, queueId, null))?.traceId).toBe("x1");
    expect((await adjudications.findNext(lead, queueId, key("x1")))?.traceId).toBe("x3");
    expect((await adjudications.findNext(lead, queueId, key("x3")))?.traceId).toBe("x1");
    await expect(decide(queueId, "x1", "bad", 0, " ")).rejects.toMatchObject({ message: "a decision needs a reason" });
    await expect(decide(queueId, "x1", "great")).rejects.toMatchObject({ message: 'the rubric has no label "great"' });
    const tries = await Promise.allSettled([decide(queueId, "x1", "bad"), decide(queueId, "x1", "good")]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [first] = await adjudications.list(lead, queueId, key("x1"));
    expect(await verdictOf(queueId, "x1")).toEqual({ kind: "adjudicated", label: first?.label });
    await decide(queueId, "x1", "unsure", 1, "  neither ");
    const decisions = async () =>
      (await annotations.list(lead, { traceId: "x1" }))
        .filter(({ source }) => source === "adjudication")
        .map(({ label, note, userId, version }) => [label, note, userId, version]);
    expect(await decisions()).toEqual([["unsure", "neither", "lead", 2]]);
    expect(await annotations.list(lead, { traceId: "x1" })).toHaveLength(3);
    await decide(queueId, "x1", null, 2, "taken back");
    expect(await decisions()).toEqual([]);
    expect(await verdictOf(queueId, "x1")).toEqual({ kind: "contested", label: null });
    expect(await adjudications.list(lead, queueId)).toMatchObject([{ traceId: "x1", version: 3, label: null }]);
  });

  test("where most decide, only a draw is contested", async () => {
    const queueId = await make(["y1", "y2"], { reviewsPerItem: 3, decideBy: "majority" });
    for (const [who, first, second] of [
      [ann, "bad", "good"],
      [bob, "bad", "bad"],
      [lead, "good", "unsure"]
    ] as const) {
      await judge(who, queueId, "y1", first);
      await judge(who, queueId, "y2", second);
    }
    expect(await verdictOf(queueId, "y1")).toEqual({ kind: "majority", label: "bad" });
    expect(await verdictOf(queueId, "y2")).toEqual({ kind: "contested", label: null });
  });

  test("a queue that names its reviewers gives nothing to others", async () => {
    const { reviews } = open();
    const queueId = await make(["z1"], { reviewsPerItem: 1, reviewers: ["ann"] });
    const denied = { code: "denied", message: "this queue names its reviewers, and you are not among them" };
    await expect(reviews.holdNext(bob, queueId, null)).rejects.toMatchObject(denied);
    await expect(reviews.hold(bob, queueId, key("z1"))).rejects.toMatchObject(denied);
    await expect(judge(bob, queueId, "z1", "bad")).rejects.toMatchObject(denied);
    expect((await reviews.holdNext(ann, queueId, null))?.traceId).toBe("z1");
  });

  test("votes are the newest of each, gold items are told to nobody else, and a stamp tells when to count anew", async () => {
    const { queues, reviews, votes, goldItems } = open();
    const queueId = await make(["v1", "v2"], { reviewsPerItem: 1 });
    const stamps = [await votes.readStamp(ann, queueId)];
    await judge(ann, queueId, "v1", "good");
    await judge(bob, queueId, "v2", "bad");
    stamps.push(await votes.readStamp(ann, queueId));
    const taken = { rubricVersion: 1, baseVersion: 1, durationMs: 0, judgement: { kind: "withdrawn" } } as const;
    await reviews.submit(bob, queueId, key("v2"), taken);
    stamps.push(await votes.readStamp(ann, queueId));
    expect(await votes.list(ann, queueId, true)).toEqual([
      {
        ...{ ...key("v1"), userId: "ann", kind: "labelled", label: "good", durationMs: 1000, scales: {}, left: null },
        state: "done"
      }
    ]);
    await goldItems.put(lead, queueId, key("v2"), "good");
    await goldItems.put(lead, queueId, key("v2"), "bad");
    stamps.push(await votes.readStamp(ann, queueId));
    expect(new Set(stamps).size).toBe(4);
    expect(await goldItems.list(lead, queueId)).toMatchObject([{ ...key("v2"), label: "bad", userId: "lead" }]);
    const item = await queues.findItem(ann, queueId, key("v2"));
    expect(Object.keys(item)).toEqual(Object.keys(await queues.findItem(ann, queueId, key("v1"))));
    expect(await queues.countVerdicts(ann, queueId)).toMatchObject({ unanimous: 1, open: 1 });
    await expect(goldItems.put(stranger, queueId, key("v1"), "bad")).rejects.toMatchObject({ code: "missing" });
    await expect(votes.list(stranger, queueId, false)).rejects.toMatchObject({ code: "missing" });
    await queues.remove(lead, queueId);
    await expect(goldItems.list(lead, queueId)).rejects.toMatchObject({ code: "missing" });
  });

  test("nobody reads or decides what is contested in other units, nor learns that it is there", async () => {
    const { adjudications } = open();
    const queueId = await make(["w1"]);
    const missing = { code: "missing", message: `there is no queue "${queueId}"` };
    await expect(adjudications.findNext(stranger, queueId, null)).rejects.toMatchObject(missing);
    await expect(adjudications.list(stranger, queueId)).rejects.toMatchObject(missing);
    const given = { label: "bad", reason: "mine", baseVersion: 0, rubricVersion: 1 };
    await expect(adjudications.decide(stranger, queueId, key("w1"), given)).rejects.toMatchObject(missing);
    await expect(decide(queueId, "w2", "bad")).rejects.toMatchObject({ code: "missing" });
    await expect(adjudications.decide(lead, queueId, key("w1"), { ...given, rubricVersion: 2 })).rejects.toMatchObject({
      code: "conflict"
    });
  });
}
