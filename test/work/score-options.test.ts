import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { runWorkbookFile } from "#lib/work/run-workbook-file.ts";
import { makeSpan } from "../spans.ts";
import { openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
let real: { compiler: Compiler; sandbox: Sandbox };
const never = new AbortController().signal;

beforeAll(async () => {
  real = { compiler: await openCompiler(), sandbox: await openSandbox() };
  bench = await openDesk({}, real);
  const spans = ["a", "b"].map((traceId) =>
    makeSpan({ traceId, spanId: "root", kind: "agent", agent: "teller", outputText: `said by ${traceId}` })
  );
  await bench.lake.append(scope, { spans, scores: [] });
});
afterAll(async () => {
  await bench.close();
  await Promise.all([real.compiler.close(), real.sandbox.close()]);
});

const text = (settings: string, answers = "case when output = 'said by a' then 'said by a' end") => `\`\`\`sql tellers
select *, ${answers} as answer from traces where agent = 'teller'
\`\`\`

\`\`\`ts scorer says_it
import { fail, pass, scorer, unscored } from "tracebook";
export default scorer({
  options: { least: 3, words: ["x"], note: null },
  score: (trace, { least, words, note }) => {
    if (trace.expected === null) return unscored("nothing is expected");
    const said = JSON.stringify([trace.expected, least, words, note]);
    return trace.expected === trace.output ? pass(said) : fail(said);
  }
});
\`\`\`

\`\`\`yaml score verdicts
traces: tellers
scorer: says_it
${settings}
\`\`\`

\`\`\`sql check said
select string_agg(o.output || ' ' || v.status || ' ' || coalesce(v.reason, '') , '; ' order by o.output) as name,
  1 as value, true as pass from verdicts v join traces o using (trace_id)
\`\`\`
`;

async function runOf(settings: string, answers?: string) {
  const doors = { desk: bench.desk, runs: bench.state.runs, workbooks: bench.state.workbooks };
  const file = { kind: "file", path: "tellers.md", text: text(settings, answers) } as const;
  const { run } = await runWorkbookFile(doors, scope, file, {}, () => undefined, never);
  const scores = run.cells.find(({ key }) => key === "verdicts")!.state;
  return { said: run.checks[0]?.name, fault: scores.state === "failed" ? scores.fault.message : null };
}

test("a score cell hands a scorer its options and what is expected of each trace", async () => {
  const { said, fault } = await runOf("expected: answer\noptions: { least: 5, note: { deep: [1, null] } }");
  expect(fault).toBeNull();
  expect(said).toBe('said by a ok ["said by a",5,["x"],{"deep":[1,null]}]; said by b skipped nothing is expected');
});

test("without them a scorer has its own options, and nothing is expected", async () => {
  expect((await runOf("")).said).toBe("said by a skipped nothing is expected; said by b skipped nothing is expected");
  expect((await runOf("expected: answer")).said).toContain('said by a ok ["said by a",3,["x"],null]');
});

test("numbers, lists, mappings and JSON in a text arrive as what they are", async () => {
  for (const [answers, expected] of [
    ["12", "12"],
    ["['p', 'q']", '["p","q"]'],
    ["{'k': 1}", '{"k":1}'],
    [`'[{"name": "pay"}]'`, '[{"name":"pay"}]'],
    ["'[no list'", '"[no list"'],
    ["json('{\"k\":[true]}')", '{"k":[true]}']
  ] as const)
    expect((await runOf("expected: answer", answers)).said).toContain(`said by a ok [${expected},3`);
});

test.each([
  ["options: { leest: 5 }", 'options: there is no "leest"; there are least, words, note'],
  ["options: { least: many }", 'options: "least" is "many", not a number as the scorer\'s 3'],
  ["options: { words: { x: 1 } }", 'options: "words" is {"x":1}, not a list'],
  ["options: 3", '"options" is 3, not a list of "name: value" lines'],
  ["expected: nowhere", "nowhere"]
])("what a scorer does not have is refused with a sentence: %s", async (settings, sentence) => {
  expect((await runOf(settings)).fault).toContain(sentence);
});

test("two expected values of one trace are refused", async () => {
  const { fault } = await runOf("expected: answer", "unnest(['one', 'two'])");
  expect(fault).toContain('"answer" says two things of the trace');
});

test("a set option is another version, whatever the order of its parts, and the types know options", async () => {
  const source = `import { pass, scorer } from "tracebook";
export default scorer({ options: { least: 3 }, score: (trace, { least }) => pass(least.toFixed(1) + trace.id) });`;
  const version = async (options?: { readonly [name: string]: number }) =>
    (await real.compiler.compile(source, options)).version;
  expect(await version({})).toBe(await version());
  expect(await version({ least: 4 })).not.toBe(await version());
  expect(await version({ least: 4, b: 1 })).toBe(await version({ b: 1, least: 4 }));
  expect(await real.compiler.diagnose(source)).toEqual([]);
  const [complaint] = await real.compiler.diagnose(source.replace("{ least })", "{ leest })"));
  expect(complaint?.message).toContain("leest");
});
