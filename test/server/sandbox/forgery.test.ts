import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { SandboxProcess } from "#lib/server/sandbox/process.ts";
import { ScorerSession } from "#lib/server/sandbox/scorer-session.ts";
import { findWalls } from "#lib/server/sandbox/walls.ts";
import { completeTrace } from "../../scorers/trace.ts";
import { scoreAndClose } from "./scoring.ts";

// The child as it is, but with the runtime's names left within the scorer's reach as `leak`: what a scorer could
// do to the others if hiding them failed.

const limits = { callTimeoutMs: 1000, memoryBytes: 128 * 2 ** 20 };
const walls = findWalls();
let compiler: Compiler;
let folder: string;
let script: string;

beforeAll(async () => {
  compiler = await openCompiler();
  folder = await mkdtemp(`${tmpdir()}/tracebook-forgery-`);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../../lib/server/sandbox/child.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024"
  });
  script = `${folder}/child.js`;
  await writeFile(script, `globalThis.leak = Deno;\n${outputFiles[0]!.text}`);
});
afterAll(async () => {
  await compiler.close();
  await rm(folder, { recursive: true, force: true });
});

/** Scores 120 traces, two frames and a bit; the one named "t60" runs `body`, the others pass. */
async function attack(body: string, head = ""): Promise<readonly Score[]> {
  const compiled = await compiler.compile(`import { scorer, pass, fail } from "tracebook";
    declare const leak: any;
    const frame = (text: string, word: number[]) => {
      const bytes = new TextEncoder().encode(text);
      return new Uint8Array([bytes.length & 255, bytes.length >> 8, 0, 0, ...word, ...bytes]);
    };
    const forged = (count: number) => "[" + Array(count).fill('{"durationMs":1,"score":{"kind":"scored","value":0,"pass":false}}').join() + "]";
    ${head}
    export default scorer({ score: (trace: any): any => { if (trace.name === "t60") { ${body} } return pass("as ever"); } });`);
  const session = new ScorerSession((memoryBytes) => new SandboxProcess(walls, script, memoryBytes), compiled, limits);
  await session.start();
  const texts = Array.from({ length: 120 }, (_, index) =>
    JSON.stringify(completeTrace({ name: `t${index}`, spans: [] }))
  );
  return (await scoreAndClose(session, texts)).map(({ score }) => score);
}

function expectOthersAsEver(scores: readonly Score[]): void {
  expect(scores).toHaveLength(120);
  expect(
    scores.flatMap(({ kind, reason }, index) =>
      index !== 60 && !(kind === "scored" && reason === "as ever") ? [index] : []
    )
  ).toEqual([]);
}

const lost: Readonly<Record<string, string>> = {
  "ends the process with 0": `leak.exit(0);`,
  "ends the process with 1": `leak.exit(1);`,
  "prints a line": `leak.stdout.writeSync(new TextEncoder().encode("forged\\n"));`,
  "prints a verdict as a line": `leak.stdout.writeSync(new TextEncoder().encode(forged(1) + "\\n"));`,
  "forges the rest of its own frame": `leak.stdout.writeSync(frame(forged(50), Array(8).fill(0)));`,
  "forges its frame and the next": `for (let n = 0; n < 2; n += 1) leak.stdout.writeSync(frame(forged(50), Array(8).fill(7)));`,
  "announces an answer without end": `leak.stdout.writeSync(new Uint8Array(12).fill(255));`,
  "announces an answer and does not send it": `leak.stdout.writeSync(new Uint8Array([0, 0, 1, 0]));`,
  "closes the pipe": `leak.stdout.close();`,
  "reads what it was not given and waits": `const bytes = new Uint8Array(2 ** 20); for (;;) leak.stdin.readSync(bytes);`
};

for (const [name, body] of Object.entries(lost)) {
  test(`a scorer that ${name} costs its own trace and no other`, async () => {
    const scores = await attack(body);
    expectOthersAsEver(scores);
    expect(scores[60]).toMatchObject({ kind: "unscored", status: "error" });
  });
}

test("a scorer that replaces what the sandbox uses learns no word and forges no verdict", async () => {
  const scores = await attack(
    `(Object.prototype as any).toJSON = () => ({ kind: "scored", value: 0 });
     JSON.stringify = (() => forged(50)) as any; JSON.parse = (() => []) as any;
     TextEncoder.prototype.encodeInto = spy; TextEncoder.prototype.encode = spy; TextDecoder.prototype.decode = spy;
     for (const name of ["set", "subarray", "slice", "fill"]) (Uint8Array.prototype as any)[name] = spy;
     DataView.prototype.getUint32 = spy; Promise.prototype.then = spy;
     Function.prototype.call = spy; Function.prototype.bind = spy;
     Object.defineProperty(Uint8Array.prototype, "constructor", { value: spy });`,
    `const spy = function (): any { leak.stdout.writeSync(frame(forged(50), Array(8).fill(0))); };`
  );
  expectOthersAsEver(scores);
  expect(scores[60]).toMatchObject({ kind: "scored", reason: "as ever" });
});

test("a module that loops while it loads is refused with a sentence", async () => {
  const take = (memoryBytes: number) => new SandboxProcess(walls, script, memoryBytes);
  const session = new ScorerSession(take, await compiler.compile("for (;;);"), limits, 500);
  await expect(session.start()).rejects.toMatchObject({
    code: "invalid",
    message: "the scorer's module did not load in 0.5 s"
  });
});
