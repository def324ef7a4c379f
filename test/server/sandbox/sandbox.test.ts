import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import type { SandboxLimits, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { scrubSvg } from "#lib/server/sandbox/svg.ts";
import { memoryAttacks, memoryLimits, usedTooMuch } from "./attack-list.ts";
import { openDoors, scoreAndClose } from "./scoring.ts";

const doors = openDoors();
const limits = { callTimeoutMs: 1000, memoryBytes: 128 * 2 ** 20 };

const trace = (name: string) =>
  JSON.stringify({
    id: name,
    businessUnit: "support",
    name,
    agent: null,
    agentVersion: null,
    sessionId: null,
    startedAt: "2026-11-20T09:00:00.000Z",
    durationMs: 5,
    status: "ok",
    spans: []
  });

async function scoreAll(
  body: string,
  names: readonly string[],
  bounds: SandboxLimits = limits
): Promise<readonly SandboxVerdict[]> {
  const compiled = await doors.compiler.compile(
    `import { scorer, pass, fail, score, unscored } from "tracebook";\nexport default scorer({ score: ${body} });`
  );
  return scoreAndClose(await doors.sandbox.open(compiled, bounds), names.map(trace));
}

test("each trace gets its verdict, in order", async () => {
  const names = Array.from({ length: 230 }, (_, index) => `t${index}`);
  const verdicts = await scoreAll(
    `(trace) => Number(trace.name.slice(1)) % 2 === 0 ? pass("even") : fail("odd")`,
    names
  );
  expect(verdicts.map(({ score }) => score.kind === "scored" && score.value)).toEqual(
    names.map((_, index) => (index % 2 === 0 ? 1 : 0))
  );
});

test.each([
  ["Latin", "é".repeat(2 ** 20)],
  ["Chinese", "退".repeat(200_000)],
  ["pictures", "\u{1F600}".repeat(2 ** 18)],
  ["half a picture", "\ud83d"]
])("a trace of %s arrives as it was written, between short ones", async (_name, text) => {
  const verdicts = await scoreAll(`(trace) => pass(trace.name.length + trace.name.slice(-1))`, ["a", text, "b"]);
  expect(verdicts.map(({ score }) => score.reason)).toEqual([
    "1a",
    `${text.length}${text.slice(-1).toWellFormed()}`,
    "1b"
  ]);
});

/** What a scorer that is no async function does to one trace, and its sentence; what costs time is in attacks.test.ts. */
const faults: readonly (readonly [string, string, RegExp])[] = [
  ["throws", `throw new Error("no luck")`, /the scorer threw: Error: no luck/],
  ["throws what cannot be read", `throw { toString() { throw 1; } }`, /cannot be read/],
  ["recurses without end", `const f = () => f() + 1; f();`, /Maximum call stack|RangeError/],
  ["returns nothing", `return undefined;`, /returned undefined; it must return pass/],
  ["returns NaN", `return score(NaN);`, /the value NaN, which is not between 0 and 1/],
  ["returns 2", `return score(2);`, /the value 2, which is not between 0 and 1/],
  ["returns a getter that throws", `return { get value() { throw new Error("trap"); } };`, /trap/],
  ["ends its process", `globalThis.Deno.exit(0);`, /TypeError/]
];

test("a scorer that throws or returns nonsense leaves that trace unscored and the rest scored", async () => {
  const bodies = faults.map(([name, body]) => `${JSON.stringify(name)}: () => { ${body} }`);
  const verdicts = await scoreAll(
    `(trace) => { const bodies = { ${bodies.join(", ")} }; return bodies[trace.name] ? bodies[trace.name]() : pass(); }`,
    ["before", ...faults.flatMap(([name]) => [name, "after"])]
  );
  expect(verdicts[0]!.score.kind).toBe("scored");
  for (const [index, [name, , sentence]] of faults.entries()) {
    const [culprit, after] = verdicts.slice(2 * index + 1, 2 * index + 3);
    expect.soft(culprit!.score, name).toMatchObject({ kind: "unscored", status: "error" });
    expect.soft(culprit!.score.reason, name).toMatch(sentence);
    expect.soft(after!.score.kind, `after one that ${name}`).toBe("scored");
  }
});

/** With time enough it is memory that ends these, and the sentence says so. */
test.each(memoryAttacks)(
  "a scorer that allocates %s without end is told that it used more memory than it may",
  async (_name, attack) => {
    const verdicts = await scoreAll(
      `async (trace) => { if (trace.name === "bad") { ${attack} } return pass(); }`,
      ["before", "bad", "after"],
      memoryLimits
    );
    expect(verdicts.map(({ score }) => score.kind)).toEqual(["scored", "unscored", "scored"]);
    expect(verdicts[1]!.score).toEqual({
      kind: "unscored",
      status: "error",
      reason: usedTooMuch
    });
  },
  60_000
);

test("a reason of 10 MB is cut, not lost", async () => {
  const [verdict] = await scoreAll(`() => fail("x".repeat(10_000_000))`, ["t"]);
  expect(verdict!.score).toMatchObject({ kind: "scored", value: 0 });
  expect(verdict!.score.reason).toHaveLength(2000);
});

test("unscored is a verdict of its own", async () => {
  const [verdict] = await scoreAll(`() => unscored("no tools here")`, ["t"]);
  expect(verdict!.score).toEqual({ kind: "unscored", status: "skipped", reason: "no tools here" });
});

test("patched prototypes do not reach the next session", async () => {
  await scoreAll(`() => { Array.prototype.map = () => []; JSON.stringify = () => "[]"; return pass(); }`, ["t"]);
  const [verdict] = await scoreAll(`() => pass()`, ["t"]);
  expect(verdict!.score).toMatchObject({ kind: "scored", value: 1 });
});

test("a module that does not load, and one that exports nothing, say so", async () => {
  const open = async (source: string) => doors.sandbox.open(await doors.compiler.compile(source), limits);
  await expect(open(`throw new Error("at load"); export default 1;`)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/at load/)
  });
  await expect(open(`export const x = 1;`)).rejects.toMatchObject({ message: "the cell exports no scorer" });
});

