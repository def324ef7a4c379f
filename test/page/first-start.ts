import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { parseConfig } from "#lib/server/config.ts";
import { openWorkbench } from "#lib/server/workbench.ts";
import { serve } from "./workbench.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts once over an empty folder, which writes the sample lake and the starters, and keeps a map in a copy of
 * it; files of tests copy what is there.
 */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-prepared-`);
  const [firstStart, keptMap] = [`${folder}/first-start`, `${folder}/kept-map`];
  const { stop } = await serve(firstStart);
  await stop();
  await cp(firstStart, keptMap, { recursive: true });
  await keepMap(keptMap);
  project.provide("firstStart", firstStart);
  project.provide("keptMap", keptMap);
  return () => rm(folder, { recursive: true, force: true });
}

/** Keeps the map of the starter about the new complaint. */
async function keepMap(dataFolder: string): Promise<void> {
  const workbench = await openWorkbench(parseConfig({ TRACEBOOK_DATA: dataFolder }, root), root);
  const text = await readFile(`${root}/workbooks/new-complaint.md`, "utf8");
  const ground = { workbook: "new-complaint", cell: "topics", text, params: {} };
  await workbench.mapKeeper.keep(
    await workbench.scope(),
    { title: "Complaints", ground },
    () => undefined,
    new AbortController().signal
  );
  await workbench.close();
}
