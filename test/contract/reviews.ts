import { expect, test } from "vitest";
import { isKeptBlind } from "#lib/model/queue.ts";
import type { Judgement } from "#lib/model/review.ts";
import { plainRubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { NewQueue, QueueItemKey, Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import { blindLabels } from "#lib/server/state/blind-labels-migration.ts";
import type { State } from "#lib/server/state/state.ts";

/** The doors that reviews stand between, and a clock that the test sets. */
export interface ReviewBench {
  readonly db: State["db"];
  readonly queues: Queues;
  readonly reviews: Reviews;
  readonly annotations: Annotations;
  pass(ms: number): void;
}

const person = (userId: string, businessUnits: readonly string[] = ["sales", "support"]): Scope => ({
  userId,
  roles: ["expert"],
  businessUnits
});
const [ann, bob, eve] = [person("ann"), person("bob"), person("eve")];
const lawyer = person("lawyer", ["legal"]);

const key = (traceId: string, businessUnit = "support"): QueueItemKey => ({ traceId, businessUnit });
const bad = (note = "wrong amount"): Judgement => ({
  ...{ kind: "labelled", label: "bad", note, quotes: [], correctedOutput: null, flags: [], scales: {}, fields: {} }
});

/** What every database keeps of reviews. @param open  the doors, once the tests run */
export function reviewsContract(open: () => ReviewBench): void {
  const make = async (traces: readonly string[], given: Partial<NewQueue> = {}) => {
    const items = traces.map((traceId) => ({ ...key(traceId), stratum: "all", inclusionProbability: 0.5 }));
    const origin = {
      selection: { kind: "cluster", mapId: "m", clusterId: 1 } as const,
      mapVersion: 1,
      sql: "select 1",
      snapshotId: 1
    };
    const rule = { count: traces.length, by: { kind: "unit" }, spread: "equal", seed: 1 } as const;
    const queue = { title: "Refunds", origin, rule, rubric: plainRubric, items, ...given };
    return (await open().queues.create(ann, queue)).queueId;
  };
  const submit = (scope: Scope, queueId: string, item: QueueItemKey, judgement: Judgement, baseVersion = 0) =>
    open().reviews.submit(scope, queueId, item, { judgement, rubricVersion: 1, baseVersion, durationMs: 1200.4 });
  const idOf = (item: { readonly traceId: string } | null) => item?.traceId ?? null;

  test("each reviewer is given items that nobody else has open, in order, and from the start again", async () => {
    const { reviews } = open();
    const queueId = await make(["t1", "t2", "t3"]);
    expect(idOf(await reviews.holdNext(ann, queueId, null))).toBe("t1");
    expect(idOf(await reviews.holdNext(bob, queueId, null))).toBe("t2");
    expect(idOf(await reviews.holdNext(eve, queueId, null))).toBe("t3");
    expect(await reviews.holdNext(person("dan"), queueId, null)).toBeNull();
    await expect(reviews.hold(bob, queueId, key("t1"))).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^ann has this trace open until \d{4}-/) as unknown
    });
    await reviews.release(ann, queueId, key("t1"));
    expect(idOf(await reviews.holdNext(bob, queueId, key("t2")))).toBe("t1");
  });

  test("of fifty reviewers who ask at once no two get the same item", async () => {
    const { reviews } = open();
    const traces = Array.from({ length: 60 }, (_, at) => `r${at}`);
    const queueId = await make(traces);
    const people = Array.from({ length: 50 }, (_, at) => person(`p${at}`));
    const given = (await Promise.all(people.map((who) => reviews.holdNext(who, queueId, null)))).map(idOf);
    expect(new Set(given).size).toBe(50);
    expect(given).not.toContain(null);
  });

  test("an item that its reviewer left without a word is free again after a while, and what they then send is kept", async () => {
    const { reviews, queues, pass } = open();
    const queueId = await make(["t1"]);
    await reviews.holdNext(ann, queueId, null);
    pass(4 * 60_000);
    await reviews.hold(ann, queueId, key("t1"));
    pass(4 * 60_000);
    expect(await reviews.holdNext(bob, queueId, null)).toBeNull();
    pass(60_001);
    expect(idOf(await reviews.holdNext(bob, queueId, null))).toBe("t1");
    await submit(bob, queueId, key("t1"), bad());
    await submit(ann, queueId, key("t1"), bad("mine, too"));
    expect((await reviews.list(ann, queueId)).map(({ userId }) => userId)).toEqual(["bob", "ann"]);
    expect(await queues.find(ann, queueId)).toMatchObject({ done: 1 });
  });

  test("a label is the reviewer's annotation, a change is a new version, and taking it back takes it away", async () => {
    const { reviews, queues, annotations } = open();
    const queueId = await make(["ta"], { title: "Versions" });
    const said = async () =>
      (await annotations.list(ann, { traceId: "ta" })).map(({ label, note, version, userId }) => [
        ...[label, note, version, userId]
      ]);
    await reviews.holdNext(ann, queueId, null);
    const first = await submit(ann, queueId, key("ta"), bad("  wrong amount "));
    expect(first).toMatchObject({ version: 1, durationMs: 1200, judgement: { note: "wrong amount" } });
    expect(await said()).toEqual([["bad", "wrong amount", 1, "ann"]]);
    expect(await queues.findItem(ann, queueId, key("ta"))).toMatchObject({ state: "done", doneBy: "ann" });
    await submit(ann, queueId, key("ta"), { ...bad("on reading again"), label: "good" } as Judgement, 1);
    expect(await said()).toEqual([["good", "on reading again", 2, "ann"]]);
    await submit(ann, queueId, key("ta"), { kind: "withdrawn" }, 2);
    expect(await said()).toEqual([]);
    expect(await queues.findItem(ann, queueId, key("ta"))).toMatchObject({ state: "waiting", doneBy: null });
    expect(await reviews.holdNext(bob, queueId, null)).toBeNull();
    await submit(ann, queueId, key("ta"), bad(), 3);
    expect(await said()).toEqual([["bad", "wrong amount", 4, "ann"]]);
    await expect(submit(ann, queueId, key("ta"), bad(), 3)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a label that its reviewer took back, or changed into another, can be put on the trace again", async () => {
    const { annotations } = open();
    const queueId = await make(["tg"]);
    await submit(ann, queueId, key("tg"), { ...bad(), label: "unsure" } as Judgement);
    expect(await annotations.tag(bob, [key("tg")], "unsure", "by hand")).toBe(0);
    await submit(ann, queueId, key("tg"), bad(), 1);
    await submit(ann, queueId, key("tg"), { kind: "withdrawn" }, 2);
    for (const label of ["unsure", "bad"]) expect(await annotations.tag(bob, [key("tg")], label, "by hand")).toBe(1);
    expect(await annotations.list(bob, { traceId: "tg" })).toHaveLength(2);
  });

  test("an item that needs two reviews is given to two, and is done after both", async () => {
    const { reviews, queues, annotations } = open();
    const queueId = await make(["tb"], { reviewing: { reviewsPerItem: 2, isBlind: true } });
    expect(await queues.find(ann, queueId)).toMatchObject({ reviewing: { reviewsPerItem: 2, isBlind: true } });
    expect(idOf(await reviews.holdNext(ann, queueId, null))).toBe("tb");
    expect(idOf(await reviews.holdNext(bob, queueId, null))).toBe("tb");
    expect(await reviews.holdNext(eve, queueId, null)).toBeNull();
    await submit(ann, queueId, key("tb"), bad());
    const labelsOf = async (who: Scope, filter?: { readonly traceId: string }) =>
      (await annotations.list(who, filter)).filter(({ traceId }) => traceId === "tb").map(({ userId }) => userId);
    expect(await labelsOf(bob, { traceId: "tb" })).toEqual([]);
    expect(await labelsOf(ann, { traceId: "tb" })).toEqual(["ann"]);
    // Kernels are shared by all who see the same units.
    for (const who of [ann, bob]) expect(await labelsOf(who)).toEqual([]);
    expect((await queues.findItem(ann, queueId, key("tb"))).state).toBe("waiting");
    expect(await reviews.holdNext(ann, queueId, null)).toBeNull();
    await submit(bob, queueId, key("tb"), bad());
    expect((await queues.findItem(ann, queueId, key("tb"))).state).toBe("done");
    for (const who of [ann, bob]) expect((await labelsOf(who)).sort()).toEqual(["ann", "bob"]);
    await expect(reviews.hold(eve, queueId, key("tb"))).rejects.toMatchObject({
      message: "ann, bob judged this trace already"
    });
  });

  test("a tag tells nothing of what others said of an item of a blind queue, nor does one that is open hide it", async () => {
    const { annotations } = open();
    const [blind, seen] = [
      await make(["tw"], { reviewing: { reviewsPerItem: 2, isBlind: true } }),
      await make(["tx"], { reviewing: { reviewsPerItem: 2, isBlind: false } })
    ];
    await submit(ann, blind, key("tw"), bad());
    await submit(ann, seen, key("tx"), bad());
    expect(await annotations.tag(bob, [key("tw")], "bad", "")).toBe(1);
    expect(await annotations.list(bob, { traceId: "tw" })).toMatchObject([{ userId: "bob" }]);
    expect(await annotations.list(bob, { traceId: "tx" })).toMatchObject([{ userId: "ann" }]);
    expect(await annotations.tag(bob, [key("tx")], "bad", "")).toBe(0);
  });

  test.each([true, false])(
    "with isBlind %s, others read what was said where isKeptBlind lets them, and one's own is there always",
    async (isBlind) => {
      const { reviews, queues, annotations } = open();
      const queueId = await make(["tk"], { reviewing: { reviewsPerItem: 2, isBlind } });
      const read = async (who: Scope) => {
        const item = await queues.findItem(who, queueId, key("tk"));
        const said = (await reviews.list(who, queueId, key("tk"))).filter(
          ({ judgement }) => judgement.kind !== "withdrawn"
        );
        const labels = (await annotations.list(who, { traceId: "tk" })).filter(({ note }) => note === queueId);
        const all = (await reviews.listAll(who, queueId)).filter(({ judgement }) => judgement.kind !== "withdrawn");
        const names = [said, labels, all].map((rows) => rows.map(({ userId }) => userId).sort());
        return { isKept: isKeptBlind(item, { isBlind }), said: names[0]!, labels: names[1]!, all: names[2]! };
      };
      const steps: readonly (readonly [Scope, Judgement, number])[] = [
        [ann, bad(queueId), 0],
        [bob, bad(queueId), 0],
        [ann, { kind: "withdrawn" }, 1],
        [ann, { ...bad(queueId), label: "good" } as Judgement, 2]
      ];
      const keeps: boolean[] = [];
      for (const [who, judgement, base] of steps) {
        await submit(who, queueId, key("tk"), judgement, base);
        for (const reader of [ann, bob, eve]) {
          const { isKept, said, labels, all } = await read(reader);
          expect(said).toEqual(isKept ? all.filter((userId) => userId === reader.userId) : all);
          expect(labels).toEqual(said);
          if (reader === eve) keeps.push(isKept);
        }
      }
      expect(keeps).toEqual([isBlind, false, isBlind, false]);
    }
  );

  test("labels that were given before queues were noted with them are as hidden", async () => {
    const { annotations, db } = open();
    const queueId = await make(["ty"], { reviewing: { reviewsPerItem: 2, isBlind: true } });
    await submit(ann, queueId, key("ty"), bad());
    await db.schema.alterTable("annotations").dropColumn("queue_id").execute();
    await blindLabels.up(db as never);
    expect(await annotations.list(bob, { traceId: "ty" })).toEqual([]);
    expect(await annotations.list(ann, { traceId: "ty" })).toHaveLength(1);
  });

  test("a skipped item goes to others and does not come back to the one who skipped it", async () => {
    const { reviews } = open();
    const queueId = await make(["tc"]);
    await reviews.holdNext(ann, queueId, null);
    await expect(submit(ann, queueId, key("tc"), { kind: "skipped", reason: " " })).rejects.toMatchObject({
      code: "invalid"
    });
    await submit(ann, queueId, key("tc"), { kind: "skipped", reason: "not my field" });
    expect(await reviews.holdNext(ann, queueId, null)).toBeNull();
    expect(idOf(await reviews.holdNext(bob, queueId, null))).toBe("tc");
  });

  test("a rubric that changes while an item is open is told, and so is a label that it does not have", async () => {
    const { reviews, queues } = open();
    const queueId = await make(["td"]);
    await reviews.holdNext(ann, queueId, null);
    await expect(submit(ann, queueId, key("td"), { ...bad(), label: "great" } as Judgement)).rejects.toMatchObject({
      code: "invalid",
      message: 'the rubric has no label "great"'
    });
    await queues.changeRubric(ann, queueId, 1, { ...plainRubric, needsJustification: true });
    await expect(submit(ann, queueId, key("td"), bad())).rejects.toMatchObject({
      code: "conflict",
      message: "the rubric was changed while this trace was open"
    });
    const now = { rubricVersion: 2, baseVersion: 0, durationMs: 0 };
    await expect(reviews.submit(ann, queueId, key("td"), { ...now, judgement: bad(" ") })).rejects.toMatchObject({
      message: '"bad" needs a reason'
    });
    expect(await reviews.submit(ann, queueId, key("td"), { ...now, judgement: bad() })).toMatchObject({
      rubricVersion: 2
    });
  });

  test("a label comes with a number on each scale and the texts that the rubric needs", async () => {
    const { reviews } = open();
    const tone = { name: "Tone", meaning: "rude to kind", hotkey: "t", low: 1, high: 5 };
    const statute = { name: "Statute", hotkey: "z", isRequired: true };
    const aside = { name: "Aside", hotkey: "v", isRequired: false };
    const rubric = { ...plainRubric, scales: [tone], fields: [statute, aside] };
    const queueId = await make(["tf"], { rubric });
    const said = (scales: Record<string, number>, fields: Record<string, string>) =>
      ({ ...bad(), scales, fields }) as Judgement;
    const refused = async (judgement: Judgement, message: string) =>
      expect(submit(ann, queueId, key("tf"), judgement)).rejects.toMatchObject({ code: "invalid", message });
    await refused(said({}, { Statute: "§ 4" }), '"Tone" has no number');
    await refused(said({ Tone: 6 }, { Statute: "§ 4" }), '"Tone" is 6, and goes from 1 to 5');
    await refused(said({ Tone: 2 }, { Statute: " " }), '"Statute" is empty');
    await submit(ann, queueId, key("tf"), said({ Tone: 2, Other: 9 }, { Statute: " § 4 ", Aside: "", Other: "x" }));
    expect((await reviews.list(ann, queueId))[0]?.judgement).toMatchObject({
      scales: { Tone: 2 },
      fields: { Statute: "§ 4" }
    });
  });

  test("nobody opens, judges or reads items of other units, nor learns that they are there", async () => {
    const { reviews, queues } = open();
    const queueId = await make(["te"]);
    await submit(ann, queueId, key("te"), bad());
    const missing = { code: "missing" };
    await expect(reviews.holdNext(lawyer, queueId, null)).rejects.toMatchObject(missing);
    await expect(reviews.hold(lawyer, queueId, key("te"))).rejects.toMatchObject(missing);
    await expect(reviews.list(lawyer, queueId)).rejects.toMatchObject(missing);
    await expect(submit(lawyer, queueId, key("te"), bad())).rejects.toMatchObject(missing);
    const sales = person("sam", ["sales"]);
    await expect(reviews.hold(sales, queueId, key("te"))).rejects.toMatchObject(missing);
    await expect(queues.findItem(sales, queueId, key("te"))).rejects.toMatchObject(missing);
    await expect(reviews.hold(ann, queueId, key("te", "sales"))).rejects.toMatchObject(missing);
  });
}
