import { expect, test } from "vitest";
import type { MapVersion } from "#lib/model/kept-map.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;
const legalOnly = { userId: "lawyer", roles: ["expert"], businessUnits: ["legal"] } as const;

const version = (number: number, snapshotId: number): MapVersion => ({
  version: number,
  madeAtMs: 1000,
  snapshotId,
  seed: 7,
  vectors: "built-in",
  points: 3,
  movedShare: null,
  nextClusterId: 2,
  clusters: [
    {
      clusterId: 1,
      change: "born",
      from: [],
      parts: { sales: { size: 3, label: "refund twice", x: 0, y: 1, representatives: ["t1"] } }
    }
  ],
  ended: []
});

/** A map of one cluster, with id 1. */
export const newMap = (mapId: string, businessUnits: readonly string[]) => ({
  mapId,
  title: " Topics of the week ",
  businessUnits,
  ground: { workbook: "weekly", cell: "topics", text: "…", params: { since: "-7d" } },
  version: version(1, 5)
});

/** What every database keeps of maps that stay. @param open  the door, once the tests run */
export function keptMapsContract(open: () => KeptMaps): void {
  test("a kept map is seen by who may see one of its units, and by nobody else", async () => {
    const maps = open();
    const made = await maps.keep(scope, newMap("m1", ["support", "sales"]));
    expect(made).toMatchObject({
      title: "Topics of the week",
      businessUnits: ["sales", "support"],
      ground: { cell: "topics", params: { since: "-7d" } },
      version: version(1, 5),
      placedSnapshotId: 5,
      names: {}
    });
    expect(await maps.list(salesOnly)).toEqual([made]);
    expect(await maps.list(legalOnly)).toEqual([]);
    await expect(maps.find(legalOnly, "m1")).rejects.toMatchObject({ code: "missing" });
    await expect(maps.remove(legalOnly, "m1")).rejects.toMatchObject({ code: "missing" });
    await expect(maps.keep(legalOnly, newMap("m2", ["sales"]))).rejects.toMatchObject({ code: "denied" });
    await expect(maps.keep(scope, newMap("m1", ["sales"]))).rejects.toMatchObject({ code: "conflict" });
  });

  test("of two who build a map again at once one is refused, and the name of a cluster stays", async () => {
    const maps = open();
    await maps.keep(scope, newMap("m3", ["sales"]));
    await maps.nameCluster(salesOnly, "m3", 1, "Charged twice");
    await maps.notePlaced("m3", 1, 8);
    await maps.notePlaced("m3", 1, 6);
    expect(await maps.find(scope, "m3")).toMatchObject({ placedSnapshotId: 8 });
    const tries = await Promise.allSettled([
      maps.replaceVersion(scope, "m3", version(2, 9)),
      maps.replaceVersion(scope, "m3", version(2, 9))
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await maps.notePlaced("m3", 1, 100);
    expect(await maps.find(scope, "m3")).toMatchObject({
      version: { version: 2 },
      placedSnapshotId: 9,
      names: { 1: "Charged twice" }
    });
    await maps.nameCluster(scope, "m3", 1, null);
    await expect(maps.nameCluster(scope, "m3", 9, "None")).rejects.toMatchObject({ code: "missing" });
    await expect(maps.rename(scope, "m3", " ")).rejects.toMatchObject({ code: "invalid" });
    await maps.rename(scope, "m3", "Topics");
    expect(await maps.find(scope, "m3")).toMatchObject({ title: "Topics", names: {} });
    await maps.remove(scope, "m3");
    await expect(maps.find(scope, "m3")).rejects.toMatchObject({ code: "missing" });
  });

  test("an area of a map is kept under its name, changed under it, and taken away", async () => {
    const maps = open();
    await maps.keep(scope, newMap("m4", ["sales"]));
    const polygon = [
      [0, 0],
      [0.1, 0],
      [0, 1]
    ] as const;
    await maps.keepArea(salesOnly, "m4", { name: " Refunds ", polygon });
    await maps.keepArea(scope, "m4", { name: "Refunds", polygon: [...polygon, [0, 0.5]] });
    const [area, ...others] = (await maps.find(scope, "m4")).areas;
    expect(area).toMatchObject({ name: "Refunds", version: 1, userId: "owner" });
    expect(area?.polygon).toHaveLength(4);
    expect(others).toEqual([]);
    await expect(maps.keepArea(scope, "m4", { name: "a", polygon: polygon.slice(1) })).rejects.toMatchObject({
      code: "invalid"
    });
    await expect(maps.keepArea(legalOnly, "m4", { name: "a", polygon })).rejects.toMatchObject({ code: "missing" });
    await maps.removeArea(scope, "m4", "Refunds");
    expect((await maps.find(scope, "m4")).areas).toEqual([]);
  });
}
