import { afterEach, beforeEach, expect, test } from "vitest";
import type { FillingTerms } from "#lib/model/queue-filling.ts";
import { plainRubric } from "#lib/model/rubric.ts";
import { fillByRule } from "#lib/work/fill-by-rule.ts";
import { QueueFiller } from "#lib/work/keep-filling.ts";
import { hexId } from "../spans.ts";
import { openRules, scope, tell } from "./rule-fixture.ts";

let rules: Awaited<ReturnType<typeof openRules>>;
let filler: QueueFiller;
let queueId = "";
const reported: unknown[] = [];
const signal = new AbortController().signal;
beforeEach(async () => {
  rules = await openRules();
  reported.length = 0;
  const { lake, clock, parser } = rules.doors;
  const doors = { lake, clock, parser, queueFillings: rules.state.queueFillings };
  filler = new QueueFiller({
    ...doors,
    pause: async () => undefined,
    report: (error) => {
      reported.push(error);
    }
  });
  await rules.append(tell("first", "fine"), tell("first claim", "fine", { unit: "claims" }));
  const selection = { kind: "cluster", mapId: "m", clusterId: 1 } as const;
  const queue = await rules.state.queues.create(scope, {
    ...{ title: "Filled", rubric: plainRubric, reviewing: {} },
    origin: { selection, mapVersion: 1, sql: "select 1", snapshotId: 1 },
    rule: { count: 1, by: { kind: "unit" }, spread: "equal", seed: 1 },
    items: [
      { traceId: hexId("first", 32), businessUnit: "support", stratum: "all", inclusionProbability: 1 },
      { traceId: hexId("first claim", 32), businessUnit: "claims", stratum: "all", inclusionProbability: 1 }
    ]
  });
  queueId = queue.queueId;
});
afterEach(() => rules.close());

const make = (terms: Partial<FillingTerms> = {}) =>
  fillByRule({ ...rules.doors, ...rules.state, lake: rules.lake }, scope, queueId, {
    ...{ predicate: "true", rate: 1, fromMs: null, dailyCap: null, totalCap: 100 },
    ...terms
  });
const look = async () => {
  const before = await filler.look(signal);
  rules.wait(2_500);
  return before + (await filler.look(signal));
};
const items = async () => (await rules.state.queues.listItems(scope, queueId, { offset: 0, limit: 1000 })).slice(2);
const many = (n: number, prefix: string) => Array.from({ length: n }, (_, at) => tell(`${prefix}${at}`, "fine"));
const found = () => rules.state.queueFillings.find(scope, queueId);

test("a rule puts what arrives and matches at the end of the queue, once, with its chance", async () => {
  await make({ predicate: "agent = 'refunds'" });
  await rules.append(tell("a", "x", { agent: "refunds" }), tell("b", "x", { agent: "other" }));
  expect(await look()).toBe(1);
  const [item] = await items();
  expect(item).toMatchObject({ traceId: hexId("a", 32), position: 2, inclusionProbability: 1, state: "waiting" });
  await rules.append({ ...tell("a", "more", { agent: "refunds" }), spanId: hexId("a-later", 16) });
  expect(await look()).toBe(0);
  expect(await items()).toHaveLength(1);
  expect(await found()).toMatchObject({ added: 1, pause: null, days: [{ seen: 2, sampled: 1, added: 1 }] });
  expect(reported).toEqual([]);
});

test("traces that began before the rule's instant are left alone, whenever they arrive", async () => {
  const startMs = Date.UTC(2026, 10, 20);
  await make({ fromMs: startMs });
  await rules.append(tell("before", "x", { atMs: startMs - 1 }), tell("at", "x", { atMs: startMs }));
  expect(await look()).toBe(1);
  expect((await items()).map(({ traceId }) => traceId)).toEqual([hexId("at", 32)]);
});

test("caps draw a sample of the sample, whose chance is less by as much, and a full rule pauses itself", async () => {
  await make({ rate: 0.5, dailyCap: 10, totalCap: 15 });
  await rules.append(...many(100, "t"));
  await look();
  const drawn = await items();
  expect(drawn).toHaveLength(10);
  const { days } = (await found())!;
  expect(days[0]).toMatchObject({ seen: 100, added: 10 });
  expect(days[0]!.sampled).toBeGreaterThan(30);
  for (const item of drawn) expect(item.inclusionProbability).toBeCloseTo((0.5 * 10) / days[0]!.sampled, 9);
  await rules.append(...many(40, "u"));
  expect(await look()).toBe(0);
  rules.wait(86_400_000);
  await rules.append(...many(40, "v"));
  expect(await look()).toBe(5);
  expect((await found())?.pause).toMatchObject({
    userId: null,
    because: "it has put 15 traces into the queue, which is its most"
  });
});

test("a paused rule goes on where it stopped, and one that is removed leaves its items", async () => {
  const { queueFillings } = rules.state;
  await make();
  await queueFillings.pause(scope, queueId);
  await rules.append(tell("a", "x"));
  expect(await look()).toBe(0);
  await queueFillings.resume(scope, queueId);
  expect(await look()).toBe(1);
  await queueFillings.remove(scope, queueId);
  await rules.append(tell("b", "x"));
  expect(await look()).toBe(0);
  expect([await found(), (await items()).length]).toEqual([null, 1]);
  await expect(queueFillings.pause(scope, queueId)).rejects.toMatchObject({ code: "missing" });
});

test("a pass that dies before it is noted, or is done twice at once, adds each trace once", async () => {
  const { queueFillings } = rules.state;
  await make();
  await rules.append(...many(5, "t"));
  const note = queueFillings.notePass;
  Object.assign(queueFillings, { notePass: () => Promise.reject(new Error("killed")) });
  await look();
  expect([reported.length > 0, (await items()).length]).toEqual([true, 0]);
  Object.assign(queueFillings, {
    notePass: (...pass: Parameters<typeof note>) => note(...pass).then(() => note(...pass))
  });
  await look();
  Object.assign(queueFillings, { notePass: note });
  expect(await items()).toHaveLength(5);
});

test("an odd condition is refused with the engine's sentence, and one that breaks later pauses the rule", async () => {
  await expect(make({ predicate: "colour = 1" })).rejects.toMatchObject({ code: "invalid" });
  await expect(make({ predicate: "select * from annotations" })).rejects.toMatchObject({ code: "invalid" });
  for (const odd of [{ rate: 0 }, { totalCap: 0 }, { dailyCap: 5001 }, { predicate: " " }])
    await expect(make(odd)).rejects.toMatchObject({ code: "invalid" });
  await rules.state.queueFillings.put(
    scope,
    queueId,
    {
      ...{ predicate: "colour = 1", rate: 1, fromMs: null, dailyCap: null, totalCap: 9 }
    },
    0
  );
  await rules.append(tell("a", "x"));
  await look();
  expect((await found())?.pause?.because).toMatch(/colour/);
  const other = { ...scope, businessUnits: ["support"] };
  expect(await rules.state.queueFillings.find(other, queueId)).toBeNull();
  const terms = { predicate: "true", rate: 1, fromMs: null, dailyCap: null, totalCap: 9 };
  await expect(rules.state.queueFillings.put(other, queueId, terms, 0)).rejects.toMatchObject({ code: "denied" });
});
