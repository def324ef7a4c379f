import type { BusinessUnit } from "./scope.ts";

/** Where a trace stands on one version of a kept map. */
export interface Placement {
  readonly mapId: string;
  readonly version: number;
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  /** Day of the trace's start in UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** Of the trace, ms since 1970 UTC. */
  readonly startedAtMs: number;
  /** Map coordinates. */
  readonly x: number;
  readonly y: number;
  /** Identity of the cluster; null for none. */
  readonly clusterId: number | null;
  /**
   * The cluster it would be in if it had come after the map was built; null for none. Growth is told by it: a trace
   * that the map was built from is in a cluster more easily than one that came later.
   */
  readonly arrivalClusterId: number | null;
  /** 0..1. */
  readonly novelty: number;
}
