import { expect, test } from "vitest";
import type { SandboxVerdict } from "#lib/ports/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";
import { openDoors, scoreAndClose } from "./scoring.ts";

const doors = openDoors();
const limits = { callTimeoutMs: 300, memoryBytes: 128 * 2 ** 20 };

async function open(body: string, more = "") {
  const compiled = await doors.compiler.compile(`import { scorer, pass, fail, unscored } from "tracebook";
    export default scorer({ target: "span", ${more} score: (span: any, trace: any): any => { ${body} } });`);
  return doors.sandbox.open(compiled, limits);
}

/** A trace of steps called s0, s1, …; every second calls a tool. */
const trace = (name: string, spans: number) =>
  JSON.stringify(
    completeTrace({
      name,
      spans: Array.from({ length: spans }, (_, at) => ({ name: `s${at}`, kind: at % 2 === 0 ? "llm" : "tool" }))
    })
  );

const reasons = (verdicts: readonly SandboxVerdict[]) => verdicts.map(({ score }) => score.reason);

test("a scorer of spans is called for each in its order, with the trace around it", async () => {
  const session = await open("return pass(span.name + ' of ' + trace.spans.length + ' in ' + trace.name);");
  expect(session.target).toEqual({ kind: "span", spanKinds: null });
  expect(reasons(await scoreAndClose(session, [trace("a", 2), trace("b", 2)], 2))).toEqual([
    "s0 of 2 in a",
    "s1 of 2 in a",
    "s0 of 2 in b",
    "s1 of 2 in b"
  ]);
});

test("a scorer that asks for kinds of spans is called for those alone", async () => {
  const session = await open("return pass(span.name);", 'spanKinds: ["tool", "guardrail"],');
  expect(session.target).toEqual({ kind: "span", spanKinds: ["tool", "guardrail"] });
  expect(reasons(await scoreAndClose(session, [trace("a", 6)], 3))).toEqual(["s1", "s3", "s5"]);
});

test("traces without a span to score ask nothing and cost nothing", async () => {
  expect(await scoreAndClose(await open("return pass();"), [trace("a", 0), trace("b", 0)], 0)).toEqual([]);
});

test("a span on which the scorer loops is unscored, those before and after it are scored", async () => {
  const session = await open(`if (trace.name === "b" && span.name === "s2") for (;;); return pass(span.name);`);
  const verdicts = await scoreAndClose(session, [trace("a", 4), trace("b", 4), trace("c", 4)], 4);
  const found = reasons(verdicts);
  expect(found.splice(6, 1)).toEqual(["the scorer took longer than 300 ms"]);
  expect(found).toEqual(["s0", "s1", "s2", "s3", "s0", "s1", "s3", "s0", "s1", "s2", "s3"]);
});

test("a scorer that loops on three spans in a row is given up", async () => {
  const verdicts = await scoreAndClose(
    await open(`if (span.name !== "s0") for (;;); return pass("s0");`),
    [trace("a", 6)],
    6
  );
  expect(reasons(verdicts)).toEqual([
    "s0",
    ...Array(3).fill("the scorer took longer than 300 ms"),
    ...Array(2).fill("not tried, since 3 spans in a row failed: the scorer took longer than 300 ms")
  ]);
});

test("a call for a span that is not there is unscored", async () => {
  const verdicts = await scoreAndClose(await open("return pass(span.name);"), [trace("a", 1)], 2);
  expect(verdicts.map(({ score }) => score.kind)).toEqual(["scored", "unscored"]);
});

test("a scorer that replaces what lists can do does not change which spans it gets", async () => {
  const session = await open(
    "Array.prototype.filter = () => []; Array.prototype.includes = () => false; return pass(span.name);",
    'spanKinds: ["tool"],'
  );
  expect(reasons(await scoreAndClose(session, [trace("a", 4), trace("b", 4)], 2))).toEqual(["s1", "s3", "s1", "s3"]);
});

test.each([
  [`target: "conversation"`, `the scorer's target is "conversation"`],
  [`target: "span", spanKinds: ["tools"]`, 'the scorer asks for spans of the kind "tools", which there is not']
])("a scorer that says %s is refused", async (words, message) => {
  const compiled = await doors.compiler.compile(
    `import { scorer, pass } from "tracebook"; export default scorer({ ${words}, score: (): any => pass() } as any);`
  );
  await expect(doors.sandbox.open(compiled, limits)).rejects.toMatchObject({ code: "invalid", message });
});

test("the types know what a scorer of spans gets", async () => {
  const source = (body: string) => `import { scorer, pass, fail } from "tracebook";
export default scorer({ target: "span", spanKinds: ["tool"], score: (span, trace) => ${body} });`;
  expect(await doors.compiler.diagnose(source(`span.toolName === trace.name ? pass() : fail("x")`))).toEqual([]);
  expect(await doors.compiler.diagnose(source(`span.tools.length > 0 ? pass() : fail("x")`))).toMatchObject([
    { message: expect.stringMatching(/tools/) }
  ]);
});
