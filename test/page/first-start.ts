import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { TestProject } from "vitest/node";
import { serve } from "./workbench.ts";

/** Starts once over an empty folder, which writes the sample lake and the starters; files of tests copy what is there. */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-first-start-`);
  const { stop } = await serve(folder);
  await stop();
  project.provide("firstStart", folder);
  return () => rm(folder, { recursive: true, force: true });
}
