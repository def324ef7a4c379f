import { type EmergingCluster, listEmerging, listStrangest } from "#lib/map/emerging.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { seenClusters } from "#lib/model/seen-clusters.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { EmergingRow, EmergingScore, KeptMapReply } from "#lib/wire/maps.ts";

/** Days that are looked at for what grew: the last ones against those before. */
export const [recentDays, pastDays] = [7, 28];

const dayMs = 86_400_000;

/** What grew in each unit up to the day of the newest trace on the map, and what was strangest in the last days. */
export async function readEmerging(
  kernel: Kernel,
  map: KeptMap,
  scope: Scope
): Promise<Pick<KeptMapReply, "emerging" | "strangest">> {
  const read = await readWindow(kernel, map.mapId, scope);
  if (read.traceIds.length === 0) return { emerging: [], strangest: [] };
  const today = read.day.reduce((last, day) => Math.max(last, day));
  const traces = {
    unit: Int32Array.from(read.unit),
    day: Int32Array.from(read.day),
    cluster: Int32Array.from(read.cluster),
    novelty: Float32Array.from(read.novelty),
    x: Float32Array.from(read.x),
    y: Float32Array.from(read.y)
  };
  const window = { today, recentDays, pastDays };
  const found = listEmerging(traces, window);
  const scores = found.length > 0 ? await readScores(kernel, map.mapId, today) : new Map<string, EmergingScore[]>();
  const labelOf = clusterNamer(map, scope);
  const idsOf = (list: readonly number[]) => list.map((at) => read.traceIds[at]!);
  return {
    emerging: found.map((entry): EmergingRow => {
      const businessUnit = scope.businessUnits[entry.unit]!;
      const clusterId = entry.cluster === NOISE ? null : entry.cluster;
      return {
        ...describe(entry),
        businessUnit,
        clusterId,
        label: labelOf(businessUnit, clusterId),
        representatives: idsOf(entry.representatives),
        extremes: idsOf(entry.extremes),
        scores: scores.get(keyOf(businessUnit, clusterId)) ?? []
      };
    }),
    strangest: listStrangest(traces, window).map(({ unit, traces: strangest }) => ({
      businessUnit: scope.businessUnits[unit]!,
      traces: strangest.map((at) => ({ traceId: read.traceIds[at]!, novelty: traces.novelty[at]! }))
    }))
  };
}

/** Names a cluster in the words of the unit it grew in, or of the reader's others where it is new to that unit. */
export function clusterNamer(map: KeptMap, scope: Scope): (unit: BusinessUnit, clusterId: number | null) => string {
  const labelsOf = (businessUnits: readonly BusinessUnit[]) =>
    new Map(seenClusters(map, { ...scope, businessUnits }).map((seen) => [seen.clusterId, seen.label]));
  const all = labelsOf(scope.businessUnits);
  const own = new Map(scope.businessUnits.map((unit) => [unit, labelsOf([unit])]));
  return (unit, clusterId) =>
    clusterId === null
      ? "in no cluster"
      : (own.get(unit)?.get(clusterId) ?? all.get(clusterId) ?? `cluster ${clusterId + 1}`);
}

function describe({ recent, past, ratio, low, high, novelty, trend }: EmergingCluster) {
  return {
    recent,
    past,
    ratio: Number.isFinite(ratio) ? ratio : null,
    low,
    high: Number.isFinite(high) ? high : null,
    novelty,
    trend
  };
}

async function readWindow(kernel: Kernel, mapId: string, scope: Scope) {
  const read = {
    traceIds: [] as string[],
    unit: [] as number[],
    day: [] as number[],
    cluster: [] as number[],
    novelty: [] as number[],
    x: [] as number[],
    y: [] as number[]
  };
  const window = `select max("date") - interval ${recentDays + pastDays} day from placements where map_id = $map`;
  const sql = `select trace_id, business_unit, epoch_ms("date"::timestamp) as day_ms, arrival_cluster, novelty, x, y
    from placements where map_id = $map and "date" > (${window}) order by trace_id`;
  for await (const rows of kernel.stream(sql, { map: mapId })) {
    for (const row of rows) {
      read.traceIds.push(String(row["trace_id"]));
      read.unit.push(scope.businessUnits.indexOf(String(row["business_unit"])));
      read.day.push(Math.floor(Number(row["day_ms"]) / dayMs));
      read.cluster.push(row["arrival_cluster"] === null ? NOISE : Number(row["arrival_cluster"]));
      read.novelty.push(Number(row["novelty"]));
      read.x.push(Number(row["x"]));
      read.y.push(Number(row["y"]));
    }
  }
  return read;
}

/** Means of every scorer in every cluster of every unit, now and before, each score weighed by its chance of being made. */
async function readScores(kernel: Kernel, mapId: string, today: number): Promise<Map<string, EmergingScore[]>> {
  const since = `make_timestamp_ms(${(today - recentDays + 1) * dayMs})::date`;
  const rows = await kernel.rows(
    `with scored as (
      select p.business_unit, p.arrival_cluster as cluster, s.scorer, p."date" >= ${since} as is_recent,
        s.value, 1 / coalesce(s.sampling_probability, 1) as weight
      from placements p join scores s on s.trace_id = p.trace_id and s.business_unit = p.business_unit
      where p.map_id = $map and s.status = 'ok' and s.value is not null
        and p."date" > make_timestamp_ms(${(today - recentDays - pastDays) * dayMs})::date
    )
    select business_unit, cluster, scorer, count(*) filter (is_recent) as n, count(*) filter (not is_recent) as n_before,
      sum(value * weight) filter (is_recent) / sum(weight) filter (is_recent) as mean,
      sum(value * weight) filter (not is_recent) / sum(weight) filter (not is_recent) as mean_before
    from scored group by business_unit, cluster, scorer order by n desc, scorer`,
    { map: mapId },
    mostScores
  );
  const found = new Map<string, EmergingScore[]>();
  for (const row of rows) {
    const key = keyOf(String(row["business_unit"]), row["cluster"] === null ? null : Number(row["cluster"]));
    const mean = (name: string) => (row[name] === null ? null : Number(row[name]));
    const score = {
      scorer: String(row["scorer"]),
      n: Number(row["n"]),
      mean: mean("mean"),
      nBefore: Number(row["n_before"]),
      meanBefore: mean("mean_before")
    };
    found.set(key, [...(found.get(key) ?? []), score]);
  }
  return found;
}

const mostScores = 10_000;

function keyOf(businessUnit: BusinessUnit, clusterId: number | null): string {
  return `${clusterId ?? "none"} ${businessUnit}`;
}
