import type { Kysely, Transaction } from "kysely";
import type { AuditAction, NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { checkMapName, type KeptMap, type MapArea, type MapVersion } from "#lib/model/kept-map.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import { recordIn } from "./audit-rows.ts";
import { readTitles } from "./cluster-titles.ts";
import type { StateTables } from "./schema.ts";

const mostMaps = 200;
const mostAreas = 200;
const mostCorners = 2000;

/** All that is kept of a map, what stands on it first. */
const mapTables = [
  "alerts",
  "map_areas",
  "cluster_titles",
  "cluster_names",
  "map_versions",
  "kept_map_units",
  "kept_maps"
] as const;

/** Kept maps in the state database; every version stays, the newest is read. */
export function openKeptMaps(db: Kysely<StateTables>, clock: Clock): KeptMaps {
  const read = (scope: Scope, mapId?: string) => readMaps(db, scope, mapId);
  const find = async (scope: Scope, mapId: string): Promise<KeptMap> => {
    const [map] = await read(scope, mapId);
    if (map) return map;
    throw new Fault("missing", `there is no kept map "${mapId.slice(0, 80)}"`, {
      hint: "It may have been deleted; the page Maps lists those there are."
    });
  };
  const record = (
    transaction: Transaction<StateTables>,
    scope: Scope,
    action: AuditAction,
    { mapId, title, businessUnits, version }: Pick<KeptMap, "mapId" | "title" | "businessUnits" | "version">,
    facts: NonNullable<NewAuditEntry["facts"]> = {},
    after?: Json
  ) => {
    const object = { kind: "map", id: mapId, version: version.version };
    return recordIn(transaction, scope, { action, object, units: businessUnits, title, facts, after }, clock);
  };
  return {
    list: (scope) => read(scope),
    find,

    async keep(scope, map) {
      const title = checkMapName(map.title);
      for (const unit of map.businessUnits) requireUnit(scope, unit);
      await db.transaction().execute(async (transaction) => {
        const { count } = await transaction
          .selectFrom("kept_maps")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        if (Number(count) >= mostMaps)
          throw new Fault("limit", `there are ${mostMaps} kept maps already`, { hint: "Delete some of them." });
        const made = await transaction
          .insertInto("kept_maps")
          .values({
            map_id: map.mapId,
            title,
            ground: JSON.stringify(map.ground),
            user_id: scope.userId,
            created_at: clock.nowMs(),
            version: map.version.version,
            placed_snapshot: map.version.snapshotId
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning("map_id")
          .executeTakeFirst();
        if (!made) throw new Fault("conflict", `there is a kept map "${map.mapId}" already`);
        const units = [...new Set(map.businessUnits)].map((unit) => ({ map_id: map.mapId, business_unit: unit }));
        await transaction.insertInto("kept_map_units").values(units).execute();
        await insertVersion(transaction, map.mapId, map.version);
        await record(transaction, scope, "map.keep", { ...map, title }, { points: map.version.points });
      });
      return find(scope, map.mapId);
    },

    async replaceVersion(scope, mapId, version) {
      const map = await find(scope, mapId);
      await db.transaction().execute(async (transaction) => {
        const moved = await transaction
          .updateTable("kept_maps")
          .set({ version: version.version, placed_snapshot: version.snapshotId })
          .where("map_id", "=", mapId)
          .where("version", "=", version.version - 1)
          .returning("map_id")
          .executeTakeFirst();
        if (!moved) {
          throw new Fault("conflict", "the map was built again by someone else meanwhile", {
            hint: "Look at the new version; build it again from there if you still need to."
          });
        }
        await insertVersion(transaction, mapId, version);
        await record(transaction, scope, "map.refit", { ...map, version }, { points: version.points });
      });
      return find(scope, mapId);
    },

    async notePlaced(mapId, version, snapshotId) {
      await db
        .updateTable("kept_maps")
        .set({ placed_snapshot: snapshotId })
        .where("map_id", "=", mapId)
        .where("version", "=", version)
        .where("placed_snapshot", "<", snapshotId)
        .execute();
    },

    async rename(scope, mapId, title) {
      const kept = checkMapName(title);
      const map = await find(scope, mapId);
      await db.transaction().execute(async (transaction) => {
        await transaction.updateTable("kept_maps").set({ title: kept }).where("map_id", "=", mapId).execute();
        await record(transaction, scope, "map.rename", { ...map, title: kept });
      });
    },

    async nameCluster(scope, mapId, clusterId, name) {
      const kept = name === null ? null : checkMapName(name);
      const map = await find(scope, mapId);
      if (!map.version.clusters.some((cluster) => cluster.clusterId === clusterId)) {
        throw new Fault("missing", `the map has no cluster "${clusterId}"`);
      }
      await db.transaction().execute(async (transaction) => {
        const key = { map_id: mapId, cluster_id: clusterId };
        await transaction
          .deleteFrom("cluster_names")
          .where("map_id", "=", mapId)
          .where("cluster_id", "=", clusterId)
          .execute();
        if (kept !== null) {
          const row = { ...key, name: kept, user_id: scope.userId, named_at: clock.nowMs() };
          await transaction.insertInto("cluster_names").values(row).execute();
        }
        await record(transaction, scope, "cluster.name", map, { cluster: clusterId }, kept);
      });
    },

    async keepArea(scope, mapId, area) {
      const name = checkMapName(area.name);
      const map = await find(scope, mapId);
      const { version, areas } = map;
      const polygon = checkPolygon(area.polygon);
      if (areas.length >= mostAreas && !areas.some((other) => other.name === name)) {
        throw new Fault("limit", `the map has ${mostAreas} areas already`, { hint: "Delete some of them." });
      }
      const changed = {
        version: version.version,
        polygon: JSON.stringify(polygon),
        user_id: scope.userId,
        made_at: clock.nowMs()
      };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("map_areas")
          .values({ map_id: mapId, name, ...changed })
          .onConflict((conflict) => conflict.columns(["map_id", "name"]).doUpdateSet(changed))
          .execute();
        await record(transaction, scope, "area.keep", map, { corners: polygon.length }, name);
      });
    },

    async removeArea(scope, mapId, name) {
      const map = await find(scope, mapId);
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("map_areas").where("map_id", "=", mapId).where("name", "=", name).execute();
        await record(transaction, scope, "area.remove", map, {}, name);
      });
    },

    async remove(scope, mapId) {
      const map = await find(scope, mapId);
      await db.transaction().execute(async (transaction) => {
        for (const table of mapTables) {
          await transaction.deleteFrom(table).where("map_id", "=", mapId).execute();
        }
        await record(transaction, scope, "map.remove", map);
      });
    }
  };
}

