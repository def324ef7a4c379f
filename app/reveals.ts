import "server-only";
import { isFault } from "#lib/model/fault.ts";
import { hidesAnything } from "#lib/model/mask.ts";
import { scopeFor } from "./answer.ts";
import { workbench } from "./workbench.ts";

/** Units that hide something which the one who asks may reveal. */
export async function listRevealed(headers: Headers): Promise<readonly string[]> {
  const bench = workbench();
  try {
    const { businessUnits } = await scopeFor(bench, headers, "reveal");
    const masks = await bench.masks.inForce(businessUnits);
    return masks.filter(({ rules }) => hidesAnything(rules)).map(({ businessUnit }) => businessUnit);
  } catch (error) {
    if (isFault(error) && error.code === "denied") return [];
    throw error;
  }
}
