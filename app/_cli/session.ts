import { fileURLToPath } from "node:url";
import { parseConfig } from "#lib/server/config.ts";
import { openWorkbench, type Workbench } from "#lib/server/workbench.ts";

/** Absolute path of the project. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/**
 * Opens the workbench for one command and closes it afterwards, whatever happened.
 *
 * @param work  gets a signal that Ctrl+C and SIGTERM abort
 */
export async function withWorkbench<T>(work: (workbench: Workbench, signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  const workbench = await openWorkbench(parseConfig(process.env, root), root);
  try {
    return await work(workbench, stop.signal);
  } finally {
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
    await workbench.close();
  }
}
