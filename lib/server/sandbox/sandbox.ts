import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { ScorerSession } from "./scorer-session.ts";
import { SpareProcess } from "./spare-process.ts";
import { findWalls } from "./walls.ts";

/** Opens the sandbox: finds the walls that this machine can build and prepares the scripts that run behind them. */
export async function openSandbox(): Promise<Sandbox> {
  const walls = findWalls();
  const folder = await mkdtemp(`${tmpdir()}/tracebook-sandbox-`);
  const processes = new SpareProcess(walls, await bundle(folder, "child.ts"));
  let chartScript: Promise<string> | null = null;
  return {
    walls: walls.names,
    async open(scorer, limits) {
      const session = new ScorerSession((memoryBytes) => processes.take(memoryBytes), scorer, limits);
      await session.start();
      processes.prepare(limits.memoryBytes);
      return session;
    },
    async renderChart(code, tables, signal) {
      // Its parser of pictures is read only where there is one.
      const { renderInSandbox } = await import("./chart.ts");
      chartScript ??= bundle(folder, "chart-child.ts");
      return renderInSandbox(walls, await chartScript, code, tables, signal);
    },
    async close() {
      processes.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function bundle(folder: string, entry: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    minify: entry !== "child.ts",
    logLevel: "silent"
  });
  const [file] = result.outputFiles;
  const path = `${folder}/${entry.replace(".ts", "")}-${createHash("sha256").update(file!.contents).digest("hex").slice(0, 12)}.js`;
  await writeFile(path, file!.contents);
  return path;
}
