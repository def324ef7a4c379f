#!/usr/bin/env node
// Runs the command line on the Node that package.json pins, whatever Node started this file.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const candidates = [
  `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
  `node-bin-${process.platform}-${process.arch}`
].map((name) => join(root, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node"));
const node = candidates.find(existsSync);
if (!node) {
  console.error(
    `Tracebook brings its own Node and finds none for ${process.platform}-${process.arch}.\nRun "npm ci" in ${root} and try again.`
  );
  process.exit(1);
}
const [first, ...rest] = process.argv.slice(2);
const script = first === "--run" ? [] : [join(root, "app", "_cli", "main.ts")];
const args = first === "--run" ? rest : process.argv.slice(2);
const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...script, ...args], {
  stdio: "inherit",
  env: {
    // What Node has compiled once it reads from there: commands and threads start in half the time.
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"),
    // A question to the lake holds one of them while it runs; see lib/server/lake/engine-turns.ts.
    UV_THREADPOOL_SIZE: "32",
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`
  }
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
