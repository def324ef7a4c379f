import { listEmerging } from "#lib/map/emerging.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import { seenClusters, seenUnits } from "#lib/model/seen-clusters.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import type { EmergingRow, KeptMapReply, KeptMapRow } from "#lib/wire/maps.ts";
import { maxMapTraces } from "#lib/workbook/cell-settings.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

/** Days that are looked at for what grew: the last ones against those before. */
const [recentDays, pastDays] = [7, 28];

const dayMs = 86_400_000;

/** Bytes of all points of a map together, beyond the last. */
const mostPointBytes = 96 * 2 ** 20;

/** Agents that points tell apart. */
const mostAgents = 200;

/** What a reader sees of kept maps: nothing of other units' traces. */
export class MapReader {
  readonly #keptMaps: KeptMaps;
  readonly #kernels: ScopeKernels;

  constructor(keptMaps: KeptMaps, kernels: ScopeKernels) {
    this.#keptMaps = keptMaps;
    this.#kernels = kernels;
  }

  async list(scope: Scope): Promise<readonly KeptMapRow[]> {
    return (await this.#keptMaps.list(scope)).map((map) => describe(map, scope));
  }

  /** @throws Fault `missing` */
  async open(scope: Scope, mapId: string): Promise<KeptMapReply> {
    const map = await this.#keptMaps.find(scope, mapId);
    const { version, businessUnits } = map;
    return this.#kernels.use(scope, async (kernel) => ({
      ...describe(map, scope),
      vectors: version.vectors,
      seed: version.seed,
      movedShare: version.movedShare,
      seen: seenClusters(map, scope),
      ended: version.ended,
      isWhole: seenUnits(map, scope).length === businessUnits.length,
      emerging: await readEmerging(kernel, map, scope),
      recentDays,
      pastDays,
      areas: map.areas,
      units: seenUnits(map, scope)
    }));
  }

  /**
   * Every point that the reader sees, as columns: `x`, `y` and `novelty` FLOAT, `cluster` INTEGER (null in none),
   * `started` DOUBLE in ms since 1970 UTC, `unit` and `agent` codes from 0, and the trace's id as two
   * halves `high` and `low`, UBIGINT.
   *
   * @returns with the agents that the codes stand for
   * @throws Fault `missing`
   */
  async points(
    scope: Scope,
    mapId: string,
    signal?: AbortSignal
  ): Promise<ArrowAnswer & { readonly agents: readonly string[] }> {
    const map = await this.#keptMaps.find(scope, mapId);
    return this.#kernels.use(scope, async (kernel) => {
      const agents = await readAgents(kernel, mapId);
      const values = { map: mapId, units: seenUnits(map, scope).join("\n"), agents: agents.join("\n") };
      return { ...(await kernel.query(pointsSql, values, maxMapTraces, signal, mostPointBytes)), agents };
    });
  }
}

const pointsSql = `select p.x::float as x, p.y::float as y, p.novelty::float as novelty, p.cluster,
    epoch_ms(t.started_at)::double as started,
    list_position(string_split($units, chr(10)), p.business_unit)::integer - 1 as unit,
    list_position(string_split($agents, chr(10)), t.agent)::integer - 1 as agent,
    ('0x' || left(p.trace_id, 16))::ubigint as high, ('0x' || right(p.trace_id, 16))::ubigint as low
  from placements p join traces t on t.trace_id = p.trace_id and t.business_unit = p.business_unit
  where p.map_id = $map order by p.trace_id`;

function describe(map: KeptMap, scope: Scope): KeptMapRow {
  return {
    mapId: map.mapId,
    title: map.title,
    workbook: map.ground.workbook,
    cell: map.ground.cell,
    businessUnits: seenUnits(map, scope),
    version: map.version.version,
    madeAtMs: map.version.madeAtMs,
    clusters: seenClusters(map, scope).length
  };
}

async function readAgents(kernel: Kernel, mapId: string): Promise<readonly string[]> {
  const rows = await kernel.rows(
    `select t.agent from placements p join traces t on t.trace_id = p.trace_id and t.business_unit = p.business_unit
     where p.map_id = $map and t.agent is not null group by t.agent order by count(*) desc, t.agent`,
    { map: mapId },
    mostAgents
  );
  return rows.map(({ agent }) => String(agent));
}

/** What grew up to the day of the newest trace on the map. */
async function readEmerging(kernel: Kernel, map: KeptMap, scope: Scope): Promise<readonly EmergingRow[]> {
  const [read, labels] = [newColumns(), new Map(seenClusters(map, scope).map((seen) => [seen.clusterId, seen.label]))];
  const window = `select max("date") - interval ${recentDays + pastDays} day from placements where map_id = $map`;
  const sql = `select trace_id, business_unit, epoch_ms("date"::timestamp) as day_ms, cluster, novelty, x, y
    from placements where map_id = $map and "date" > (${window}) order by trace_id`;
  for await (const rows of kernel.stream(sql, { map: map.mapId })) {
    for (const row of rows) {
      read.traceIds.push(String(row["trace_id"]));
      read.unit.push(scope.businessUnits.indexOf(String(row["business_unit"])));
      read.day.push(Math.floor(Number(row["day_ms"]) / dayMs));
      read.cluster.push(row["cluster"] === null ? NOISE : Number(row["cluster"]));
      read.novelty.push(Number(row["novelty"]));
      read.x.push(Number(row["x"]));
      read.y.push(Number(row["y"]));
    }
  }
  if (read.day.length === 0) return [];
  const today = read.day.reduce((last, day) => Math.max(last, day));
  const traces = {
    unit: Int32Array.from(read.unit),
    day: Int32Array.from(read.day),
    cluster: Int32Array.from(read.cluster),
    novelty: Float32Array.from(read.novelty),
    x: Float32Array.from(read.x),
    y: Float32Array.from(read.y)
  };
  const idsOf = (list: readonly number[]) => list.map((at) => read.traceIds[at]!);
  return listEmerging(traces, { today, recentDays, pastDays }).map((found) => ({
    businessUnit: scope.businessUnits[found.unit]!,
    clusterId: found.cluster === NOISE ? null : found.cluster,
    label: found.cluster === NOISE ? "in no cluster" : (labels.get(found.cluster) ?? `cluster ${found.cluster + 1}`),
    recent: found.recent,
    past: found.past,
    ratio: Number.isFinite(found.ratio) ? found.ratio : null,
    low: found.low,
    high: Number.isFinite(found.high) ? found.high : null,
    novelty: found.novelty,
    trend: found.trend,
    representatives: idsOf(found.representatives),
    extremes: idsOf(found.extremes)
  }));
}

const newColumns = () => ({
  traceIds: [] as string[],
  unit: [] as number[],
  day: [] as number[],
  cluster: [] as number[],
  novelty: [] as number[],
  x: [] as number[],
  y: [] as number[]
});
