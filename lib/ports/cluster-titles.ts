import type { ClusterTitle } from "../model/cluster-title.ts";
import type { Scope } from "../model/scope.ts";

/** What a model wrote about the clusters of kept maps. A map is found with those titles that its reader may see. */
export interface ClusterTitles {
  /** Those of any version, of the scope's units alone. */
  list(scope: Scope, mapId: string): Promise<readonly ClusterTitle[]>;
  /**
   * Keeps titles, each in the place of the one before of its cluster and unit. One that was written for a later
   * version stays.
   *
   * @throws Fault `denied` for a unit outside the scope
   */
  keep(scope: Scope, mapId: string, titles: readonly ClusterTitle[]): Promise<void>;
}
