// `npm test`: installs what it needs and runs the whole gate; stops with a non-zero exit when a part fails.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { install, root } from "../app/_cli/install.mjs";
import { findBrowser } from "./browser.mjs";

install();
process.env.TRACEBOOK_BROWSER = findBrowser();

const launcher = [join(root, "app", "_cli", "launch.mjs"), "--run"];
const bin = (name) => join(root, "node_modules", ...name.split("/"));
const parts = [
  ["types", [bin("typescript/bin/tsc"), "--noEmit", "-p", root]],
  ["lint and format", [bin("@biomejs/biome/bin/biome"), "check", root]],
  ["tests", [bin("vitest/vitest.mjs"), "run", "--config", "test/vitest.config.ts", "--coverage"]],
  ["build", [join(root, "app", "_cli", "main.ts"), "build"]],
  ["page tests", [bin("vitest/vitest.mjs"), "run", "--config", "test/page/vitest.config.ts"]]
];
const chosen = process.argv.slice(2);
let passed = 0;
const failed = [];
for (const [name, args] of parts) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const started = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(process.execPath, [...launcher, ...args], {
    cwd: root,
    stdio: "inherit",
    env: process.env
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (status === 0) passed += 1;
  else failed.push(name);
  console.log(`── ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
}
console.log(failed.length > 0 ? `\nfailed: ${failed.join(", ")}` : "\nall parts of the gate passed");
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
