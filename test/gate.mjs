// `npm test`: installs what it needs and runs the whole gate; stops with a non-zero exit when a part fails.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { install, root } from "../app/_cli/install.mjs";
import { findBrowser } from "./browser.mjs";

install();
process.env.TRACEBOOK_BROWSER = findBrowser();

const launcher = [join(root, "app", "_cli", "launch.mjs"), "--run"];
const bin = (name) => join(root, "node_modules", ...name.split("/"));
const part = (name, ...args) => ({ name, args });
// Rows run one after another. The parts of a row run beside each other, as types and lint leave a core idle; only the first speaks while it runs.
const rows = [
  [
    part("tests", bin("vitest/vitest.mjs"), "run", "--config", "test/vitest.config.ts", "--coverage"),
    part("types", bin("typescript/bin/tsc"), "--noEmit", "-p", root),
    part("lint and format", bin("@biomejs/biome/bin/biome"), "check", root)
  ],
  [part("build", join(root, "app", "_cli", "main.ts"), "build")],
  [part("page tests", bin("vitest/vitest.mjs"), "run", "--config", "test/page/vitest.config.ts")]
];

/** Runs a part. @returns whether it passed, after how many seconds, and what it said */
function run({ args }, speaks) {
  const started = Date.now();
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(process.execPath, [...launcher, ...args], { cwd: root, stdio, env: process.env });
  const said = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said.push(chunk);
      if (speaks) process.stdout.write(chunk);
    });
  return new Promise((resolve) =>
    child.once("close", (status) =>
      resolve({ passed: status === 0, seconds: (Date.now() - started) / 1000, said: Buffer.concat(said).toString() })
    )
  );
}

/** The last lines of a part that failed: there it sums up what went wrong, and what later parts say hides it. */
const lastWords = (said) => said.trimEnd().split("\n").slice(-80).join("\n");

const chosen = process.argv.slice(2);
let passed = 0;
const failed = [];
for (const row of rows) {
  const parts = row.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  if (parts.length === 0) continue;
  console.log(`\n── ${parts.map(({ name }) => name).join(", ")}`);
  const outcomes = await Promise.all(parts.map((part, at) => run(part, at === 0)));
  for (const [at, { name }] of parts.entries()) {
    const outcome = outcomes[at];
    if (at > 0) process.stdout.write(outcome.said);
    if (outcome.passed) passed += 1;
    else failed.push({ name, said: outcome.said });
    console.log(`── ${name}: ${outcome.passed ? "passed" : "FAILED"} in ${outcome.seconds.toFixed(1)} s`);
  }
}
for (const { name, said } of failed) console.log(`\n── ${name} FAILED; its last words:\n${lastWords(said)}`);
console.log(
  failed.length > 0 ? `\nfailed: ${failed.map(({ name }) => name).join(", ")}` : "\nall parts of the gate passed"
);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
