import type { Scope } from "#lib/model/scope.ts";
import { seenClusters } from "#lib/model/seen-clusters.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import { formatEdges } from "#lib/sql/polygon-sql.ts";
import type { StateColumns } from "../lake/kernel-relations.ts";
import type { State } from "./state.ts";

/** Newest runs that a kernel knows of. */
const runLimit = 1000;

const text = <T>(name: string, rows: readonly T[], read: (row: T) => string | null): LoadColumn => ({
  name,
  type: "VARCHAR",
  values: rows.map(read)
});
const count = <T>(name: string, rows: readonly T[], read: (row: T) => number | null): LoadColumn => ({
  name,
  type: "INTEGER",
  values: rows.map(read)
});
const time = <T>(name: string, rows: readonly T[], read: (row: T) => number | null): LoadColumn => ({
  name,
  type: "TIMESTAMP",
  values: rows.map(read)
});
const number = <T>(name: string, rows: readonly T[], read: (row: T) => number | null): LoadColumn => ({
  name,
  type: "DOUBLE",
  values: rows.map(read)
});
const flag = <T>(name: string, rows: readonly T[], read: (row: T) => boolean): LoadColumn => ({
  name,
  type: "BOOLEAN",
  values: rows.map(read)
});

/**
 * The state's tables as SQL cells see them (lib/sql/views.ts describes their columns), each read when a question first
 * names it: most questions name none, and all of them wait while a kernel opens.
 */
export function listStateTables(
  state: Pick<State, "annotations" | "runs" | "keptMaps" | "datasets" | "queues">,
  scope: Scope
) {
  return {
    maps: async () => {
      const maps = await state.keptMaps.list(scope);
      return [
        text("map", maps, (row) => row.title),
        text("map_id", maps, (row) => row.mapId),
        count("version", maps, (row) => row.version.version),
        time("made_at", maps, (row) => row.version.madeAtMs),
        count("snapshot_id", maps, (row) => row.version.snapshotId)
      ];
    },
    clusters: async () => {
      const maps = await state.keptMaps.list(scope);
      const clusters = maps.flatMap((map) => seenClusters(map, scope).map((cluster) => ({ ...cluster, map })));
      return [
        text("map", clusters, (row) => row.map.title),
        text("map_id", clusters, (row) => row.map.mapId),
        count("cluster", clusters, (row) => row.clusterId),
        text("label", clusters, (row) => row.label),
        text("description", clusters, (row) => row.written?.description ?? null),
        text("written_by", clusters, (row) => row.written?.modelId ?? null),
        count("size", clusters, (row) => row.size),
        text("change", clusters, (row) => row.change),
        number("x", clusters, (row) => row.x),
        number("y", clusters, (row) => row.y)
      ];
    },
    map_areas: async () => {
      const maps = await state.keptMaps.list(scope);
      const areas = maps.flatMap((map) => map.areas.map((area) => ({ ...area, map })));
      return [
        text("map", areas, (row) => row.map.title),
        text("map_id", areas, (row) => row.map.mapId),
        text("area", areas, (row) => row.name),
        text("edges", areas, (row) => formatEdges(row.polygon))
      ];
    },
    annotations: async () => {
      const annotations = await state.annotations.list(scope);
      return [
        text("annotation_id", annotations, (row) => row.annotationId),
        count("version", annotations, (row) => row.version),
        text("trace_id", annotations, (row) => row.traceId),
        text("span_id", annotations, (row) => row.spanId),
        text("business_unit", annotations, (row) => row.businessUnit),
        text("label", annotations, (row) => row.label),
        text("note", annotations, (row) => row.note),
        text("user_id", annotations, (row) => row.userId),
        time("created_at", annotations, (row) => row.createdAtMs),
        text("source", annotations, (row) => row.source)
      ];
    },
    runs: async () => {
      const runs = await state.runs.list(scope, { limit: runLimit });
      return [
        text("run_id", runs, (row) => row.runId),
        text("workbook", runs, (row) => row.workbook),
        text("title", runs, (row) => row.title),
        count("revision", runs, (row) => row.revision),
        text("trigger", runs, (row) => row.trigger),
        text("outcome", runs, (row) => row.outcome),
        count("snapshot_id", runs, (row) => row.snapshotId),
        time("started_at", runs, (row) => row.startedAtMs),
        time("ended_at", runs, (row) => row.endedAtMs),
        count("checks", runs, (row) => row.checks.length),
        count("checks_failed", runs, (row) => row.checks.filter(({ pass }) => pass !== true).length)
      ];
    },
    datasets: async () => {
      const examples = await state.datasets.listAll(scope);
      return [
        text("dataset", examples, (row) => row.title),
        text("dataset_id", examples, (row) => row.datasetId),
        count("version", examples, (row) => row.version),
        flag("is_newest", examples, (row) => row.isNewest),
        text("trace_id", examples, (row) => row.traceId),
        text("business_unit", examples, (row) => row.businessUnit),
        text("split", examples, (row) => row.split),
        text("expected", examples, (row) => row.expected)
      ];
    },
    queue_items: async () => {
      const items = await state.queues.listAll(scope);
      return [
        text("queue", items, (row) => row.title),
        text("queue_id", items, (row) => row.queueId),
        count("position", items, (row) => row.position),
        text("trace_id", items, (row) => row.traceId),
        text("business_unit", items, (row) => row.businessUnit),
        text("stratum", items, (row) => row.stratum),
        number("inclusion_probability", items, (row) => row.inclusionProbability),
        text("state", items, (row) => row.state),
        text("done_by", items, (row) => row.doneBy),
        time("done_at", items, (row) => row.doneAtMs)
      ];
    }
  } satisfies StateColumns;
}
