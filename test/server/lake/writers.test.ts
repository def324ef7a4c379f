import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lake } from "#lib/ports/lake.ts";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, openBeside, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
let beside: Lake;

beforeAll(async () => {
  fixture = await openLakeFixture();
  beside = await openBeside(fixture);
});

afterAll(async () => {
  await beside.close();
  await fixture.close();
});

const spanOf = (businessUnit: string, trace: string, span: string, parentSpanId: string | null = null) =>
  makeSpan({ traceId: `${businessUnit}/${trace}`, spanId: span, parentSpanId, businessUnit });

async function count(unit: string) {
  const kernel = await fixture.lake.openKernel(scopeOf([unit]));
  try {
    const [row] = await kernel.rows(
      `select count(*)::int as spans, count(distinct (trace_id, span_id))::int as "distinct",
         (select sum(spans)::int from traces) as "inTraces" from spans`,
      {},
      1
    );
    return row;
  } finally {
    await kernel.close();
  }
}

test("a long append is not held up by another process that appends to the same unit all the time", async () => {
  const scope = scopeOf(["busy"]);
  const spans = Array.from({ length: 3000 }, (_, n) => spanOf("busy", `long ${n}`, "0"));
  let others = 0;
  let isOver = false;
  const steady = (async () => {
    while (!isOver) {
      await fixture.lake.append(scope, { spans: [spanOf("busy", `short ${others}`, "0")], scores: [] });
      others += 1;
    }
  })();
  await beside.append(scope, { spans, scores: [] }).finally(() => {
    isOver = true;
  });
  await steady;
  expect(others).toBeGreaterThan(1);
  expect(await count("busy")).toEqual({ spans: 3000 + others, distinct: 3000 + others, inTraces: 3000 + others });
});

test("pieces of the same traces that two processes append at once stand in the lake once", async () => {
  const scope = scopeOf(["shared"]);
  const traces = Array.from({ length: 10 }, (_, n) => `t${n}`);
  const piece = (from: number) =>
    traces.flatMap((trace) => [0, 1, 2].map((step) => spanOf("shared", trace, String(from + step), "root")));
  for (let round = 0; round < 4; round += 1) {
    await Promise.all([
      fixture.lake.append(scope, { spans: piece(round * 4), scores: [] }),
      beside.append(scope, { spans: piece(round * 4 + 2), scores: [] })
    ]);
  }
  // Steps 0 to 16, of which 2, 6, 10 and so on came from both.
  const spans = traces.length * 17;
  expect(await count("shared")).toEqual({ spans, distinct: spans, inTraces: spans });
  await fixture.lake.flush();
  expect(await count("shared")).toEqual({ spans, distinct: spans, inTraces: spans });
});
