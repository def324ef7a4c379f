import { afterAll, beforeAll, expect, test } from "vitest";
import { Reclusterer } from "#lib/map/recluster.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import { parseClusterGround } from "#lib/wire/cluster-ground.ts";
import { readClusterGround } from "#lib/work/cluster-ground.ts";
import { builderHere } from "../map/builder-here.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { byHand, collect, openDesk, scope } from "./desk-fixture.ts";

const maps = builderHere;
let bench: Awaited<ReturnType<typeof openDesk>>;
const never = new AbortController().signal;

beforeAll(async () => {
  bench = await openDesk({}, { maps });
});
afterAll(() => bench.close());

const textOf = (size: number) =>
  `# Topics\n\n\`\`\`yaml map topics\ntext: input\nneighbours: 5\nmin_cluster_size: ${size}\n\`\`\`\n`;
async function run(size: number): Promise<void> {
  const request = { text: textOf(size), params: {}, cells: "all" as const };
  for await (const event of bench.desk.run(scope, "topics", request, byHand, never)) {
    if (event.kind === "cell" && event.cell.state === "failed") throw new Error(event.cell.fault.message);
  }
}
const readTable = () =>
  bench.desk.withMap(scope, "topics", "topics", (kernel) =>
    kernel.rows("select x, y, cluster, trace_id from topics order by rowid", {}, 100)
  );
const readGround = async () => parseClusterGround(await readClusterGround(bench.desk, scope, "topics", "topics"));

test("the ground of a map cell stands in the order of its table, and gives the clusters of the cell at another size", async () => {
  await run(3);
  const [ground, rows] = [await readGround(), await readTable()];
  expect(rows).toHaveLength(40);
  expect(ground.owner).toHaveLength(40);
  const first = new Set<number>();
  ground.owner.forEach((text, row) => {
    if (first.has(text)) return;
    first.add(text);
    expect([rows[row]!["x"], rows[row]!["y"]]).toEqual([ground.positions[2 * text], ground.positions[2 * text + 1]]);
  });
  const column = (name: string) => rows.map((row) => Number(row[name]));
  const drawn = {
    x: Float32Array.from(column("x")),
    y: Float32Array.from(column("y")),
    cluster: Int32Array.from(column("cluster")),
    labels: []
  };
  const anew = new Reclusterer(ground, drawn);
  expect([...anew.cut(3).cluster]).toEqual(column("cluster"));
  const wide = anew.cut(12);
  await run(12);
  expect((await readTable()).map(({ cluster }) => cluster)).toEqual([...wide.cluster]);
});

test("there is no ground for a map that has not run, for others' sessions, and for one that is gone", async () => {
  await run(3);
  await expect(readClusterGround(bench.desk, scope, "topics", "other")).rejects.toThrow(/no table "other"/);
  await expect(readClusterGround(bench.desk, scopeOf(["claims"]), "topics", "topics")).rejects.toThrow(/no table/);
  await collect(bench.desk.run(scope, "topics", { text: "# Topics\n", params: {}, cells: "all" }, byHand, never));
  await expect(readGround()).rejects.toThrow(/no table "topics"/);
});

test("a map of too many texts says so", async () => {
  const tooMany = {
    ...maps,
    build: async (...ask: Parameters<MapBuilder["build"]>) => ({ ...(await maps.build(...ask)), ground: null })
  };
  const other = await openDesk(
    {},
    {
      maps: {
        build: tooMany.build,
        prepare: (...ask) => maps.prepare(...ask),
        neighbours: (...ask) => maps.neighbours(...ask),
        close: async () => undefined
      }
    }
  );
  const request = { text: textOf(3), params: {}, cells: "all" as const };
  await collect(other.desk.run(scope, "topics", request, byHand, never));
  await expect(readClusterGround(other.desk, scope, "topics", "topics")).rejects.toThrow(/too many texts/);
  await other.close();
});
