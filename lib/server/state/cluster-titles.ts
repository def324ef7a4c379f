import type { Kysely } from "kysely";
import type { ClusterTitle } from "#lib/model/cluster-title.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ClusterTitles } from "#lib/ports/cluster-titles.ts";
import type { StateTables } from "./schema.ts";

/** Titles of clusters in the state database. */
export function openClusterTitles(db: Kysely<StateTables>, clock: Clock): ClusterTitles {
  return {
    async list(scope, mapId) {
      return (await readTitles(db, scope, [mapId])).map(({ title }) => title);
    },

    async keep(scope, mapId, titles) {
      for (const { businessUnit } of titles) requireUnit(scope, businessUnit);
      await db.transaction().execute(async (transaction) => {
        for (const title of titles) {
          const written = {
            title: title.title,
            description: title.description,
            model_id: title.modelId,
            sample: JSON.stringify(title.sample),
            size: title.size,
            version: title.version,
            user_id: scope.userId,
            written_at: clock.nowMs()
          };
          await transaction
            .insertInto("cluster_titles")
            .values({ map_id: mapId, cluster_id: title.clusterId, business_unit: title.businessUnit, ...written })
            .onConflict((conflict) =>
              conflict
                .columns(["map_id", "cluster_id", "business_unit"])
                .doUpdateSet(written)
                .where("cluster_titles.version", "<=", title.version)
            )
            .execute();
        }
      });
    }
  };
}

/** Titles of some maps, of the scope's units alone. */
export async function readTitles(
  db: Kysely<StateTables>,
  scope: Scope,
  mapIds: readonly string[]
): Promise<readonly { readonly mapId: string; readonly title: ClusterTitle }[]> {
  if (mapIds.length === 0 || scope.businessUnits.length === 0) return [];
  const rows = await db
    .selectFrom("cluster_titles")
    .selectAll()
    .where("map_id", "in", mapIds)
    .where("business_unit", "in", scope.businessUnits)
    .orderBy("cluster_id")
    .orderBy("business_unit")
    .execute();
  return rows.map((row) => ({
    mapId: row.map_id,
    title: {
      clusterId: row.cluster_id,
      businessUnit: row.business_unit,
      title: row.title,
      description: row.description,
      modelId: row.model_id,
      sample: JSON.parse(row.sample) as readonly string[],
      size: row.size,
      version: row.version
    }
  }));
}
