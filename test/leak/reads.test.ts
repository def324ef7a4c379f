import { afterAll, beforeAll, expect, test } from "vitest";
import type { SeenAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Workbench } from "#lib/server/workbench.ts";
import { hashText, ReadTrail } from "#lib/work/read-trail.ts";
import { hexId, makeSpan } from "../spans.ts";
import { type Ask, findRoute, listRoutes, openWorld, type Visitor, type World } from "./workbench.ts";

const [traceId, foreignId, absentId] = [hexId("own", 32), hexId("foreign", 32), hexId("absent", 32)];
const words = "blue heron";

let world: World;
let routes: Awaited<ReturnType<typeof listRoutes>>;
/** A lead of support, an auditor of every unit, and one of sales. */
let [ada, max, sam]: Visitor[] = [];
beforeAll(async () => {
  routes = await listRoutes();
  const told = `where is my ${words}?`;
  world = await openWorld([
    makeSpan({ traceId: "own", spanId: "a", parentSpanId: null, kind: "agent", inputText: told, outputText: told }),
    makeSpan({ traceId: "foreign", spanId: "b", businessUnit: "sales" })
  ]);
  ada = await world.enter(routes, "ada", [{ businessUnit: "support", role: "lead" }]);
  max = await world.enter(routes, "max", [{ businessUnit: "*", role: "auditor" }]);
  sam = await world.enter(routes, "sam", [{ businessUnit: "sales", role: "auditor" }]);
}, 100_000);
afterAll(() => world?.close());

const ask = (method: string, path: string, who: Visitor | undefined, asked: Ask = {}) => {
  return world.ask(findRoute(routes, `${method} ${path}`), who ?? null, asked);
};
const list = async (who: Visitor | undefined, action: string) => {
  const { text } = await ask("GET", "api/audit", who, { query: { action } });
  return (JSON.parse(text) as { readonly entries: readonly SeenAuditEntry[] }).entries;
};

test("what is read through the pages' addresses is in the trail, once, and none of its words are", async () => {
  const trace = { params: { traceId } };
  expect((await ask("GET", "api/traces/[traceId]", ada, trace)).text).toContain(words);
  expect((await ask("GET", "api/traces/[traceId]/spans", ada, trace)).status).toBe(200);
  expect((await ask("GET", "api/traces", ada, { query: { text: words } })).status).toBe(200);
  expect((await ask("GET", "api/traces", ada)).status).toBe(200);
  const entries = await list(max, "trace");
  expect(entries.map(({ action, object, units }) => [action, object.id, units])).toEqual([
    ["trace.search", await hashText(words), ["support"]],
    ["trace.view", traceId, ["support"]]
  ]);
  expect(entries[0]).toMatchObject({ actor: { kind: "user", roles: ["support:lead"] }, auth: { method: "password" } });
  expect(JSON.stringify(entries)).not.toContain("heron");
});

test("what is not theirs or not there is refused in the same words, and the trail tells who asked", async () => {
  for (const id of [foreignId, absentId]) {
    expect((await ask("GET", "api/traces/[traceId]", ada, { params: { traceId: id } })).status).toBe(404);
  }
  expect((await ask("GET", "api/audit", ada)).status).toBe(403);
  const refused = await list(max, "access.deny");
  expect(refused.map(({ object, outcome, reason }) => [object.id, outcome, reason])).toEqual([
    ["GET /api/audit", "denied", "denied"],
    [`GET /api/traces/${absentId}`, "error", "missing"],
    [`GET /api/traces/${foreignId}`, "error", "missing"]
  ]);
});

test("an auditor of another unit sees nothing of it, in the list and in files", async () => {
  expect(await list(sam, "trace")).toEqual([]);
  for (const format of ["ndjson", "csv"]) {
    const { status, text } = await ask("GET", "api/audit/export", sam, { query: { format } });
    expect(status).toBe(200);
    expect(text).not.toContain("support");
    expect(text).not.toContain(traceId);
  }
  const whole = await ask("GET", "api/audit/export", max, { query: { format: "csv", action: "trace" } });
  expect(whole.text).toContain(traceId);
  const verdict = await ask("GET", "api/audit/verify", max);
  expect(JSON.parse(verdict.text)).toMatchObject({ isIntact: true, isCut: false, defects: [] });
  const theirs = JSON.parse((await ask("GET", "api/audit/verify", sam)).text);
  expect(theirs).toMatchObject({ isIntact: true, isCut: true, last: null, checkpoints: 0, unsigned: 0 });
  expect(theirs.entries).toBeLessThan(JSON.parse(verdict.text).entries);
});

test("an answer that cannot be recorded is not given", async () => {
  const record = async () => {
    throw new Fault("broken", "this could not be written to the audit trail, so it was not done");
  };
  const bench = (globalThis as { [key: symbol]: unknown })[Symbol.for("tracebook.workbench")] as Workbench;
  const { reads } = bench;
  Object.assign(bench, { reads: new ReadTrail({ record }, () => 0) });
  try {
    const answered = await ask("GET", "api/traces/[traceId]", ada, { params: { traceId } });
    expect(answered.status).toBe(502);
    expect(answered.text).toContain("could not be written to the audit trail");
    expect(answered.text).not.toContain(words);
  } finally {
    Object.assign(bench, { reads });
  }
});
