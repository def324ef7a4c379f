import { afterAll, beforeAll, expect, test } from "vitest";
import type { SeenAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { hashText, ReadTrail } from "#lib/work/read-trail.ts";
import { span } from "../spans.ts";
import { type Ask, listRoutes, openWorld, person, type World } from "./workbench.ts";

const ada = person("ada", { businessUnit: "support", role: "lead" });
const max = person("max", { businessUnit: "*", role: "auditor" });
const sam = person("sam", { businessUnit: "sales", role: "auditor" });
const traceId = "a".repeat(32);
const words = "blue heron";

let world: World;
let routes: Awaited<ReturnType<typeof listRoutes>>;
beforeAll(async () => {
  routes = await listRoutes();
  const texts = { input: `where is my ${words}?`, output: `the ${words} is on its way` };
  world = await openWorld([
    span({ traceId, spanId: "1".repeat(16), businessUnit: "support", ...texts }),
    span({ traceId: "b".repeat(32), spanId: "2".repeat(16), businessUnit: "sales" })
  ]);
});
afterAll(() => world?.close());

const ask = (method: string, path: string, who = ada, asked: Ask = {}) => {
  const route = routes.find((one) => one.method === method && one.path === path);
  return world.ask(route!, who, asked);
};
const newest = async (who = max) =>
  (JSON.parse((await ask("GET", "api/audit", who)).text) as { entries: readonly SeenAuditEntry[] }).entries;

test("what is read through the pages' addresses is in the trail, once, and none of its words are", async () => {
  const trace = { params: { traceId } };
  expect((await ask("GET", "api/traces/[traceId]", ada, trace)).status).toBe(200);
  expect((await ask("GET", "api/traces/[traceId]/conversation", ada, trace)).text).toContain(words);
  expect((await ask("GET", "api/traces", ada, { query: { text: words } })).status).toBe(200);
  expect((await ask("GET", "api/traces", ada)).status).toBe(200);
  const entries = (await newest()).filter(({ actor }) => actor.id === "ada");
  expect(entries.map(({ action, object, units }) => [action, object.id, units])).toEqual([
    ["trace.search", await hashText(words), ["support"]],
    ["trace.view", traceId, ["support"]]
  ]);
  expect(entries[0]).toMatchObject({ auth: { sessionId: "session-of-ada" }, payload: { ip: "127.0.0.1" } });
  expect(JSON.stringify(entries)).not.toContain("heron");
});

test("what is not theirs or not there is refused in the same words, and the trail tells who asked", async () => {
  for (const id of ["b".repeat(32), "c".repeat(32)]) {
    const answered = await ask("GET", "api/traces/[traceId]", ada, { params: { traceId: id } });
    expect(answered.status).toBe(404);
  }
  expect((await ask("GET", "api/audit", ada)).status).toBe(403);
  const refused = (await newest()).filter(({ action }) => action === "access.deny");
  expect(refused.map(({ object, outcome, reason }) => [object.id, outcome, reason])).toEqual([
    ["GET /api/audit", "denied", "denied"],
    [`GET /api/traces/${"c".repeat(32)}`, "error", "missing"],
    [`GET /api/traces/${"b".repeat(32)}`, "error", "missing"]
  ]);
});

test("an auditor of another unit sees nothing of it, in the list and in files", async () => {
  const seen = await newest(sam);
  expect(seen.filter(({ units }) => !units.includes("sales"))).toEqual([]);
  for (const format of ["ndjson", "csv"]) {
    const { status, text } = await ask("GET", "api/audit/export", sam, { query: { format } });
    expect(status).toBe(200);
    expect(text).not.toMatch(/ada|support|aaaa/);
  }
  const whole = await ask("GET", "api/audit/export", max, { query: { format: "csv", who: "ada" } });
  expect(whole.text).toContain(traceId);
  const verdict = await ask("GET", "api/audit/verify", max);
  expect(JSON.parse(verdict.text)).toMatchObject({ isIntact: true, defects: [] });
});

test("an answer that cannot be recorded is not given", async () => {
  const record = async () => {
    throw new Fault("broken", "this could not be written to the audit trail, so it was not done");
  };
  const { reads } = world.bench;
  Object.assign(world.bench, { reads: new ReadTrail({ record }, () => 0) });
  try {
    const answered = await ask("GET", "api/traces/[traceId]", ada, { params: { traceId } });
    expect(answered.status).toBe(502);
    expect(answered.text).toContain("could not be written to the audit trail");
    expect(answered.text).not.toContain(words);
  } finally {
    Object.assign(world.bench, { reads });
  }
});
