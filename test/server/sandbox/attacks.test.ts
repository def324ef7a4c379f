import { afterAll, beforeAll, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";

const limits = { callTimeoutMs: 700, memoryBytes: 128 * 2 ** 20 };
let compiler: Compiler;
let sandbox: Sandbox;
const stopped: string[] = [];
beforeAll(async () => {
  compiler = await openCompiler();
  sandbox = await openSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await compiler.close();
  console.log(`walls: ${sandbox.walls.join(", ")}\n${stopped.join("\n")}`);
});

const traces = ["first", "culprit", "third"].map((name) => JSON.stringify(completeTrace({ name, spans: [] })));

/** Runs a body for the trace called "culprit"; the others pass. */
async function attack(body: string, head = ""): Promise<readonly Score[]> {
  const source = `import { scorer, pass, fail, unscored } from "tracebook";
    declare const Deno: any;
    const load = (name: string): any => import(name);
    ${head}
    export default scorer({ target: "trace", score: async (trace: any): Promise<any> => {
      if (trace.name !== "culprit") return pass("as ever");
      ${body}
    } });`;
  const session = await sandbox.open(await compiler.compile(source), limits);
  const scores: Score[] = [];
  try {
    for await (const part of session.score(once(traces), new AbortController().signal))
      scores.push(...part.map(({ score }) => score));
  } finally {
    await session.close();
  }
  return scores;
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

const refused: Readonly<Record<string, string>> = {
  "reads a file through Deno": `return fail("read " + Deno.readTextFileSync("/etc/passwd").length);`,
  "reads a file through node:fs": `const fs = await load("node:fs"); return fail("read " + fs.readFileSync("/etc/passwd").length);`,
  "writes a file": `const fs = await load("node:fs"); fs.writeFileSync("/tmp/tracebook-attack", "x"); return fail("wrote");`,
  "reads the environment": `const { env } = (await load("node:process")).default; return fail("env " + env.PATH);`,
  "asks the network": `return fail("got " + (await fetch("http://127.0.0.1:9")).status);`,
  "opens a socket": `const net = await load("node:net"); await new Promise((done, bad) => { const s = net.connect(9, "127.0.0.1"); s.on("error", bad); s.on("connect", done); }); return fail("connected");`,
  "starts a process": `const run = await load("node:child_process"); return fail("ran " + run.execSync("id"));`,
  "loads a library": `return fail(String(Deno.dlopen("libc.so.6", {})));`,
  "imports a file": `await load("file:///etc/passwd"); return fail("imported");`,
  "imports from the network": `await load("https://deno.land/x/a.ts"); return fail("imported");`,
  "imports a package": `await load("npm:left-pad"); return fail("imported");`,
  "starts a worker": `new (globalThis as any).Worker("data:text/javascript,1", { type: "module" }); return fail("started");`,
  throws: `throw new Error("on purpose");`,
  "throws what cannot be read": `throw { get message() { for (;;); }, toString() { throw 1; } };`,
  loops: `for (;;);`,
  "never settles": `await new Promise(() => {}); return pass();`,
  "floods microtasks": `for (;;) await null;`,
  "recurses without end": `const f = (): any => f() + 1; return f();`,
  "fills memory with arrays": `const a: any[] = []; for (;;) a.push(new Array(1e5).fill(1.5));`,
  "fills memory with buffers": `const a: any[] = []; for (;;) a.push(new Uint8Array(1e8).fill(1));`,
  "fills memory with strings": `let s = "x"; for (;;) { s += s + Math.random(); JSON.stringify(s.split("").reverse()); }`,
  "fills memory through WebAssembly": `const a: any[] = []; for (;;) { const m = new WebAssembly.Memory({ initial: 1000 }); new Uint8Array(m.buffer).fill(1); a.push(m); }`,
  "waits on shared memory": `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return pass();`,
  "takes a catastrophic expression": `return pass(String(/^(a+)+$/.test("a".repeat(60) + "b")));`,
  "returns NaN": `return { value: NaN };`,
  "returns 2": `return { value: 2, pass: true };`,
  "returns a number": `return 1;`,
  "returns undefined": `return undefined;`,
  "returns text": `return "pass";`,
  "returns a getter that throws": `return { get value() { throw new Error("no"); } };`,
  "returns a getter that loops": `return { get value() { for (;;); } };`,
  "returns a proxy that throws": `return new Proxy({}, { get() { throw new Error("no"); } });`,
  "ends its process": `(await load("node:process")).default.exit(0);`,
  "writes to the protocol": `(await load("node:process")).default.stdout.write("\\u0002\\0\\0\\0{}"); await new Promise((done) => setTimeout(done, 50)); return { value: NaN };`
};

for (const [name, body] of Object.entries(refused)) {
  test(`a scorer that ${name} leaves that trace unscored and the next one scored`, async () => {
    const [first, culprit, third, ...rest] = await attack(body);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ kind: "scored", value: 1, reason: "as ever" });
    expect(third).toMatchObject({ kind: "scored", value: 1, reason: "as ever" });
    expect(culprit).toMatchObject({ kind: "unscored", status: "error" });
    stopped.push(`${name}: ${culprit!.kind === "unscored" ? culprit!.reason : ""}`);
  });
}

