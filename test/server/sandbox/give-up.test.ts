import { expect, test } from "vitest";
import type { SandboxVerdict } from "#lib/ports/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";
import { openDoors, scoreAndClose, scoreWith } from "./scoring.ts";

const limits = { callTimeoutMs: 300, memoryBytes: 128 * 2 ** 20 };
const doors = openDoors();

/** Opens a scorer; `body` sees the trace's number as `n`. */
async function open(body: string, bounds = limits) {
  const compiled = await doors.compiler.compile(`import { scorer, pass } from "tracebook";
    export default scorer({ score: (trace: any): any => { const n = Number(trace.name.slice(1)); ${body} return pass(); } });`);
  return doors.sandbox.open(compiled, bounds);
}

const named = (names: readonly string[]) => names.map((name) => JSON.stringify(completeTrace({ name, spans: [] })));

/** Scores traces named t0, t1, … */
async function score(count: number, body: string, bounds = limits): Promise<readonly SandboxVerdict[]> {
  return scoreAndClose(await open(body, bounds), named(Array.from({ length: count }, (_, n) => `t${n}`)));
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

test("a scorer that gives no answer on every second trace, waiting or looping, is given up after twenty", async () => {
  // Each loop costs a process; a promise that never settles costs its time alone.
  const body = "if (n % 2 === 0) { if (n > 34) for (;;); return new Promise(() => {}); }";
  const verdicts = await score(60, body, { ...limits, callTimeoutMs: 50 });
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
  const session = await open("if (n < 5) for (;;);");
  try {
    expect(kinds(await scoreWith(session, named(["t0", "t1", "t2", "t3", "t4"])))).toEqual(Array(5).fill("unscored"));
    expect(kinds(await scoreWith(session, named(["t5", "t6"])))).toEqual(Array(2).fill("scored"));
  } finally {
    await session.close();
  }
});
