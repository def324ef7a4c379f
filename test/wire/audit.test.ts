import { expect, test } from "vitest";
import { auditActions } from "#lib/model/audit.ts";
import {
  auditActionChoices,
  describeAction,
  formatAuditFilter,
  parseAuditFilter,
  parseAuditFormat,
  parseAuditRequest
} from "#lib/wire/audit.ts";

const parse = (query: string) => parseAuditRequest(new URLSearchParams(query));

test("a filter is read from an address and written to it again", () => {
  const query = "who=ada&action=trace.view&unit=support&outcome=denied&from=2026-05-01T09%3A30%3A00.000Z";
  const { filter } = parse(query);
  expect(filter).toEqual({
    ...{ actorId: "ada", action: "trace.view", businessUnit: "support", outcome: "denied" },
    fromMs: Date.UTC(2026, 4, 1, 9, 30)
  });
  expect(formatAuditFilter(filter).toString()).toBe(query);
  expect(parse("")).toEqual({ filter: {}, limit: 100 });
  expect(parse("before=7&limit=5&action=trace")).toEqual({ filter: { action: "trace" }, before: 7, limit: 5 });
});

test("a day as an end means its last instant", () => {
  const read: Readonly<Record<string, string>> = { from: "2026-05-01", to: "2026-05-01" };
  const { fromMs, toMs } = parseAuditFilter((name) => read[name]);
  expect([fromMs, toMs]).toEqual([Date.UTC(2026, 4, 1), Date.UTC(2026, 4, 2) - 1]);
});

test.each([
  "action=trace.steal",
  "action=%25",
  "unit=No%20Unit",
  "outcome=maybe",
  "from=yesterday",
  "to=2026-13-01",
  "before=0",
  "before=x",
  "limit=0",
  "limit=201"
])("%s is refused", (query) => {
  expect(() => parse(query)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("every action has a sentence, an object and a verb, and can be looked for", () => {
  for (const [action, sentence] of Object.entries(auditActions)) {
    expect(action).toMatch(/^[a-z-]+\.[a-z-]+$/);
    expect(sentence.length).toBeGreaterThan(5);
    expect(auditActionChoices).toContain(action);
    expect(auditActionChoices).toContain(action.split(".")[0]);
  }
  expect(describeAction("trace.view")).toBe("opened a trace");
  expect(describeAction("time.travel" as "trace.view")).toBe("time.travel");
});

test("the trail is taken out as lines of JSON where nothing else is said", () => {
  expect([parseAuditFormat(null), parseAuditFormat("ndjson"), parseAuditFormat("csv")]).toEqual([
    "ndjson",
    "ndjson",
    "csv"
  ]);
  expect(() => parseAuditFormat("xml")).toThrow(/ndjson or csv/);
});
