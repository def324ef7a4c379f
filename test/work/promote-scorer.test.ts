import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/model/scope.ts";
import { openModel } from "#lib/server/model/model.ts";
import {
  type ComparisonEvent,
  type ComparisonRequest,
  parseComparisonRequest,
  parsePromoteRequest,
  parsePromotionGroundRequest
} from "#lib/wire/promotion.ts";
import { defaultLimits } from "#lib/work/desk-doors.ts";
import { type PromotionDoors, ScorerPromotions } from "#lib/work/promote-scorer.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { openEndpoint, type TestEndpoint } from "../server/model/endpoint.ts";
import { makeSpan } from "../spans.ts";
import { openDesk } from "./desk-fixture.ts";

let desk: Awaited<ReturnType<typeof openDesk>>;
let kernels: ScopeKernels;
let endpoint: TestEndpoint;
let promotions: ScorerPromotions;

const idOf = (n: number) => makeSpan({ traceId: `t${n}`, spanId: "root" }).traceId;
const ann: Scope = { ...scopeOf(["claims", "support"], "lead"), userId: "ann" };
const never = new AbortController().signal;

/** The scorer double fails what holds its word; billing traces say "denied". */
const textOf = (word: string) =>
  `---\nbusiness_units: [claims, support]\n---\n\`\`\`ts scorer refund_ok\n${word}\n\`\`\`\n\n\`\`\`yaml score verdicts\nscorer: refund_ok\noptions: { strict: true }\n\`\`\`\n\n\`\`\`yaml calibration how\nscores: verdicts\nlabels: annotations\npasses: [kind]\n\`\`\`\n`;

const open = (changed: Partial<PromotionDoors> = {}) => {
  const { lake, compiler, sandbox, workbooks, clock } = desk.doors;
  const { promotedScorers } = desk.state;
  return new ScorerPromotions({
    ...{ lake, compiler, sandbox, workbooks, clock, promotedScorers, kernels, model: null, limits: defaultLimits },
    ...changed
  });
};

beforeAll(async () => {
  desk = await openDesk();
  kernels = new ScopeKernels(desk.lake);
  promotions = open();
  // Of the support traces 0, 2, … 18 people call those of billing rude, and one more.
  const label = (n: number) => (n % 4 === 0 || n === 2 ? "rude" : "kind");
  for (let n = 0; n < 20; n += 2)
    await desk.state.annotations.tag(ann, [{ traceId: idOf(n), businessUnit: "support" }], label(n), "");
  endpoint = await openEndpoint(({ messages }) => ({
    kind: "say",
    content: JSON.stringify({
      reason: "So it is.",
      evidence: [],
      label: messages[1]!.content.includes("granted") ? "pass" : "fail"
    })
  }));
});
afterAll(async () => {
  await kernels.close();
  await desk.close();
  endpoint.close();
});

const place = (text: string, cell = "refund_ok") => ({ workbook: "weekly", cell, text });
const wish = (changed: Partial<ComparisonRequest> = {}): ComparisonRequest => ({
  ...{ text: "", base: null, use: "verdicts", units: ["claims", "support"], random: 10, seed: 1, budgetUsd: null },
  sides: { fine: ["kind"], wrong: ["rude"] },
  ...changed
});

async function compare(text: string, asked: ComparisonRequest, who = ann, by = promotions, cell = "refund_ok") {
  const events: ComparisonEvent[] = [];
  for await (const event of by.compare(who, place(text, cell), asked, never)) events.push(event);
  return events;
}

async function compared(...ask: Parameters<typeof compare>) {
  const last = (await compare(...ask)).at(-1);
  if (last?.kind !== "compared") throw new Error(`it was not compared: ${JSON.stringify(last)}`);
  return last;
}

async function save(text: string): Promise<number> {
  const { workbooks } = desk.doors;
  const known = await workbooks.find(ann, "weekly");
  if (!known) {
    const { revision } = await workbooks.create(ann, "weekly", "Weekly", text);
    await desk.state.shares.put(ann, "weekly", "unit:claims", "edit");
    return revision;
  }
  const saved = await workbooks.save(ann, "weekly", "Weekly", text, known.revision);
  if (saved.kind !== "saved") throw new Error("not saved");
  return saved.workbook.revision;
}