test("what is no TypeScript, or imports something, is refused with its place", async () => {
  await expect(doors.compiler.compile("export default {\n  score: (\n};")).rejects.toMatchObject({
    code: "invalid",
    position: { line: 3 }
  });
  await expect(doors.compiler.compile(`import fs from "node:fs";\nexport default fs;`)).rejects.toMatchObject({
    code: "invalid"
  });
  await expect(doors.compiler.compile(`import text from "/etc/passwd";\nexport default text;`)).rejects.toMatchObject({
    code: "invalid"
  });
});

test("types are checked against the contract", async () => {
  const head = `import { scorer, pass, fail } from "tracebook";\n`;
  expect(
    await doors.compiler.diagnose(
      `${head}export default scorer({ target: "trace", score: (trace) => trace.tools.some((call) => call.name === "issue_refund") ? pass() : fail("no refund tool call") });`
    )
  ).toEqual([]);
  expect(
    await doors.compiler.diagnose(
      `${head}export default scorer({ score: (trace) => trace.toolz.length ? pass() : fail("x") });`
    )
  ).toEqual([{ message: expect.stringMatching(/toolz/), position: { line: 2, column: 49 } }]);
  expect(await doors.compiler.diagnose(`${head}export default scorer({ score: () => fetch("x") });`)).toMatchObject([
    { message: expect.stringMatching(/fetch/) }
  ]);
});

test("a chart cell becomes an SVG of its own", async () => {
  const bytes = tableToIPC(tableFromArrays({ date: ["a", "b", "a"], value: Float64Array.of(1, 0, 1) }), "stream");
  const svg = await doors.sandbox.renderChart(
    `Plot.plot({ marks: [Plot.barY(refunds, Plot.groupX({ y: "mean" }, { x: "date", y: "value" }))] })`,
    { refunds: bytes },
    new AbortController().signal
  );
  expect(svg).toMatch(/^<svg[^>]*xmlns/);
  expect(svg).toMatch(/<rect/);
  await expect(doors.sandbox.renderChart("nothing()", {}, new AbortController().signal)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/nothing is not defined/)
  });
  await expect(doors.sandbox.renderChart("42", {}, new AbortController().signal)).rejects.toMatchObject({
    message: expect.stringMatching(/gives no chart/)
  });
});

test.each([
  `<svg><script>alert(1)</script><rect onclick="x()" onload='y' width="3"/></svg>`,
  `<svg><a href="javascript:x"><image xlink:href="https://example.org/a.png"/></a></svg>`,
  `<svg><foreignObject><iframe src="x"></iframe></foreignObject><style>@import url(https://example.org);</style></svg>`
])("%s is scrubbed of what runs or loads", (svg) => {
  expect(scrubSvg(svg)).not.toMatch(/script|onclick|onload|example|iframe/i);
});
