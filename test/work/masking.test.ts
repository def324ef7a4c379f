import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { type MaskRules, maskMark, noMaskRules } from "#lib/model/mask.ts";
import { parseMasksRequest, parseMaskTrialRequest, parseRevealRequest } from "#lib/wire/masks.ts";
import { changeMask, listMasks, tryMask } from "#lib/work/mask-rules.ts";
import { revealTrace } from "#lib/work/reveal-trace.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

const secret = "write to ann.lee@corp.test";
const rules: MaskRules = { ...noMaskRules, patterns: ["email"] };
let fixture: LakeFixture;
const traceId = hexId("support", 32);

const span = (unit: string) =>
  makeSpan({
    ...{ traceId: unit, spanId: unit, parentSpanId: null, businessUnit: unit, kind: "llm" },
    ...{ inputText: secret, input: [{ role: "user", parts: [{ type: "text", content: secret }] }] }
  });

beforeAll(async () => {
  fixture = await openLakeFixture({ masks: "kept" });
  await fixture.lake.append(scopeOf(["support", "sales"]), { spans: [span("support"), span("sales")], scores: [] });
});
afterAll(() => fixture.close());

const doors = () => ({ lake: fixture.lake, masks: fixture.state.masks });

test("a changed rule holds for the next reader of a kernel that is open", async () => {
  const kernels = new ScopeKernels(fixture.lake);
  const read = () =>
    kernels.use(scopeOf(["support"]), async (kernel) => (await kernel.rows("select input from traces", {}, 1))[0]);
  const lead = scopeOf(["support"], "lead");
  expect(await read()).toEqual({ input: secret });
  await changeMask(doors(), lead, "support", { rules, version: 0 });
  expect(await read()).toEqual({ input: `write to ${maskMark}` });
  await expect(changeMask(doors(), lead, "support", { rules, version: 0 })).rejects.toMatchObject({ code: "conflict" });
  await changeMask(doors(), lead, "support", { rules: noMaskRules, version: 1 });
  expect(await read()).toEqual({ input: secret });
  await changeMask(doors(), lead, "support", { rules, version: 2 });
  const people = { namesOf: async (ids: readonly string[]) => new Map(ids.map((id) => [id, `name of ${id}`])) };
  const { versions, names } = await listMasks({ masks: fixture.state.masks, people }, lead, "support");
  expect([versions.map(({ version }) => version), names]).toEqual([[3, 2, 1], { tester: "name of tester" }]);
  await kernels.close();
});

test("what is hidden is revealed to nobody without a record, and of no other unit", async () => {
  const kept: NewAuditEntry[] = [];
  const audit = { record: async (_: unknown, entry: NewAuditEntry) => void kept.push(entry) };
  const asked = { purpose: "The customer asked what we know.", spanId: null };
  const scope = scopeOf(["support"], "lead");
  const told = await revealTrace({ lake: fixture.lake, audit }, scope, traceId, asked);
  expect(JSON.stringify(told)).toContain(secret);
  expect(kept).toEqual([
    {
      action: "trace.reveal",
      object: { kind: "trace", id: traceId },
      units: ["support"],
      facts: {},
      purpose: asked.purpose
    }
  ]);
  const { spanId } = span("support");
  const one = await revealTrace({ lake: fixture.lake, audit }, scope, traceId, { ...asked, spanId });
  expect(JSON.stringify(one)).toContain(secret);
  expect(kept.at(-1)?.facts).toEqual({ span: spanId });
  await expect(revealTrace({ lake: fixture.lake, audit }, scope, hexId("sales", 32), asked)).rejects.toMatchObject({
    code: "missing"
  });
  expect(kept).toHaveLength(2);
  const full = { record: () => Promise.reject(new Fault("broken", "the audit trail is full")) };
  await expect(revealTrace({ lake: fixture.lake, audit: full }, scope, traceId, asked)).rejects.toMatchObject({
    code: "broken"
  });
});

test("rules are tried by the engine that hides, and those it does not take are told", async () => {
  const lead = scopeOf(["support"], "lead");
  const own = (pattern: string): MaskRules => ({ ...rules, expressions: [{ name: "order", pattern }] });
  const text = `${secret} about ORD-1`;
  expect(await tryMask(doors(), lead, "support", { rules: own("ORD-[0-9]+"), text })).toBe(
    `write to ${maskMark} about ${maskMark}`
  );
  for (const [pattern, said] of [
    ["(", /does not take the expression "order"/],
    ["(?=x)", /does not take/],
    ["x*", /matches where there is nothing/],
    ["\\b", /matches where there is nothing/],
    ["$", /matches where there is nothing/]
  ] as const) {
    await expect(tryMask(doors(), lead, "support", { rules: own(pattern), text })).rejects.toThrow(said);
    await expect(changeMask(doors(), lead, "support", { rules: own(pattern), version: 3 })).rejects.toThrow(said);
  }
  await expect(tryMask(doors(), lead, "sales", { rules, text })).rejects.toMatchObject({ code: "missing" });
});

test("what is asked about masking is read with care", () => {
  expect(parseRevealRequest({ purpose: "  a complaint by mail  " })).toEqual({
    purpose: "a complaint by mail",
    spanId: null
  });
  for (const purpose of ["", "too short", "x".repeat(501), 7])
    expect(() => parseRevealRequest({ purpose })).toThrow(Fault);
  expect(
    parseMasksRequest({ rules: { patterns: ["iban", "card"], fields: [" user_id ", "user_id"] }, version: 2 })
  ).toEqual({
    rules: { patterns: ["card", "iban"], expressions: [], fields: ["user_id"] },
    version: 2
  });
  for (const given of [
    { patterns: ["soul"] },
    { patterns: [1] },
    { fields: ["trace_id"] },
    { fields: ["input.a"] },
    { fields: ["attributes."] },
    { fields: ['attributes."'] },
    { expressions: [{ name: "", pattern: "x" }] },
    { expressions: [{ name: "a", pattern: "" }] },
    {
      expressions: [
        { name: "a", pattern: "x" },
        { name: "a ", pattern: "y" }
      ]
    },
    { expressions: Array.from({ length: 31 }, (_, at) => ({ name: `${at}`, pattern: "x" })) }
  ])
    expect(() => parseMasksRequest({ rules: given, version: 0 }), JSON.stringify(given)).toThrow(Fault);
  expect(() => parseMaskTrialRequest({ rules: {}, text: "x".repeat(20_001) })).toThrow(/20,000 characters/);
});