test("the ground tells what a scorer can be promoted as, and what labels mean by the workbook's calibration", async () => {
  const ground = await promotions.ground(ann, place(textOf("denied")), never);
  expect(ground).toMatchObject({ name: "refund_ok", kind: "code", uses: ["verdicts"], heads: [], suggested: null });
  expect(ground.units).toEqual(["claims", "support"]);
  expect(ground.labels).toEqual([
    { label: "rude", traces: 6 },
    { label: "kind", traces: 4 }
  ]);
  expect(ground.sides).toEqual({ fine: ["kind"], wrong: ["rude"] });
  const claims = await promotions.ground({ ...ann, businessUnits: ["claims"] }, place(textOf("denied")), never);
  expect(claims).toMatchObject({ units: ["claims"], labels: [], sides: { fine: [], wrong: [] } });
});

test("a first version is measured against people, promoted with that, and the next is held against it", async () => {
  const first = textOf("denied");
  const { comparison, comparisonId, changed } = await compared(first, wish());
  expect(comparison).toMatchObject({ labelled: 10, random: 10, base: null, changes: null, target: "trace" });
  // "denied" stands in billing traces alone: 5 of the 10, and people call 6 rude.
  expect(comparison.next.agreement).toMatchObject({
    n: 10,
    confusion: { failedBoth: 5, missed: 1, passedBoth: 4, falseAlarms: 0 }
  });
  expect(changed).toEqual([]);
  const revision = await save(first);
  const choice = { base: null, use: "verdicts", units: ["claims", "support"] };
  const one = await promotions.promote(ann, place(""), { ...choice, revision, note: "a start", comparisonId }, never);
  expect(one).toMatchObject({
    ...{ name: "refund_ok", version: 1, kind: "code", text: "denied", options: { strict: true }, note: "a start" },
    ...{ businessUnits: ["claims", "support"], origin: { slug: "weekly", revision, cell: "refund_ok" }, userId: "ann" },
    evidence: comparison
  });

  const second = textOf("trace 2 ");
  const base = { scorerId: one.scorerId, version: 1 };
  const next = await compared(second, wish({ base }));
  expect(next.comparison.paired).toMatchObject({ n: 10, fixed: 1, broken: 5 });
  expect(next.comparison.changes!.labelled).toMatchObject({ toPass: 5, toFail: 1, unchanged: 4 });
  expect(
    next.changed.find(({ truth, after }) => truth === false && after.kind === "scored" && !after.pass)
  ).toMatchObject({
    traceId: idOf(2),
    before: { pass: true },
    after: { reason: "says trace 2 " }
  });
  const ground = await promotions.ground(ann, place(second), never);
  expect(ground).toMatchObject({ suggested: one.scorerId, heads: [{ version: 1, text: "denied" }] });
});

test("of two promotions at once one wins; the other is told who and when, and can be compared with the new one", async () => {
  const [one] = (await desk.state.promotedScorers.list(ann)).filter(({ name }) => name === "refund_ok");
  const base = { scorerId: one!.scorerId, version: one!.version };
  const text = textOf("refund 1");
  const revision = await save(text);
  const { comparisonId } = await compared(text, wish({ base }));
  const asked = { base, use: "verdicts", units: ["claims", "support"], revision, note: "", comparisonId };
  const bob = { ...ann, userId: "bob" };
  const ends = await Promise.allSettled([
    promotions.promote(ann, place(""), asked, never),
    promotions.promote(bob, place(""), { ...asked, comparisonId: null }, never)
  ]);
  const lost = ends.filter((end) => end.status === "rejected");
  expect(lost).toHaveLength(1);
  expect(lost[0]!.reason).toMatchObject({ code: "conflict" });
  expect(String(lost[0]!.reason.message)).toMatch(/^version 2 of the scorer "refund_ok" was promoted by (ann|bob) at /);
  const again = await compared(text, wish({ base: { ...base, version: 2 } }));
  expect(again.comparison.changes!.labelled).toMatchObject({ unchanged: 10 });
});

test("what was measured is never taken from elsewhere: of another text, person or choice it is refused", async () => {
  const text = textOf("refund 2");
  const { comparisonId } = await compared(text, wish());
  const revision = await save(textOf("refund 3"));
  const asked = { base: null, use: "verdicts", units: ["claims", "support"], revision, note: "", comparisonId };
  const refused = (changed: object, who = ann) => promotions.promote(who, place(""), { ...asked, ...changed }, never);
  await expect(refused({})).rejects.toMatchObject({
    code: "conflict",
    message: "the scorer is not the one that was compared"
  });
  const right = await save(text);
  await expect(refused({ revision: right }, { ...ann, userId: "bob" })).rejects.toMatchObject({ code: "conflict" });
  await expect(refused({ revision: right, units: ["claims"] })).rejects.toMatchObject({ code: "conflict" });
  await expect(refused({ comparisonId: "made up" })).rejects.toMatchObject({
    message: "what was compared is no longer known"
  });
  await expect(refused({ revision: 99 })).rejects.toMatchObject({ code: "missing" });
});

