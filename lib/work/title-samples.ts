import type { KeptMap } from "#lib/model/kept-map.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import { cutText } from "#lib/model/text-tokens.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { columnSql, lakeTextSql } from "./trace-words.ts";

/** Traces of a cluster that a title is written from: the typical ones, and others from all over it. */
const sampleSize = 10;

/** Of one trace's text, about. */
const tokensPerText = 150;

/** Texts that tell what a cluster is about. */
export interface TitleSample {
  readonly clusterId: number;
  readonly traceIds: readonly string[];
  /** Beginnings of the traces' texts, the empty ones left out. */
  readonly texts: readonly string[];
}

/** How many traces of each cluster's list are in the cluster now, by cluster. */
export async function countStaying(
  kernel: Kernel,
  map: KeptMap,
  samples: readonly { readonly clusterId: number; readonly sample: readonly string[] }[]
): Promise<ReadonlyMap<number, number>> {
  if (samples.length === 0) return new Map();
  const pairs = samples.flatMap(({ clusterId, sample }) => sample.map((id) => `${clusterId} ${id}`));
  const rows = await kernel.rows(
    `select p.cluster, count(*) as n from placements p
     where p.map_id = $map and p.cluster || ' ' || p.trace_id in (select unnest(string_split($pairs, chr(10))))
     group by p.cluster`,
    { map: map.mapId, pairs: pairs.join("\n") },
    samples.length
  );
  return new Map(rows.map((row) => [Number(row["cluster"]), Number(row["n"])]));
}

/**
 * Chooses traces of some clusters and reads what they say: the representatives of the unit's part, and others by the
 * hash of their ids, which has nothing to do with where they lie.
 *
 * @param kernel  that sees the unit alone
 */
export async function readTitleSamples(
  kernel: Kernel,
  map: KeptMap,
  unit: BusinessUnit,
  clusterIds: readonly number[]
): Promise<readonly TitleSample[]> {
  if (clusterIds.length === 0) return [];
  const others = await kernel.rows(
    `select cluster, trace_id from placements where map_id = $map
       and cluster in (select unnest(string_split($clusters, ','))::integer)
     qualify row_number() over (partition by cluster order by md5(trace_id)) <= ${sampleSize} order by md5(trace_id)`,
    { map: map.mapId, clusters: clusterIds.join() },
    clusterIds.length * sampleSize
  );
  const chosen = clusterIds.map((clusterId) => {
    const part = map.version.clusters.find((cluster) => cluster.clusterId === clusterId)?.parts[unit];
    const spread = others.filter((row) => row["cluster"] === clusterId).map((row) => String(row["trace_id"]));
    return [...new Set([...(part?.representatives ?? []), ...spread])].slice(0, sampleSize);
  });
  const rows = await kernel.rows(
    textSql(map),
    { ids: [...new Set(chosen.flat())].join("\n") },
    clusterIds.length * sampleSize
  );
  const texts = new Map(rows.map((row) => [String(row["trace_id"]), String(row["text"] ?? "").trim()]));
  return clusterIds.map((clusterId, at) => ({
    clusterId,
    traceIds: chosen[at]!,
    texts: chosen[at]!.flatMap((id) => cutText(texts.get(id) ?? "", tokensPerText) || [])
  }));
}

/** What a map's traces say, as its cell reads them where that needs no other cell, else what was asked of the agent. */
function textSql({ ground }: KeptMap): string {
  const cell = parseWorkbook(ground.text).cells.find(({ key }) => key === ground.cell);
  const { text } = parseMapSettings(cell?.text ?? "");
  const ids = "select unnest(string_split($ids, chr(10)))";
  return lakeTextSql(nameKey(text), ids) ?? columnSql("input", ids);
}
