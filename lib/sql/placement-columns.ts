import type { Placement } from "../model/placement.ts";
import { formatTimestampMs } from "./span-columns.ts";

/** Columns of `placements` in the lake's files. */
export const placementColumns = {
  map_id: "VARCHAR",
  version: "INTEGER",
  trace_id: "VARCHAR",
  x: "DOUBLE",
  y: "DOUBLE",
  cluster: "INTEGER",
  /** -1 for none; null in files that were written before there was this column. */
  arrival_cluster: "INTEGER",
  novelty: "DOUBLE",
  placed_at: "TIMESTAMP"
} as const;

/** A placement as JSON keeps it in a fresh batch. */
export function formatPlacementRow(
  placement: Placement,
  placedAtMs: number
): { readonly [name in keyof typeof placementColumns]: unknown } {
  const { mapId, version, traceId, x, y, clusterId, arrivalClusterId, novelty } = placement;
  return {
    map_id: mapId,
    version,
    trace_id: traceId,
    x,
    y,
    cluster: clusterId,
    arrival_cluster: arrivalClusterId ?? -1,
    novelty,
    placed_at: formatTimestampMs(placedAtMs)
  };
}
