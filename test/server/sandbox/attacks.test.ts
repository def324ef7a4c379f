import { beforeAll, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import { asTraces, completeTrace } from "../../scorers/trace.ts";
import { openDoors, scoreAndClose } from "./scoring.ts";

const limits = { callTimeoutMs: 700, memoryBytes: 128 * 2 ** 20 };
const doors = openDoors();

/** Runs each body for the trace of its number; traces of other names pass. */
async function run(bodies: readonly string[], names: readonly string[]): Promise<readonly Score[]> {
  const source = `import { scorer, pass, fail, unscored } from "tracebook";
    declare const Deno: any;
    const load = (name: string): any => import(name);
    const bodies: Record<string, () => Promise<any>> = {
      ${bodies.map((body, index) => `${index}: async (): Promise<any> => { ${body} }`).join(",\n")}
    };
    export default scorer({ target: "trace", score: async (trace: any): Promise<any> =>
      bodies[trace.name] ? bodies[trace.name]!() : pass("as ever") });`;
  const session = await doors.sandbox.open(await doors.compiler.compile(source), limits);
  const texts = names.map((name) => JSON.stringify(completeTrace({ name, spans: [] })));
  return (await scoreAndClose(session, texts)).map(({ score }) => score);
}

/** Runs a body for the second of three traces, in a sandbox of its own. */
const attack = (body: string) => run([body], ["first", "0", "third"]);

const threw = (error: string) => `the scorer threw: ${error}`;
const blocked = (module: string) => threw(`TypeError: Blocked by null entry for ""node:${module}""`);
const cannot = (name: string) => threw(`TypeError: Cannot read properties of undefined (reading '${name}')`);
const nonsense = (what: string) => `the scorer returned ${what}`;
const late = "the scorer took longer than 700 ms";

/** What a scorer does to one trace, and the reason that trace is unscored. Memory is filled in sandbox.test.ts. */
const refused: readonly (readonly [string, string, string])[] = [
  [
    "reads a file through Deno",
    `return fail("read " + Deno.readTextFileSync("/etc/passwd").length);`,
    cannot("readTextFileSync")
  ],
  [
    "reads a file through node:fs",
    `const fs = await load("node:fs"); return fail("read " + fs.readFileSync("/etc/passwd").length);`,
    blocked("fs")
  ],
  [
    "writes a file",
    `const fs = await load("node:fs"); fs.writeFileSync("/tmp/tracebook-attack", "x"); return fail("wrote");`,
    blocked("fs")
  ],
  [
    "reads the environment",
    `const { env } = (await load("node:process")).default; return fail("env " + env.PATH);`,
    blocked("process")
  ],
  [
    "asks the network",
    `return fail("got " + (await fetch("http://127.0.0.1:9")).status);`,
    threw("TypeError: fetch is not a function")
  ],
  [
    "opens a socket",
    `const net = await load("node:net"); await new Promise((done, bad) => { const s = net.connect(9, "127.0.0.1"); s.on("error", bad); s.on("connect", done); }); return fail("connected");`,
    blocked("net")
  ],
  [
    "starts a process",
    `const run = await load("node:child_process"); return fail("ran " + run.execSync("id"));`,
    blocked("child_process")
  ],
  ["loads a library", `return fail(String(Deno.dlopen("libc.so.6", {})));`, cannot("dlopen")],
  [
    "imports a file",
    `await load("file:///etc/passwd"); return fail("imported");`,
    threw('TypeError: Requires read access to "/etc/passwd", run again with the --allow-read flag')
  ],
  [
    "imports from the network",
    `await load("https://deno.land/x/a.ts"); return fail("imported");`,
    threw('TypeError: A remote specifier was requested: "https://deno.land/x/a.ts", but --no-remote is specified.')
  ],
  [
    "imports a package",
    `await load("npm:left-pad"); return fail("imported");`,
    threw("TypeError: npm specifiers were requested; but --no-npm is specified")
  ],
  [
    "starts a worker",
    `new (globalThis as any).Worker("data:text/javascript,1", { type: "module" }); return fail("started");`,
    threw("TypeError: globalThis.Worker is not a constructor")
  ],
  ["throws", `throw new Error("on purpose");`, threw("Error: on purpose")],
  [
    "throws what cannot be read",
    `throw { get message() { for (;;); }, toString() { throw 1; } };`,
    "the scorer threw something that cannot be read"
  ],
  ["loops", `for (;;);`, late],
  ["never settles", `await new Promise(() => {}); return pass();`, "the scorer did not answer within 700 ms"],
  ["floods microtasks", `for (;;) await null;`, late],
  [
    "recurses without end",
    `const f = (): any => f() + 1; return f();`,
    threw("RangeError: Maximum call stack size exceeded")
  ],
  ["waits on shared memory", `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return pass();`, late],
  ["takes a catastrophic expression", `return pass(String(/^(a+)+$/.test("a".repeat(60) + "b")));`, late],
  ["returns NaN", `return { value: NaN };`, nonsense("the value NaN, which is not between 0 and 1")],
  ["returns 2", `return { value: 2, pass: true };`, nonsense("the value 2, which is not between 0 and 1")],
  ["returns a number", `return 1;`, nonsense("1; it must return pass(), fail(), score() or unscored()")],
  [
    "returns undefined",
    `return undefined;`,
    nonsense("undefined; it must return pass(), fail(), score() or unscored()")
  ],
  ["returns text", `return "pass";`, nonsense('"pass"; it must return pass(), fail(), score() or unscored()')],
  ["returns a getter that throws", `return { get value() { throw new Error("no"); } };`, threw("Error: no")],
  ["returns a getter that loops", `return { get value() { for (;;); } };`, late],
  ["returns a proxy that throws", `return new Proxy({}, { get() { throw new Error("no"); } });`, threw("Error: no")],
  ["ends its process", `(await load("node:process")).default.exit(0);`, blocked("process")],
  [
    "writes to the protocol",
    `(await load("node:process")).default.stdout.write("\\u0002\\0\\0\\0{}"); await new Promise((done) => setTimeout(done, 50)); return { value: NaN };`,
    blocked("process")
  ],
  [
    "fills memory through WebAssembly",
    `return pass(String(new WebAssembly.Memory({ initial: 1 })));`,
    cannot("Memory")
  ],
  [
    "hashes on threads of the runtime",
    `void crypto.subtle.digest("SHA-256", new Uint8Array(1e8)); return pass();`,
    cannot("subtle")
  ],
  [
    "asks for a graphics card",
    `return pass(String(await (globalThis as any).navigator.gpu.requestAdapter()));`,
    cannot("gpu")
  ],
  [
    "imports a file as bytes",
    `const path: string = "file:///etc/passwd"; await import(path, { with: { type: "bytes" } }); return pass();`,
    threw('TypeError: Requires read access to "/etc/passwd", run again with the --allow-read flag')
  ],
  [
    "imports the runtime's own modules",
    `await load("ext:core/mod.js"); return pass();`,
    threw("TypeError: Importing ext: modules is only allowed from ext: and node: modules.")
  ]
];

/** The verdicts of one session over all of them, each after a trace that passes, and one more of those. */
let verdicts: readonly Score[];
beforeAll(async () => {
  const names = refused.flatMap((_, index) => [`before ${index}`, String(index)]);
  verdicts = await run(
    refused.map(([, body]) => body),
    [...names, "last"]
  );
});

test.each(refused.map(([name, , reason], index) => [name, reason, index] as const))(
  "a scorer that %s leaves that trace unscored and the others scored",
  (_name, reason, index) => {
    const asEver = { kind: "scored", value: 1, pass: true, label: null, reason: "as ever", evidence: [] };
    expect(verdicts.slice(2 * index, 2 * index + 3)).toEqual([
      asEver,
      // The engine's sentences go on with the address of the module, which is the scorer's own text.
      {
        kind: "unscored",
        status: "error",
        reason: expect.stringMatching(new RegExp(`^${RegExp.escape(reason)}(?: Tried .*)?$`, "s"))
      },
      asEver
    ]);
  }
);

test("a scorer finds the language around it and little else", async () => {
  const [, culprit] = await attack(
    `return pass(Object.getOwnPropertyNames(globalThis).filter((name) => (globalThis as any)[name] !== undefined).join(" "));`
  );
  const found = culprit!.reason!.split(" ");
  expect(found).toContain("Intl");
  expect(found.filter((name) => /^[a-z]/.test(name)).toSorted()).toEqual(
    "atob btoa clearTimeout console decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt performance queueMicrotask setTimeout structuredClone unescape".split(
      " "
    )
  );
  expect(
    found.filter((name) => /Worker|Socket|Response|Request|Crypto|GPU|Cache|Blob|Channel|Stream/.test(name))
  ).toEqual([]);
});

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

test("a module that exports no scorer is refused", async () => {
  const compiled = await doors.compiler.compile("export const a = 1;");
  await expect(doors.sandbox.open(compiled, limits)).rejects.toThrow(/no scorer/);
});

test("stopping ends a loop at once", async () => {
  const compiled = await doors.compiler.compile(
    `import { scorer } from "tracebook"; export default scorer({ score: () => { for (;;); } });`
  );
  const session = await doors.sandbox.open(compiled, { ...limits, callTimeoutMs: 60_000 });
  const controller = new AbortController();
  const traces = asTraces([JSON.stringify(completeTrace({ name: "any", spans: [] }))]);
  const scoring = (async () => {
    for await (const _ of session.score(traces, controller.signal));
  })();
  setTimeout(() => controller.abort(), 100);
  await expect(scoring).rejects.toThrow(/stopped/);
  await session.close();
});
