import { expect, test } from "vitest";
import { noSpending } from "#lib/model/budget.ts";
import type { Score } from "#lib/model/score.ts";
import type { Json } from "#lib/model/span.ts";
import type { AnswerQuestion, AskedQuestion, SandboxTrace, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { completeTrace } from "../../scorers/trace.ts";
import { abuseSource, abuses, asks, attackLimits, inTurn } from "./attack-list.ts";
import { openDoors } from "./scoring.ts";

const limits = attackLimits;
const doors = openDoors();

const answered = (value: Json) =>
  ({ kind: "answered", value, modelId: "small", isCached: false, spent: { ...noSpending, costUsd: 0.01 } }) as const;

async function open(body: string, head = "") {
  const compiled = await doors.compiler.compile(`import { scorer, pass, fail, score, unscored } from "tracebook";
    const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
    ${head}
    export default scorer({ ${asks} score: async (trace, _options, { ask }): Promise<any> => { ${body} } });`);
  return doors.sandbox.open(compiled, limits);
}

type Session = Awaited<ReturnType<typeof open>>;

async function* given(names: readonly string[], calls = 1): AsyncGenerator<readonly SandboxTrace[]> {
  for (const [at, name] of names.entries()) {
    const text = JSON.stringify(completeTrace({ name, businessUnit: "forged", spans: Array(calls).fill({}) }));
    yield [{ text, businessUnit: at % 2 === 0 ? "support" : "claims", calls }];
  }
}

async function scoreWith(
  session: Session,
  names: readonly string[],
  answer?: AnswerQuestion,
  { calls = 1, signal = new AbortController().signal } = {}
): Promise<readonly SandboxVerdict[]> {
  const verdicts: SandboxVerdict[] = [];
  for await (const part of session.score(given(names, calls), signal, answer)) verdicts.push(...part);
  return verdicts;
}

async function score(
  body: string,
  names: readonly string[],
  answer?: AnswerQuestion,
  head = ""
): Promise<readonly SandboxVerdict[]> {
  const session = await open(body, head);
  try {
    return await scoreWith(session, names, answer);
  } finally {
    await session.close();
  }
}

const said = (verdicts: readonly SandboxVerdict[]) =>
  verdicts.map(({ score: { kind, reason } }: { readonly score: Score }) => `${kind}: ${reason}`);

const polite: AnswerQuestion = async ({ question, material }) =>
  answered(
    question.name === "tone" ? { tone: "polite", reason: `because of ${JSON.stringify(material)}` } : { words: 3 }
  );

test("a scorer asks what it declares, of the unit of its trace, and its verdict carries the answers", async () => {
  const asked: AskedQuestion[] = [];
  const verdicts = await score(
    `const { tone, reason } = await ask("tone", { name: trace.name });
     const { words } = await ask("length", trace.messages);
     return tone === "polite" ? pass(reason + ", " + words) : fail(reason);`,
    ["a", "b"],
    async (one, signal) => {
      asked.push(one);
      return polite(one, signal);
    }
  );
  expect(said(verdicts)).toEqual(['scored: because of {"name":"a"}, 3', 'scored: because of {"name":"b"}, 3']);
  expect(verdicts[0]!.answers?.map((answer) => answer.kind === "answered" && answer.value)).toEqual([
    { tone: "polite", reason: 'because of {"name":"a"}' },
    { words: 3 }
  ]);
  // What the trace's text says of its unit is not asked.
  expect(
    asked
      .filter(({ question }) => question.name === "tone")
      .map(({ businessUnit, material }) => [businessUnit, material])
  ).toEqual([
    ["support", { name: "a" }],
    ["claims", { name: "b" }]
  ]);
  expect(asked[0]!.question).toEqual({
    name: "tone",
    question: "Is the answer polite?",
    answer: { tone: { type: "string", enum: ["polite", "rude"] }, reason: { type: "string" } }
  });
});

test("while one call waits, others go on, and verdicts keep their order", async () => {
  const open = new Map<string, () => void>();
  let most = 0;
  const verdicts = await score(
    `const { reason } = await ask("tone", trace.name); return pass(reason);`,
    ["t0", "t1", "t2", "t3"],
    async ({ material }) => {
      await new Promise<void>((done) => {
        open.set(String(material), done);
        most = Math.max(most, open.size);
        // The last one to come lets all go on, itself first.
        if (open.size === 4) for (const go of [...open.values()].reverse()) go();
      });
      return answered({ tone: "polite", reason: String(material) });
    }
  );
  expect(most).toBe(4);
  expect(said(verdicts)).toEqual(["scored: t0", "scored: t1", "scored: t2", "scored: t3"]);
});

test("several questions of one call are asked at once", async () => {
  let [open, most] = [0, 0];
  const verdicts = await score(
    `const all = await Promise.all([ask("length", 1), ask("length", 2), ask("length", 3)]);
     return pass(all.map(({ words }) => words).join());`,
    ["a"],
    async ({ material }) => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return answered({ words: material });
    }
  );
  expect(most).toBe(3);
  expect(said(verdicts)).toEqual(["scored: 1,2,3"]);
});

