import "server-only";
import { Fault } from "#lib/model/fault.ts";
import type { Workbench } from "#lib/server/workbench.ts";

export type { Workbench };

/**
 * The workbench that the serving process opened. The server keeps it on the global object because the
 * pages are a bundle of their own: natively loaded parts (the engine, the state) exist once per process.
 *
 * @throws Fault `broken` when the pages run without `tracebook serve`
 */
export function workbench(): Workbench {
  const opened = (globalThis as { [key: symbol]: unknown })[Symbol.for("tracebook.workbench")];
  if (!opened)
    throw new Fault("broken", "the pages were started without the workbench", { hint: "Start it with: npm start" });
  return opened as Workbench;
}
