import "server-only";
import { headers } from "next/headers";
import { isFault } from "#lib/model/fault.ts";
import { isSignInFirst } from "#lib/model/person.ts";
import type { Asker } from "#lib/model/rights.ts";
import { workbench } from "./workbench.ts";

/** Who opens a page; null where nobody is signed in. */
export async function findAsker(): Promise<Asker | null> {
  try {
    return await workbench().whoAsks(await headers());
  } catch (error) {
    if (isFault(error) && isSignInFirst(error)) return null;
    throw error;
  }
}