const harmless: Readonly<Record<string, readonly [string, string]>> = {
  "evaluates text": [`return pass(String(new Function("return 1 + 1")()));`, "2"],
  "reaches for the constructor's constructor": [
    `return pass(String((pass.constructor as any)("return typeof Deno + typeof process")()));`,
    "undefinedundefined"
  ],
  prints: [`console.log("x".repeat(1e6)); return pass("printed");`, "printed"],
  "leaves a timer": [`setTimeout(() => { throw new Error("later"); }, 1); return pass("left");`, "left"],
  "leaves a rejection": [`void Promise.reject(new Error("later")); return pass("left");`, "left"]
};

for (const [name, [body, reason]] of Object.entries(harmless)) {
  test(`a scorer that ${name} harms nobody`, async () => {
    const [first, culprit, third] = await attack(body);
    expect(first?.kind).toBe("scored");
    expect(culprit).toMatchObject({ kind: "scored", reason });
    expect(third).toMatchObject({ kind: "scored", value: 1 });
  });
}

test("a very long reason is cut, whole characters only", async () => {
  const [, culprit] = await attack(`return fail("\\u{1F600}".repeat(5e6));`);
  const reason = culprit!.kind === "scored" ? culprit!.reason! : "";
  expect(reason.length).toBeLessThanOrEqual(2000);
  expect(reason.isWellFormed()).toBe(true);
});

test("half a character and NUL do not reach the lake", async () => {
  const [, culprit] = await attack(`return fail("a\\ud800\\0b");`);
  expect(culprit).toMatchObject({ kind: "scored", reason: "a\ufffd\ufffdb" });
});

test("a scorer that spoils the built-in objects spoils no other trace", async () => {
  const scores = await attack(
    `(Object.prototype as any).toJSON = () => ({ length: 9 }); Array.prototype.push = (() => 0) as any; Promise.prototype.then = (() => 0) as any; return pass();`
  );
  expect(scores).toHaveLength(3);
  expect(scores[2]).toMatchObject({ kind: "scored", reason: "as ever" });
});

test("a module that loops while it loads is refused with a sentence", async () => {
  await expect(attack("", "for (;;);")).rejects.toThrow(/did not load/);
});

test("a module that exports no scorer is refused", async () => {
  const compiled = await compiler.compile("export const a = 1;");
  await expect(sandbox.open(compiled, limits)).rejects.toThrow(/no scorer/);
});

test("stopping ends a loop at once", async () => {
  const compiled = await compiler.compile(
    `import { scorer } from "tracebook"; export default scorer({ score: () => { for (;;); } });`
  );
  const session = await sandbox.open(compiled, { ...limits, callTimeoutMs: 60_000 });
  const controller = new AbortController();
  const run = (async () => {
    for await (const _ of session.score(once(traces), controller.signal));
  })();
  setTimeout(() => controller.abort(), 100);
  await expect(run).rejects.toThrow(/stopped/);
  await session.close();
});
