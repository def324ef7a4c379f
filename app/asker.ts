import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { isFault } from "#lib/model/fault.ts";
import { isSignInFirst } from "#lib/model/person.ts";
import { type Asker, type Right, rights, scopeOf } from "#lib/model/rights.ts";
import { workbench } from "./workbench.ts";

/** Who opens a page; null where nobody is signed in. Found out once, however many parts of the page ask. */
export const findAsker = cache(async (): Promise<Asker | null> => {
  try {
    return await workbench().whoAsks(await headers());
  } catch (error) {
    if (isFault(error) && isSignInFirst(error)) return null;
    throw error;
  }
});

/** The rights that somebody holds in some unit. */
export const listRights = cache(async (asker: Asker): Promise<readonly Right[]> => {
  const units = await workbench().listUnits();
  return rights.filter((right) => {
    const scope = scopeOf(asker, right, units);
    return scope.businessUnits.length > 0 || scope.roles.length > 0;
  });
});
