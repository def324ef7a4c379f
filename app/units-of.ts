import { type Right, scopeOf } from "#lib/model/rights.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Workbench } from "./workbench.ts";

/** The business units in which the one who asks holds a right, for answers that show those who hold it more. */
export async function listUnitsOf(
  bench: Pick<Workbench, "whoAsks" | "listUnits">,
  headers: Headers,
  right: Right
): Promise<readonly BusinessUnit[]> {
  const [asker, units] = await Promise.all([bench.whoAsks(headers), bench.listUnits()]);
  return scopeOf(asker, right, units).businessUnits;
}
