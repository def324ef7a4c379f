import type { Scope } from "#lib/model/scope.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import { readEmerging } from "./read-emerging.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

/** What watching for clusters that grow needs. */
export interface WatchDoors {
  readonly alerts: Pick<Alerts, "note">;
  readonly keptMaps: Pick<KeptMaps, "find">;
  readonly kernels: Pick<ScopeKernels, "use">;
  /** Whether somebody is to be told outside the workbench. */
  readonly isSent: boolean;
}

/**
 * Looks at what grows on a kept map now and raises an alert for each cluster that did not before.
 *
 * @returns how many were raised
 * @throws Fault `missing`
 */
export async function watchEmerging(doors: WatchDoors, scope: Scope, mapId: string): Promise<number> {
  const map = await doors.keptMaps.find(scope, mapId);
  const { emerging } = await doors.kernels.use(scope, (kernel) => readEmerging(kernel, map, scope));
  const grows = emerging.map(({ businessUnit, clusterId, recent, past, ratio, low, high }) => ({
    ...{ businessUnit, clusterId, recent, past, ratio, low, high }
  }));
  return doors.alerts.note(scope, mapId, grows, doors.isSent);
}
