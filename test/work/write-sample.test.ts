import { afterAll, beforeAll, expect, test } from "vitest";
import { type SampleSummary, writeSample } from "#lib/work/write-sample.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let summary: SampleSummary;
const admin = scopeOf(["compliance", "legal", "support", "wealth"]);
const options = { endMs: Date.UTC(2026, 5, 30), traces: 120, seed: 2 };

beforeAll(async () => {
  fixture = await openLakeFixture();
  summary = await write();
});
afterAll(() => fixture.close());

const write = (signal = new AbortController().signal) => writeSample(fixture, admin, options, () => undefined, signal);

async function ask(sql: string) {
  const kernel = await fixture.lake.openKernel(admin);
  try {
    return await kernel.rows(sql, {}, 1000);
  } finally {
    await kernel.close();
  }
}

test("the lake holds what the summary says, and a second writing changes nothing", async () => {
  const counts = "select count(*) as traces, sum(spans) as spans from traces";
  expect(await ask(counts)).toEqual([{ traces: 120, spans: summary.spans }]);
  expect(await ask("select distinct business_unit from traces order by 1")).toEqual(
    admin.businessUnits.map((business_unit) => ({ business_unit }))
  );
  const again = await write();
  expect(again).toEqual(summary);
  expect(await ask(counts)).toEqual([{ traces: 120, spans: summary.spans }]);
});

test("SQL finds the slow tool by itself, and the answer key agrees", async () => {
  const slow = await ask(
    "select distinct trace_id from spans where tool_name = 'screen_sanctions' and epoch_ms(end_ts::timestamp) - epoch_ms(start_ts::timestamp) > 1600 and status = 'ok'"
  );
  expect(slow.length).toBeGreaterThan(1);
  for (const { trace_id } of slow) expect(summary.key[String(trace_id)] ?? []).toContain("slow_tool");
});

test("a stop is heard", async () => {
  await expect(write(AbortSignal.abort())).rejects.toThrow(/stopped/);
});
