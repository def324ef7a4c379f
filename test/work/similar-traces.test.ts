import { afterAll, beforeAll, expect, test } from "vitest";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

const noon = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;
const day = 86_400n * 1_000_000_000n;
const asks: readonly (readonly [string, string, string])[] = [
  ["late", "support", "My parcel is late, where is the courier?"],
  ["later", "support", "The courier brought my parcel late"],
  ["other", "support", "Please change the address of the invoice"],
  ["foreign", "finance", "My parcel is late, where is the courier?"]
];
let fixture: LakeFixture;
let browser: TraceBrowser;
const everything = scopeOf(["support", "finance"]);

beforeAll(async () => {
  fixture = await openLakeFixture();
  browser = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
  const spans = asks.map(([traceId, businessUnit, content], at) =>
    makeSpan({
      traceId,
      businessUnit,
      spanId: "llm",
      kind: "llm",
      startNs: noon + BigInt(at) * day,
      input: [{ role: "user", parts: [{ type: "text", content }] }]
    })
  );
  await fixture.lake.append(everything, { spans, scores: [] });
});
afterAll(async () => {
  await browser.close();
  await fixture.close();
});

const similar = (name: string, signal = new AbortController().signal) =>
  browser.similar(everything, hexId(name, 32), signal);

test("similar traces share words with the first message, on any day, and never leave the unit", async () => {
  const { traces, among } = await similar("late");
  expect(among).toBe(2);
  expect(traces[0]).toMatchObject({ traceId: hexId("later", 32), input: "The courier brought my parcel late" });
  expect(traces.map(({ traceId }) => traceId)).not.toContain(hexId("foreign", 32));
});

test("a trace alone in its unit has none", async () => {
  expect(await similar("foreign")).toEqual({ traces: [], among: 0 });
});

test("an unknown trace is named, and who has gone gets no answer", async () => {
  await expect(similar("nobody")).rejects.toMatchObject({ code: "missing" });
  await expect(similar("late", AbortSignal.abort())).rejects.toThrow();
});
