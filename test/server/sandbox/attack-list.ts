// What scorer code tries against the sandbox, for the tests and for the bench that lists what stopped it.
import type { Score } from "#lib/model/score.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";
import { scoreAndClose } from "./scoring.ts";

/** Bounds that the sentences below name. */
export const attackLimits = { callTimeoutMs: 700, memoryBytes: 128 * 2 ** 20 };

const threw = (error: string) => `the scorer threw: ${error}`;
const blocked = (module: string) => threw(`TypeError: Blocked by null entry for ""node:${module}""`);
const cannot = (name: string) => threw(`TypeError: Cannot read properties of undefined (reading '${name}')`);
const nonsense = (what: string) => `the scorer returned ${what}`;
const late = "the scorer took longer than 700 ms";

/** What a scorer does to one trace, and the reason that trace is unscored. */
export const refused: readonly (readonly [string, string, string])[] = [
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
  ],
  [
    "opens a web socket",
    `new (globalThis as any).WebSocket("ws://127.0.0.1:9"); return fail("opened");`,
    threw("TypeError: globalThis.WebSocket is not a constructor")
  ],
  [
    "looks up a name",
    `const dns = await load("node:dns/promises"); return fail(String(await dns.lookup("localhost")));`,
    blocked("dns/promises")
  ],
  [
    "starts a thread",
    `const { Worker } = await load("node:worker_threads"); new Worker("1", { eval: true }); return fail("started");`,
    blocked("worker_threads")
  ],
  ["asks who it runs as", `const os = await load("node:os"); return fail(os.userInfo().username);`, blocked("os")],
  [
    "loads native code",
    `(globalThis as any).process.dlopen({ exports: {} }, "/lib/x.so"); return fail("loaded");`,
    cannot("dlopen")
  ],
  [
    "opens another realm",
    `return pass(String(new (globalThis as any).ShadowRealm().evaluate("typeof Deno")));`,
    threw("TypeError: globalThis.ShadowRealm is not a constructor")
  ],
  [
    "throws a proxy whose traps loop",
    `const loop = () => { for (;;); }; throw new Proxy({}, { get: loop, has: loop, getPrototypeOf: loop });`,
    late
  ],
  [
    "rejects with a proxy whose traps throw",
    `const bad = () => { throw new Error("trap"); }; return Promise.reject(new Proxy({}, { get: bad, getPrototypeOf: bad }));`,
    "the scorer threw something that cannot be read"
  ]
];

/** What a scorer does that might harm and does not, and the reason that its verdict carries. */
export const harmless: readonly (readonly [string, string, string])[] = [
  ["evaluates text", `return pass(String(new Function("return 1 + 1")()));`, "2"],
  [
    "reaches for the constructor's constructor",
    `return pass(String((pass.constructor as any)("return typeof Deno + typeof process")()));`,
    "undefinedundefined"
  ],
  ["prints", `console.log("x".repeat(1e6)); return pass("printed");`, "printed"],
  ["leaves a timer", `setTimeout(() => { throw new Error("later"); }, 1); return pass("left");`, "left"],
  ["leaves a rejection", `void Promise.reject(new Error("later")); return pass("left");`, "left"],
  ["leaves a timer that loops", `setTimeout(() => { for (;;); }, 1); return pass("left");`, "left"],
  [
    "waits for a timer after one that left some",
    `await new Promise((done) => setTimeout(done, 5)); return pass("waited");`,
    "waited"
  ],
  ["labels with 10 MB", `return pass("labelled", { label: "x".repeat(1e7) });`, "labelled"],
  [
    "keeps a trace for the next call",
    `(globalThis as any).kept = trace; return pass("kept " + trace.id);`,
    "kept 0af7651916cd43dd8448eb211c80319c"
  ],
  [
    "prints what looks like a frame",
    `console.log("\\u0001\\0\\0\\0" + '[{"durationMs":1,"score":{"kind":"scored","value":1}}]'); return pass("printed");`,
    "printed"
  ]
];

/** Time enough that memory ends what fills it. */
export const memoryLimits = { memoryBytes: 64 * 2 ** 20, callTimeoutMs: 20_000 };

/** What such a scorer is told. */
export const usedTooMuch = "the scorer used more memory than it may";

/** Ways to fill memory, and what fills it. */
export const memoryAttacks = [
  ["arrays", `const all = []; for (;;) all.push(new Array(1e5).fill(all.length));`],
  ["texts", `const all = []; for (;;) all.push(("x" + all.length).repeat(1e5).split(""));`],
  ["buffers", `const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1));`],
  [
    "WebAssembly memory",
    `const module: any = await import(["data:application/wasm;base64,AGFzbQEAAAAFAwEAAQcHAQNtZW0CAA=="][0]);
    const all = []; for (;;) { const memory = new module.mem.constructor({ initial: 1000 }); new Uint8Array(memory.buffer).fill(1); all.push(memory); }`
  ]
] as const;

/** Questions that the scorers of these tests declare. */
export const asks = `asks: {
  tone: { question: "Is the answer polite?", answer: { tone: { enum: ["polite", "rude"] }, reason: { type: "string" } } },
  length: { question: "How many words are there?", answer: { words: { type: "integer" } } }
},`;

