import { scopeOf } from "#lib/model/rights.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Workbench } from "#lib/server/workbench.ts";

/** The business units that the one who asks administers, for answers that show their administrators more. */
export async function listAdministered(
  bench: Pick<Workbench, "whoAsks" | "listUnits">,
  headers: Headers
): Promise<readonly BusinessUnit[]> {
  const [asker, units] = await Promise.all([bench.whoAsks(headers), bench.listUnits()]);
  return scopeOf(asker, "administer", units).businessUnits;
}
