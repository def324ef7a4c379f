import { expect, test } from "vitest";
import type { ClusterTitle } from "#lib/model/cluster-title.ts";
import type { ClusterTitles } from "#lib/ports/cluster-titles.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;

const title = (businessUnit: string, words: string, version = 1): ClusterTitle => ({
  clusterId: 0,
  businessUnit,
  title: words,
  description: `What ${businessUnit} is asked.`,
  modelId: "m-1",
  sample: ["t1", "t2"],
  size: 12,
  version
});

/** What every database keeps of the titles of clusters. @param open  the doors, once the tests run */
export function clusterTitlesContract(
  open: () => { readonly keptMaps: KeptMaps; readonly clusterTitles: ClusterTitles }
): void {
  test("a title is seen by who sees the unit it was written from, and by nobody else", async () => {
    const { keptMaps, clusterTitles } = open();
    await keptMaps.keep(scope, {
      mapId: "titled",
      title: "Topics",
      businessUnits: ["sales", "support"],
      ground: { workbook: "weekly", cell: "topics", text: "…", params: {} },
      version: {
        ...{ version: 1, madeAtMs: 1000, snapshotId: 5, seed: 7, vectors: "built-in", points: 3 },
        ...{ movedShare: null, nextClusterId: 1, clusters: [], ended: [] }
      }
    });
    await clusterTitles.keep(scope, "titled", [title("sales", "Prices"), title("support", "Refunds")]);
    expect(await clusterTitles.list(scope, "titled")).toEqual([title("sales", "Prices"), title("support", "Refunds")]);
    expect(await clusterTitles.list(salesOnly, "titled")).toEqual([title("sales", "Prices")]);
    expect((await keptMaps.find(salesOnly, "titled")).titles).toEqual([title("sales", "Prices")]);
    expect(await clusterTitles.list({ ...scope, businessUnits: ["legal"] }, "titled")).toEqual([]);
    await expect(clusterTitles.keep(salesOnly, "titled", [title("support", "Mine")])).rejects.toMatchObject({
      code: "denied"
    });
  });

  test("a later title takes the place of the one before, a late one of an earlier version does not", async () => {
    const { keptMaps, clusterTitles } = open();
    await clusterTitles.keep(scope, "titled", [title("sales", "Prices and terms", 3)]);
    await clusterTitles.keep(scope, "titled", [title("sales", "Late", 2)]);
    expect(await clusterTitles.list(salesOnly, "titled")).toEqual([title("sales", "Prices and terms", 3)]);
    await keptMaps.remove(scope, "titled");
    expect(await clusterTitles.list(scope, "titled")).toEqual([]);
  });
}