async function insertVersion(db: Transaction<StateTables>, mapId: string, version: MapVersion): Promise<void> {
  await db
    .insertInto("map_versions")
    .values({ map_id: mapId, version: version.version, body: JSON.stringify(version) })
    .execute();
}

async function readMaps(db: Kysely<StateTables>, scope: Scope, mapId?: string): Promise<readonly KeptMap[]> {
  if (scope.businessUnits.length === 0) return [];
  let heads = db
    .selectFrom("kept_maps as m")
    .innerJoin("map_versions as v", (join) =>
      join.onRef("v.map_id", "=", "m.map_id").onRef("v.version", "=", "m.version")
    )
    .selectAll("m")
    .select("v.body")
    .where("m.map_id", "in", (units) =>
      units.selectFrom("kept_map_units").select("map_id").where("business_unit", "in", scope.businessUnits)
    );
  if (mapId !== undefined) heads = heads.where("m.map_id", "=", mapId);
  const rows = await heads.orderBy("m.created_at", "desc").orderBy("m.map_id", "desc").execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ map_id }) => map_id);
  const [units, names, titles, areas] = await Promise.all([
    db.selectFrom("kept_map_units").selectAll().where("map_id", "in", ids).orderBy("business_unit").execute(),
    db.selectFrom("cluster_names").selectAll().where("map_id", "in", ids).execute(),
    readTitles(db, scope, ids),
    db.selectFrom("map_areas").selectAll().where("map_id", "in", ids).orderBy("name").execute()
  ]);
  return rows.map((row) => ({
    mapId: row.map_id,
    title: row.title,
    businessUnits: units.filter(({ map_id }) => map_id === row.map_id).map((unit) => unit.business_unit),
    ground: JSON.parse(row.ground) as KeptMap["ground"],
    userId: row.user_id,
    createdAtMs: Number(row.created_at),
    version: JSON.parse(row.body) as MapVersion,
    placedSnapshotId: Number(row.placed_snapshot),
    names: Object.fromEntries(
      names.filter(({ map_id }) => map_id === row.map_id).map(({ cluster_id, name }) => [cluster_id, name])
    ),
    titles: titles.filter(({ mapId }) => mapId === row.map_id).map(({ title }) => title),
    areas: areas
      .filter(({ map_id }) => map_id === row.map_id)
      .map(({ name, version, polygon, user_id }) => ({
        name,
        version,
        polygon: JSON.parse(polygon) as MapArea["polygon"],
        userId: user_id
      }))
  }));
}

/** Corners as 32-bit numbers, as those of the points are. @throws Fault `invalid` */
function checkPolygon(polygon: MapArea["polygon"]): MapArea["polygon"] {
  const corners = polygon.map(([x, y]) => [Math.fround(x), Math.fround(y)] as const);
  if (corners.length >= 3 && corners.length <= mostCorners && corners.flat().every(Number.isFinite)) return corners;
  throw new Fault("invalid", `an area has 3 to ${mostCorners} corners that are numbers`, { hint: "Draw it again." });
}
