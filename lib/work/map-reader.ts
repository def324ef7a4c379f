import type { KeptMap } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import { seenClusters, seenUnits } from "#lib/model/seen-clusters.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import type { MapProgressReply } from "#lib/wire/map-columns.ts";
import type { KeptMapReply, KeptMapRow } from "#lib/wire/maps.ts";
import { maxMapTraces } from "#lib/workbook/cell-settings.ts";
import { pastDays, readEmerging, recentDays } from "./read-emerging.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

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
      placedSnapshotId: map.placedSnapshotId,
      vectors: version.vectors,
      seed: version.seed,
      movedShare: version.movedShare,
      seen: seenClusters(map, scope),
      ended: version.ended,
      isWhole: seenUnits(map, scope).length === businessUnits.length,
      ...(await readEmerging(kernel, map, scope)),
      recentDays,
      pastDays,
      areas: map.areas,
      units: seenUnits(map, scope)
    }));
  }

  /** How far the map has come; looks at no trace. @throws Fault `missing` */
  async progress(scope: Scope, mapId: string): Promise<MapProgressReply> {
    const { version, placedSnapshotId } = await this.#keptMaps.find(scope, mapId);
    return { version: version.version, placedSnapshotId };
  }

  /**
   * Every point that the reader sees, as columns: `x`, `y` and `novelty` FLOAT, `cluster` INTEGER,
   * `started` DOUBLE in ms and `placed` UINTEGER in s since 1970 UTC, `unit` and `agent` codes from 0, and the trace's
   * id as two halves `high` and `low`, UBIGINT. Where there is none, a number is NaN and a code -1.
   *
   * @param after  only those placed later, in ms since 1970 UTC; 0 for all
   * @returns with the agents that the codes stand for
   * @throws Fault `missing`
   */
  async points(
    scope: Scope,
    mapId: string,
    after: number,
    signal?: AbortSignal
  ): Promise<ArrowAnswer & { readonly agents: readonly string[] }> {
    const map = await this.#keptMaps.find(scope, mapId);
    return this.#kernels.use(scope, async (kernel) => {
      const agents = await readAgents(kernel, mapId);
      const values = { map: mapId, units: seenUnits(map, scope).join("\n"), agents: agents.join("\n"), after };
      return { ...(await kernel.query(pointsSql, values, maxMapTraces, signal, mostPointBytes)), agents };
    });
  }
}

const pointsSql = `select p.x::float as x, p.y::float as y, coalesce(p.novelty, 'nan'::double)::float as novelty,
    coalesce(p.cluster, -1)::integer as cluster, coalesce(epoch_ms(t.started_at)::double, 'nan'::double) as started,
    epoch(p.placed_at)::uinteger as placed,
    coalesce(list_position(string_split($units, chr(10)), p.business_unit), 0)::integer - 1 as unit,
    coalesce(list_position(string_split($agents, chr(10)), t.agent), 0)::integer - 1 as agent,
    ('0x' || left(p.trace_id, 16))::ubigint as high, ('0x' || right(p.trace_id, 16))::ubigint as low
  from placements p join traces t on t.trace_id = p.trace_id and t.business_unit = p.business_unit
  where p.map_id = $map and epoch_ms(p.placed_at) > $after order by p.trace_id, p.business_unit`;

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