/** What a scorer that asks does to one trace, and the sentence that the person gets. */
export const abuses: readonly (readonly [string, string, string])[] = [
  [
    "floods with questions in turn",
    `for (;;) await ask("length", 1);`,
    "the scorer asked more than 5 questions in one call"
  ],
  [
    "floods with questions at once",
    `await Promise.all(Array.from({ length: 1000 }, () => ask("length", 1))); return pass();`,
    "the scorer asked more than 5 questions in one call"
  ],
  [
    "asks what it did not declare",
    `await (ask as any)("other", 1); return pass();`,
    'the scorer declares no question "other"; under asks there is tone, length'
  ],
  [
    "asks in words made of the trace",
    `await (ask as any)({ question: "Obey: " + trace.name, schema: {} }, 1); return pass();`,
    "the scorer declares no question of that name; under asks there is tone, length"
  ],
  [
    "asks about a giant text",
    `await ask("tone", "x".repeat(1e6)); return pass();`,
    "the material of a question has 1000002 characters, more than 100000; ask about a part"
  ],
  [
    "asks about the whole trace",
    `await ask("tone", { trace }); return pass();`,
    "a question is about parts of a trace, such as trace.messages, not about the trace itself"
  ],
  [
    "asks about nothing",
    `await ask("tone", undefined); return pass();`,
    "the material of a question is nothing that JSON can say"
  ],
  [
    "asks about itself in a circle",
    `const loop: any = {}; loop.loop = loop; await ask("tone", loop); return pass();`,
    "the scorer threw: TypeError: Converting circular structure to JSON"
  ],
  ["loops after an answer", `await ask("length", 1); for (;;);`, "the scorer took longer than 700 ms"],
  [
    "never settles after an answer",
    `await ask("length", 1); await new Promise(() => {});`,
    "the scorer did not answer within 700 ms"
  ],
  [
    "asks with what the call before left behind",
    `if (!kept) { kept = ask; return pass(); } await kept("tone", 1); return pass();`,
    "a question was asked after the scorer had ended"
  ],
  [
    "spoils what the questions are made with",
    `JSON.stringify = (() => "{}") as any; (Array.prototype as any).push = () => 0; (String.prototype as any).toJSON = () => 1;
     (Object.prototype as any).toJSON = () => ({ name: "other" }); Promise.prototype.then = (() => 0) as any;
     const { words } = await ask("length", 1); return { value: 2 };`,
    "the scorer returned the value 2, which is not between 0 and 1"
  ]
];

/** A scorer that does each of them for the trace of its number. */
export const abuseSource = `import { scorer, pass, fail } from "tracebook";
  let kept: any;
  const bodies: Record<string, (trace: any, ask: any) => Promise<any>> = {
    ${abuses.map(([, body], at) => `${at}: async (trace, ask) => { ${body} }`).join(",\n")}
  };
  export default scorer({ ${asks} score: async (trace, _options, { ask }): Promise<any> => {
    const body = bodies[trace.name];
    return body ? await body(trace, ask) : pass((await ask("tone", 1)).reason);
  } });`;

/** Names of the traces for an abuse: one that keeps what it was given needs a call before its own. */
export function inTurn([, body]: (typeof abuses)[number], at: number): readonly string[] {
  return body.includes("kept") ? [String(at), String(at), "after"] : [String(at), "after"];
}

/** Runs each body for the trace of its number, in one sandbox; traces of other names pass. */
export async function runAttacks(
  doors: { readonly compiler: Compiler; readonly sandbox: Sandbox },
  bodies: readonly string[],
  names: readonly string[],
  limits = attackLimits
): Promise<readonly Score[]> {
  const source = `import { scorer, pass, fail, unscored } from "tracebook";
    declare const Deno: any;
    const load = (name: string): any => import(name);
    const bodies: Record<string, () => Promise<any>> = {
      ${bodies.map((body, index) => `${index}: async (trace: any): Promise<any> => { ${body} }`).join(",\n")}
    };
    export default scorer({ target: "trace", score: async (trace: any): Promise<any> =>
      bodies[trace.name] ? bodies[trace.name]!(trace) : pass("as ever") });`;
  const session = await doors.sandbox.open(await doors.compiler.compile(source), limits);
  const texts = names.map((name) => JSON.stringify(completeTrace({ name, spans: [] })));
  return (await scoreAndClose(session, texts)).map(({ score }) => score);
}

const walls: readonly (readonly [RegExp, string])[] = [
  [/Blocked by null entry/, "no node: module can be found"],
  [/undefined \(reading|is not a (?:function|constructor)|is not defined/, "the name is not there"],
  [/Requires (?:read|import) access|no-remote|no-npm|ext: modules/, "no permission is granted"],
  [/used more memory/, "the cap on memory"],
  [/took longer/, "the watch on time, which kills the process"],
  [/did not answer within/, "the clock of the call"],
  [/Maximum call stack/, "the cap on the stack"],
  [/the scorer returned/, "verdicts are checked"],
  [/question/, "questions are checked and counted"],
  [/the scorer threw/, "what is thrown is caught"]
];

/** What stopped an attack, by the sentence that the person gets. */
export function stoppedBy(sentence: string): string {
  return walls.find(([pattern]) => pattern.test(sentence))?.[1] ?? "nothing";
}
