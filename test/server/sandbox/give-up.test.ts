import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";

const limits = { callTimeoutMs: 300, memoryBytes: 128 * 2 ** 20 };
let compiler: Compiler;
let sandbox: Sandbox;
beforeAll(async () => {
  compiler = await openCompiler();
  sandbox = await openSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await compiler.close();
});

async function* frames(count: number): AsyncGenerator<readonly string[]> {
  for (let start = 0; start < count; start += 50)
    yield Array.from({ length: Math.min(50, count - start) }, (_, at) =>
      JSON.stringify(completeTrace({ name: `t${start + at}`, spans: [] }))
    );
}

/** Scores traces named t0, t1, …; `body` sees the number as `n`. */
async function score(count: number, body: string, bounds = limits): Promise<readonly SandboxVerdict[]> {
  const compiled = await compiler.compile(`import { scorer, pass } from "tracebook";
    export default scorer({ score: (trace: any): any => { const n = Number(trace.name.slice(1)); ${body} return pass(); } });`);
  const session = await sandbox.open(compiled, bounds);
  try {
    const verdicts: SandboxVerdict[] = [];
    for await (const part of session.score(frames(count), new AbortController().signal)) verdicts.push(...part);
    return verdicts;
  } finally {
    await session.close();
  }
}

const kinds = (verdicts: readonly SandboxVerdict[]) => verdicts.map(({ score: { kind } }) => kind);
const reasons = (verdicts: readonly SandboxVerdict[]) => [...new Set(verdicts.map(({ score: { reason } }) => reason))];

test.each([
  ["loops", "for (;;);", "the scorer took longer than 300 ms"],
  ["never settles", "return new Promise(() => {});", "the scorer did not answer within 300 ms"]
])("a scorer that %s on every trace is given up after three", async (_name, body, reason) => {
  const verdicts = await score(230, body);
  expect(verdicts).toHaveLength(230);
  expect(new Set(kinds(verdicts))).toEqual(new Set(["unscored"]));
  expect(reasons(verdicts.slice(0, 3))).toEqual([reason]);
  expect(reasons(verdicts.slice(3))).toEqual([`not tried, since 3 traces in a row failed: ${reason}`]);
});

test("what was scored before a scorer began to loop is kept", async () => {
  const verdicts = await score(120, "if (n >= 70) for (;;);");
  expect(kinds(verdicts)).toEqual([...Array(70).fill("scored"), ...Array(50).fill("unscored")]);
  expect(verdicts[73]!.score.reason).toMatch(/^not tried, since 3 traces in a row/);
});

test("a scorer that loops on two traces in a row is not given up", async () => {
  const verdicts = await score(120, "if (n === 10 || n === 11) for (;;);");
  expect(verdicts.flatMap(({ score: { kind } }, index) => (kind === "scored" ? [] : [index]))).toEqual([10, 11]);
});

test("a scorer that loops on every second trace is given up after twenty", async () => {
  const verdicts = await score(60, "if (n % 2 === 0) for (;;);", { ...limits, callTimeoutMs: 50 });
  expect(kinds(verdicts).filter((kind) => kind === "scored")).toHaveLength(19);
  expect(reasons(verdicts.slice(40))).toEqual(["not tried, since 20 traces failed: the scorer took longer than 50 ms"]);
});

test("a slow scorer has the whole time for every trace, not for every frame", async () => {
  const verdicts = await score(
    12,
    "const began = performance.now(); while (performance.now() - began < 120); return pass();"
  );
  expect(new Set(kinds(verdicts))).toEqual(new Set(["scored"]));
});

test("a session that gave up tries again with the next traces it is given", async () => {
  const compiled = await compiler.compile(`import { scorer, pass } from "tracebook";
    export default scorer({ score: (trace: any): any => { if (trace.name === "loop") for (;;); return pass(); } });`);
  const session = await sandbox.open(compiled, limits);
  const run = async (name: string) => {
    const texts = Array.from({ length: 5 }, () => JSON.stringify(completeTrace({ name, spans: [] })));
    const verdicts: SandboxVerdict[] = [];
    async function* once() {
      yield texts;
    }
    for await (const part of session.score(once(), new AbortController().signal)) verdicts.push(...part);
    return kinds(verdicts);
  };
  try {
    expect(await run("loop")).toEqual(Array(5).fill("unscored"));
    expect(await run("pass")).toEqual(Array(5).fill("scored"));
  } finally {
    await session.close();
  }
});
