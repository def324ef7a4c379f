import { afterEach, beforeEach, expect, test } from "vitest";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

const scope = scopeOf(["sales", "support"]);
let fixture: LakeFixture;
beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

const at = (day: number) => BigInt(Date.UTC(2026, 10, day, 9)) * 1_000_000n;
const root = (word: string, businessUnit = "support", day = 20) =>
  makeSpan({ traceId: word, spanId: `${word}-root`, businessUnit, parentSpanId: null, startNs: at(day) });
const step = (word: string, n: number, businessUnit = "support") =>
  makeSpan({ traceId: word, spanId: `${word}-${n}`, businessUnit, parentSpanId: `${word}-root` });
const append = async (...spans: ReturnType<typeof makeSpan>[]) =>
  (await fixture.lake.append(scope, { spans, scores: [] })).snapshotId;

async function readPieces(since: number, until?: number) {
  const arrivals = (await fixture.lake.openArrivals(scope, since, until))!;
  const rows = await arrivals.kernel.rows(
    `select spans, bool_or(a.is_whole) as is_whole, bool_or(a.has_root) as has_root
     from traces t join arrived a using (trace_id, business_unit) group by t.trace_id, spans order by 1, 2, 3`,
    {},
    100
  );
  await arrivals.kernel.close();
  return rows.map((row) => [Number(row["spans"]), row["is_whole"], row["has_root"]]);
}

test("what came between two snapshots is told apart, with its roots, and what is whole", async () => {
  const first = await append(step("a", 1));
  const second = await append(root("a"), step("a", 2));
  const third = await append(root("b"));
  expect(await readPieces(0, first)).toEqual([[1, true, false]]);
  expect(await readPieces(0, second)).toEqual([[3, true, true]]);
  const [piece] = await readPieces(first, second);
  expect(piece!.slice(2)).toEqual([true]);
  expect(await readPieces(second)).toEqual([[1, true, true]]);
  expect(third).toBeGreaterThan(second);
});

test("a look at the catalog lists what came to one's own units, in order", async () => {
  const first = await append(root("a"));
  const second = await append(root("b", "sales"), root("c", "sales"));
  const own = (await fixture.lake.listArrivals(scopeOf(["sales"]), 0))!;
  expect(new Set(own.map(({ snapshotId }) => snapshotId))).toEqual(new Set([second]));
  expect(own.find(({ table }) => table === "spans")).toEqual({ snapshotId: second, table: "spans", rows: 2 });
  expect((await fixture.lake.listArrivals(scope, first))!.every(({ snapshotId }) => snapshotId === second)).toBe(true);
  expect(await fixture.lake.listArrivals(scope, second)).toEqual([]);
  expect(await fixture.lake.listArrivals(scope, second + 7)).toBeUndefined();
});

test("a kernel of the last days sees no trace of an earlier one", async () => {
  await append(root("a", "support", 18), root("b", "support", 20));
  const kernel = await fixture.lake.openKernel(scope, { firstDay: "2026-11-20" });
  expect(await kernel.rows("select count(*)::integer as n from traces", {}, 1)).toEqual([{ n: 1 }]);
  await expect(kernel.rows("select * from arrived", {}, 1)).rejects.toMatchObject({ code: "invalid" });
  await kernel.close();
});
