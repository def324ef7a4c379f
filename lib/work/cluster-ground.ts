import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { formatClusterGround } from "#lib/wire/cluster-ground.ts";
import type { Desk } from "./desk.ts";

/**
 * What the points of a map cell can be clustered anew from, in the order of its table.
 *
 * @throws Fault `missing` where the cell has not run, `limit` where its map has too many texts to send
 */
export function readClusterGround(desk: Pick<Desk, "withMap">, scope: Scope, slug: string, map: string) {
  return desk.withMap(scope, slug, map, async (_kernel, key, session): Promise<Uint8Array<ArrayBuffer>> => {
    const ground = session.bases.get(key)?.ground;
    if (ground) return formatClusterGround(ground) as Uint8Array<ArrayBuffer>;
    throw new Fault("limit", `the map "${map}" has too many texts to try other clusters here`, {
      hint: "Let go of the size that you want: the cell runs with it, without a new layout."
    });
  });
}
