import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#lib/model/fault.ts";
import type { Command } from "./command.ts";
import { root } from "./session.ts";

const stampPath = join(root, process.env.NEXT_DIST ?? ".next", "tracebook-build");

/** Hash of all that the pages are built from. */
async function hashSources(): Promise<string> {
  const paths: string[] = ["package-lock.json", "next.config.mjs", "tsconfig.json"];
  for await (const path of glob("{app,lib}/**/*.{ts,tsx,css,mjs,svg,png,ico}", { cwd: root })) paths.push(path);
  const hash = createHash("sha256");
  for (const path of paths.sort()) hash.update(path).update(await readFile(join(root, path)));
  return hash.digest("hex");
}

/** Builds the pages unless they are built from just these sources. @throws Fault `broken` when the build fails */
export async function buildPages(): Promise<void> {
  const sources = await hashSources();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === sources) return;
  console.log("Building the pages (about a minute; only after a change) …");
  let output = "";
  const child = spawn(process.execPath, [join(root, "node_modules", "next", "dist", "bin", "next"), "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"]
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-20_000);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Fault("broken", "the pages could not be built", { hint: output, detail: output });
  await writeFile(stampPath, sources);
}

export const command: Command = {
  about: "Builds the pages, unless they are up to date.",
  usage: "tracebook build",
  async run() {
    await buildPages();
    return 0;
  }
};