test("units outside the scope are denied, and no trace of them is read", async () => {
  const claims: Scope = { ...ann, businessUnits: ["claims"] };
  const text = textOf("denied");
  await expect(compare(text, wish(), claims)).rejects.toMatchObject({ code: "denied" });
  const revision = await save(text);
  const asked = { base: null, use: null, units: ["support"], revision, note: "", comparisonId: null };
  await expect(promotions.promote(claims, place(""), asked, never)).rejects.toMatchObject({ code: "denied" });
  const own = await compared(text, wish({ units: ["claims"], random: 50 }), claims);
  expect(own.comparison).toMatchObject({ labelled: 0, random: 20, businessUnits: ["claims"] });
  expect(own.comparison.next.agreement).toBeNull();
  await expect(compare(text, wish({ units: [] }))).rejects.toMatchObject({ code: "invalid" });
});

test("a comparison that asks a model tells its price first, and then keeps to the budget", async () => {
  const kept = new Map();
  const model = openModel(
    { baseUrl: endpoint.url, apiKey: null, modelId: "small", price: { inputUsd: 1000, outputUsd: 1000 } },
    {
      find: async (_, unit, hash) => kept.get(`${unit} ${hash}`),
      keep: async (_, unit, hash, answer) => {
        kept.set(`${unit} ${hash}`, answer);
      }
    }
  );
  const paid = open({ model });
  const judged = (more: string) =>
    `\`\`\`yaml judge kind_judge\ncriterion: It was granted.\nsees: [output]\n${more}\`\`\`\n`;
  const asked = wish({ use: null, random: 4 });
  const [forecast] = await compare(judged(""), asked, ann, paid, "kind_judge");
  expect(forecast).toMatchObject({ kind: "forecast", traces: 14, answers: { model: "small", questions: 14 } });
  expect(endpoint.asked).toHaveLength(0);
  const { comparison } = await compared(judged(""), { ...asked, budgetUsd: 100 }, ann, paid, "kind_judge");
  // Outputs of three kinds by unit: equal questions cost once.
  expect(endpoint.asked).toHaveLength(3);
  expect(comparison.next).toMatchObject({ unscored: 0, msPerCall: null });
  expect(comparison.next.costUsd).toBeGreaterThan(0);
  const text = `${judged("examples: mine\n")}\n\`\`\`sql mine\nselect trace_id, label from annotations\n\`\`\`\n`;
  await expect(compare(text, asked, ann, paid, "kind_judge")).rejects.toMatchObject({
    message: 'the judge "kind_judge" takes its examples from "mine", which is nowhere else'
  });
});

test("a comparison can be stopped, and a hostile text is a sentence", async () => {
  await expect(compare(textOf("@@"), wish())).rejects.toMatchObject({ code: "invalid" });
  const leave = new AbortController();
  leave.abort();
  const read = async () => {
    for await (const _ of promotions.compare(ann, place(textOf("denied")), wish(), leave.signal));
  };
  await expect(read()).rejects.toThrow();
});

test("requests are read with care", () => {
  expect(parsePromotionGroundRequest({ text: "t" })).toEqual({ text: "t" });
  const asked = { text: "t", base: { scorerId: "s", version: 2 }, units: ["a"], random: 5, seed: 1 };
  expect(parseComparisonRequest(asked)).toMatchObject({ use: null, sides: null, budgetUsd: null });
  const sides = { wrong: ["x"], fine: ["y"] };
  expect(parseComparisonRequest({ ...asked, sides, budgetUsd: 0.5 })).toMatchObject({ sides, budgetUsd: 0.5 });
  expect(() => parseComparisonRequest({ ...asked, sides: { wrong: ["x"], fine: ["x"] } })).toThrow(/cannot mean/);
  expect(() => parseComparisonRequest({ ...asked, random: 501 })).toThrow(/0 to 500/);
  expect(() => parseComparisonRequest({ ...asked, budgetUsd: -1 })).toThrow(/no amount/);
  expect(() => parseComparisonRequest({ ...asked, units: "a" })).toThrow(/"units" is not a list/);
  expect(parsePromoteRequest({ units: ["a"], revision: 3 })).toEqual({
    ...{ base: null, use: null, units: ["a"], revision: 3, note: "", comparisonId: null }
  });
});