test("a question without an answer is an error that can be caught; uncaught, the trace is unscored with its sentence", async () => {
  const body = `try { await ask("tone", 1); } catch (error) { if (trace.name === "caught") return fail(String(error)); throw error; } return pass();`;
  const failing: AnswerQuestion = async () => ({
    kind: "failed",
    why: "over budget",
    reason: "one more question could cost more than is left",
    spent: noSpending
  });
  const [uncaught, caught] = await score(body, ["uncaught", "caught"], failing);
  const reason = "over budget: one more question could cost more than is left";
  expect(uncaught!.score).toEqual({ kind: "unscored", status: "error", reason });
  expect(caught!.score).toMatchObject({ kind: "scored", value: 0, reason: `QuestionFailure: ${reason}` });
  const [alone] = await score(body, ["uncaught"]);
  expect(alone!.score).toEqual({ kind: "unscored", status: "error", reason: "no model is asked here" });
});

test("whatever a scorer does with questions, its trace alone is unscored, with a sentence", async () => {
  const session = await doors.sandbox.open(await doors.compiler.compile(abuseSource), limits);
  const names = abuses.flatMap((abuse, at) => inTurn(abuse, at));
  const verdicts = await scoreWith(session, names, polite);
  await session.close();
  const found = verdicts.filter((_, at) => names[at] !== "after" && names[at] !== names[at + 1]);
  for (const [at, [name, , reason]] of abuses.entries()) {
    expect.soft(found[at]!.score, name).toMatchObject({ kind: "unscored", status: "error" });
    expect.soft(found[at]!.score.reason, name).toContain(reason);
  }
  expect(new Set(said(verdicts.filter((_, at) => names[at] === "after")))).toEqual(new Set(["scored: because of 1"]));
});

