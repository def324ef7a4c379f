import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import { MapParts } from "#lib/work/map-parts.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { hexId } from "../spans.ts";
import { byHand, collect, maps, openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
let parts: MapParts;
const never = new AbortController().signal;
/** Of the lake's 40 traces, `trace <n> refund <m>`. */
const idOf = (index: number) => hexId(`t${index}`, 32);
const text =
  "```sql recent\nselect trace_id, input from traces where started_at < timestamp '2026-11-15'\n```\n\n```yaml map topics\ntraces: recent\ntext: input\n```\n";

beforeAll(async () => {
  bench = await openDesk();
  const map = { title: "Kept", businessUnits: ["claims", "support"], ground: groundOf(text), version: { version: 1 } };
  const byText = { ...map, ground: groundOf(text.replace("text: input", "text: upper(input)")) };
  parts = new MapParts({
    ...bench.doors,
    maps,
    embedder: null,
    model: null,
    desk: bench.desk,
    keptMaps: {
      find: async (_: Scope, id: string) => (id === "kept" ? map : byText) as unknown as KeptMap
    } as Pick<KeptMaps, "find">,
    projections: {
      read: async () => {
        throw new Error("vectors that are made here need no projection");
      }
    }
  });
  await collect(bench.desk.run(scope, "weekly", { text, params: {}, cells: "all" }, byHand, never));
});
afterAll(() => bench.close());

function groundOf(of: string) {
  return { workbook: "weekly", cell: "topics", text: of, params: {} };
}

test("traces of a map cell come with their neighbours in the order asked for, unknown ones without text", async () => {
  const asked = [idOf(3), idOf(0), idOf(999), idOf(1), idOf(2), idOf(4), idOf(10)];
  const near = await parts.readCell(scope, "weekly", "topics", asked, never);
  expect([near.n, near.k]).toEqual([6, 5]);
  expect(near.owner[2]).toBe(-1);
  expect(new Set(near.owner.filter((owner) => owner >= 0)).size).toBe(6);
  // `trace 0 refund 0` and `trace 10 refund 0` are nearer to each other than `trace 0 refund 0` and `trace 3 refund 3`.
  const row = [...near.index.subarray(near.owner[1]! * near.k, (near.owner[1]! + 1) * near.k)];
  expect(row.indexOf(near.owner[6]!)).toBe(1);
});

test("who sees one unit gets the texts of that unit alone", async () => {
  const support = scopeOf(["support"]);
  await collect(bench.desk.run(support, "weekly", { text, params: {}, cells: "all" }, byHand, never));
  const asked = Array.from({ length: 14 }, (_, index) => idOf(index));
  const own = await parts.readCell(support, "weekly", "topics", asked, never);
  // Traces 5 to 9 came too late for the cell.
  expect([...own.owner].map((owner) => owner >= 0)).toEqual(asked.map((_, at) => at % 2 === 0 && at % 10 < 5));
  const kept = await parts.readKept(support, "kept", asked, never);
  expect([...kept.owner].map((owner) => owner >= 0)).toEqual(asked.map((_, at) => at % 2 === 0));
});

test("a kept map has texts of traces that its cell no longer finds, where the lake says them", async () => {
  const asked = [0, 1, 2, 3, 4, 7, 8].map(idOf);
  const read = await parts.readKept(scope, "kept", asked, never);
  expect([...read.owner].every((owner) => owner >= 0)).toBe(true);
  const own = await parts.readKept(scope, "by text", asked, never);
  expect([...own.owner].map((owner) => owner >= 0)).toEqual([true, true, true, true, true, false, false]);
});

test("too few are refused, and a map that is not there is missing", async () => {
  await expect(parts.readCell(scope, "weekly", "topics", [idOf(1), idOf(2)], never)).rejects.toThrow(
    /2 different things: a layout needs at least 5/
  );
  await expect(parts.readCell(scope, "weekly", "recent", [idOf(1)], never)).rejects.toThrow(/is no map/);
});

test("traces that were picked one by one are the cell's selection, also after its kernel was closed", async () => {
  const picked = { traceIds: [idOf(1), idOf(2), idOf(7)] };
  expect(await bench.desk.select(scope, "weekly", "topics", picked)).toEqual({ table: "topics_selection", rows: 2 });
  const window = { offset: 0, limit: 10, sort: null, descending: false };
  const { total } = await bench.desk.rows(scope, "weekly", "topics_selection", window);
  expect(total).toBe(2);
  expect((await bench.desk.select(scope, "weekly", "topics", { traceIds: ["'); drop"] })).rows).toBe(0);
});