test("a call that loops is found among those that wait, which are made anew", async () => {
  const counts = new Map<string, number>();
  const verdicts = await score(
    `const { reason } = await ask("tone", trace.name); if (trace.name === "t2") for (;;); await ask("length", trace.name); return pass(reason);`,
    ["t0", "t1", "t2", "t3", "t4"],
    async (one, signal) => {
      const key = `${one.question.name} ${JSON.stringify(one.material)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return polite(one, signal);
    }
  );
  expect(said(verdicts)).toEqual([
    'scored: because of "t0"',
    'scored: because of "t1"',
    "unscored: the scorer took longer than 700 ms",
    'scored: because of "t3"',
    'scored: because of "t4"'
  ]);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
});

test("a scorer that loops after every answer is given up", async () => {
  const verdicts = await score(`await ask("tone", 1); for (;;);`, Array(12).fill("t"), polite);
  // Which three it is depends on who was answered first.
  expect(said(verdicts).toSorted()).toEqual([
    ...Array(9).fill("unscored: not tried, since 3 traces in a row failed: the scorer took longer than 700 ms"),
    ...Array(3).fill("unscored: the scorer took longer than 700 ms")
  ]);
});

test("waiting for a model does not count as the scorer's time", async () => {
  let now = 0;
  const waits: (() => void)[] = [];
  const [verdict] = await score(`await sleep(30); await ask("tone", 1); return pass();`, ["a"], async (one, signal) => {
    // Longer than a call may take by itself.
    await new Promise<void>((done) => waits.push(done) && setTimeout(done, limits.callTimeoutMs + 100));
    now++;
    return polite(one, signal);
  });
  expect(now).toBe(1);
  expect(verdict!.score.kind).toBe("scored");
  expect(verdict!.durationMs).toBeGreaterThan(25);
  expect(verdict!.durationMs).toBeLessThan(limits.callTimeoutMs);
});

test("stopping ends the scoring though a model does not answer", async () => {
  const session = await open(`await ask("tone", 1); return pass();`);
  const stop = new AbortController();
  const scoring = scoreWith(
    session,
    ["a", "b"],
    (_, signal) =>
      new Promise((_done, failed) => {
        signal.addEventListener("abort", () => failed(signal.reason as Error));
        stop.abort();
      }),
    { signal: stop.signal }
  );
  await expect(scoring).rejects.toMatchObject({ code: "limit", message: "stopped" });
  await session.close();
});

test("scorers of spans ask, too, with options beside", async () => {
  const compiled = await doors.compiler.compile(
    `import { scorer, pass } from "tracebook";
     export default scorer({ target: "span", options: { word: "kind" }, ${asks}
       score: async (span, trace, { word }, { ask }) => pass(word + " " + (await ask("tone", span.id.slice(-1))).reason) });`,
    { word: "good" }
  );
  const session = await doors.sandbox.open(compiled, limits);
  const verdicts = await scoreWith(session, ["a", "b"], polite, { calls: 2 });
  await session.close();
  expect(said(verdicts)).toEqual(Array(2).fill(['scored: good because of "0"', 'scored: good because of "1"']).flat());
});

test.each([
  [`asks: {},`, "asks has 0 questions, not 1 to 20"],
  [
    `asks: { a: { question: "", answer: {} } },`,
    'the question "a" needs the words of the question, at most 4000 characters'
  ],
  [`asks: { a: { question: "?", answer: {} } },`, 'the question "a" needs 1 to 10 fields under "answer"'],
  [
    `asks: { a: { question: "?", answer: { b: { type: "object" } } } },`,
    'the question "a" has a field "b" that is neither'
  ],
  [`asks: { a: { question: "?", answer: { b: { enum: [1] } } } },`, 'needs 1 to 50 words under "enum"']
])("questions that cannot be asked are refused where the scorer loads: %s", async (declared, message) => {
  const compiled = await doors.compiler.compile(
    `import { scorer, pass } from "tracebook"; export default scorer({ ${declared} score: () => pass() } as any);`
  );
  await expect(doors.sandbox.open(compiled, limits)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(message)
  });
});

test("answers have the types that the question declares", async () => {
  const source = (body: string) => `import { scorer, pass, fail } from "tracebook";
export default scorer({ ${asks} score: async (trace, _options, { ask }) => { ${body} } });`;
  expect(
    await doors.compiler.diagnose(
      source(`const { tone, reason } = await ask("tone", { messages: trace.messages });
        const { words } = await ask("length", trace.output);
        return tone === "rude" || words * 2 > 4 ? fail(reason.trim()) : pass();`)
    )
  ).toEqual([]);
  const complaints = async (body: string) =>
    (await doors.compiler.diagnose(source(body))).map(({ message }) => message).join();
  expect(await complaints(`return (await ask("tone", 1)).tone === "kind" ? pass() : fail("no");`)).toMatch(
    /no overlap/
  );
  expect(await complaints(`await ask("other", 1); return pass();`)).toMatch(/"other"/);
});
