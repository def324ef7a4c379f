import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/model/scope.ts";
import type { KeptAnswer } from "#lib/ports/model-answers.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openModel } from "#lib/server/model/model.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { parseHandfulRequest, parseTryRequest, type TryReply } from "#lib/wire/bench.ts";
import type { BenchDoors } from "#lib/work/bench-doors.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { ScorerBench } from "#lib/work/try-scorer.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { openEndpoint, type TestEndpoint } from "../server/model/endpoint.ts";
import { makeSpan } from "../spans.ts";
import { sandbox as double, openDesk, scope } from "./desk-fixture.ts";

let desk: Awaited<ReturnType<typeof openDesk>>;
let kernels: ScopeKernels;
let endpoint: TestEndpoint;
const kept = new Map<string, KeptAnswer>();

beforeAll(async () => {
  desk = await openDesk();
  kernels = new ScopeKernels(desk.lake);
  const { annotations } = desk.state;
  await annotations.tag(
    scope,
    [2, 4, 6, 8].map((n) => ({ traceId: idOf(n), businessUnit: "support" })),
    "good",
    ""
  );
  await annotations.tag(scope, [{ traceId: idOf(10), businessUnit: "support" }], "bad", "");
  endpoint = await openEndpoint(({ messages }) => {
    const label = messages[1]!.content.includes("granted") ? "pass" : "fail";
    // A question of a scorer has no other field.
    const isScorers = messages.some(({ content }) => content.includes("Was it granted?"));
    const said = isScorers ? { label } : { reason: "So it is.", evidence: [], label };
    return { kind: "say", content: JSON.stringify(said) };
  });
});
afterAll(async () => {
  await kernels.close();
  await desk.close();
  endpoint.close();
});

/** As the lake calls a trace. */
const idOf = (n: number) => makeSpan({ traceId: `t${n}`, spanId: "root" }).traceId;
const numberOf = new Map(Array.from({ length: 40 }, (_, n) => [idOf(n), n] as const));

const never = new AbortController().signal;

function openBench(changed: Partial<BenchDoors> = {}, limits?: ConstructorParameters<typeof ScorerBench>[2]) {
  const { compiler, sandbox, parser, clock } = desk.doors;
  const doors = { compiler, sandbox, parser, clock, model: null, borrow: desk.desk.borrow.bind(desk.desk), ...changed };
  return new ScorerBench(doors, kernels, limits);
}

const workbook = (scorer: string, more = "") =>
  `\`\`\`sql few\nselect trace_id, 'granted' as answer from traces where agent = 'billing'\n\`\`\`\n\n\`\`\`ts scorer mine\n${scorer}\n\`\`\`\n\n\`\`\`yaml score verdicts\ntraces: few\nscorer: mine\n${more}\n\`\`\`\n`;

const groundOf = (text: string, cell = "mine") => ({ workbook: "w", cell, text, params: {} });
const anyWish = { text: "", params: {}, use: null, pinned: [], seed: 1 };
const ids = (...numbers: readonly number[]) => numbers.map((n) => ({ traceId: idOf(n) }));
const asked = (traces: readonly { readonly traceId: string }[], more = {}) => ({
  ...{ use: null, traces, bench: "page", spend: false },
  ...more
});
const verdicts = ({ calls }: TryReply) =>
  calls.map(({ traceId, score }) => [numberOf.get(traceId), score?.kind === "scored" && score.pass]);

test("a handful is of the traces that the scorer is for: pinned ones, labelled ones in turn, then others by chance", async () => {
  const bench = openBench();
  const all = workbook("denied").replace("where agent = 'billing'", "");
  const reply = await bench.handful(scope, groundOf(all), { ...anyWish, pinned: [idOf(3), "nowhere"] }, never);
  expect(reply).toMatchObject({
    uses: [{ cell: "verdicts", traces: 40 }],
    use: "verdicts",
    missing: ["nowhere"],
    note: null
  });
  expect(reply.traces).toHaveLength(10);
  expect(reply.traces[0]).toMatchObject({ traceId: idOf(3), businessUnit: "claims", label: null });
  expect(reply.traces.slice(1, 3).map(({ label }) => label)).toEqual(["bad", "good"]);
  expect(reply.traces.filter(({ label }) => label !== null)).toHaveLength(5);
  expect(reply.others).toHaveLength(30);
  const again = await bench.handful(scope, groundOf(all), { ...anyWish, pinned: [idOf(3), "nowhere"] }, never);
  expect(again).toEqual(reply);
  const other = await bench.handful(scope, groundOf(all), { ...anyWish, seed: 2 }, never);
  expect(other.traces).not.toEqual(reply.traces);
});

test("what should have come out travels with the handful and reaches the scorer", async () => {
  const bench = openBench();
  const text = workbook("granted", "expected: answer");
  const { traces } = await bench.handful(scope, groundOf(text), anyWish, never);
  expect(traces[0]).toMatchObject({ expected: "granted" });
  // The scorer double fails what holds its word: every document does, since it holds the answer.
  const reply = await bench.try(scope, groundOf(text), asked(traces), never);
  expect(new Set(verdicts(reply).map(([, pass]) => pass))).toEqual(new Set([false]));
});

test("a handful says so where its table stands on scores, and takes any traces", async () => {
  const text =
    workbook("denied").replace("traces: few", "traces: others") +
    "\n```yaml score first\nscorer: from_file\n```\n\n```sql others\nselect trace_id from first where pass\n```\n";
  const reply = await openBench().handful(scope, groundOf(text), anyWish, never);
  expect(reply.note).toMatch(/“others” stands on scores or a map/);
  expect(reply).toMatchObject({ uses: [{ cell: "verdicts", traces: null }] });
  expect(reply.traces).toHaveLength(10);
});

test("a try gives verdict, reason and time of each trace, in the reader's units alone", async () => {
  const bench = openBench();
  const text = workbook("denied");
  const reply = await bench.try(scope, groundOf(text), asked(ids(0, 1, 2, 99)), never);
  expect(reply).toMatchObject({ target: "trace", total: 3, missing: [idOf(99)], msPerCall: 1, spending: null });
  expect(verdicts(reply)).toEqual([
    [0, false],
    [1, true],
    [2, true]
  ]);
  expect(reply.calls[0]).toMatchObject({ businessUnit: "support", spanId: null, score: { reason: "says denied" } });
  const claims = await bench.try(scopeOf(["claims"]), groundOf(text), asked(ids(0, 1, 2)), never);
  expect(verdicts(claims)).toEqual([[1, true]]);
  expect(claims.missing).toEqual([idOf(0), idOf(2)]);
  const narrowed = `---\nbusiness_units: [claims]\n---\n${text}`;
  expect(verdicts(await bench.try(scope, groundOf(narrowed), asked(ids(0, 1)), never))).toEqual([[1, true]]);
  const pinned = await bench.handful(scopeOf(["claims"]), groundOf(text), { ...anyWish, pinned: [idOf(0)] }, never);
  expect(pinned.missing).toEqual([idOf(0)]);
});

test("what does not compile says where, and a cell that is no scorer is refused", async () => {
  const bench = openBench();
  await expect(bench.try(scope, groundOf(workbook("@@")), asked(ids(1)), never)).rejects.toMatchObject({
    code: "invalid",
    position: { line: 1, column: 1 }
  });
  await expect(bench.try(scope, groundOf(workbook("x"), "few"), asked(ids(1)), never)).rejects.toMatchObject({
    code: "invalid"
  });
  await expect(bench.try(scope, groundOf(workbook("x"), "none"), asked(ids(1)), never)).rejects.toMatchObject({
    code: "missing"
  });
});

test("a newer try ends the one before, of another page it does not, and too many wait for no one", async () => {
  const started = Promise.withResolvers<void>();
  let open = 0;
  const slow: Sandbox = {
    ...double,
    async open(compiled, limits) {
      if (!compiled.code.includes("slow")) return double.open(compiled, limits);
      open++;
      started.resolve();
      return {
        ...(await double.open(compiled, limits)),
        async *score(_traces, signal) {
          signal.throwIfAborted();
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          yield [];
        },
        close: async () => {
          open--;
        }
      };
    }
  };
  const bench = openBench({ sandbox: slow });
  const first = bench.try(scope, groundOf(workbook("slow")), asked(ids(1)), never).catch((error: unknown) => error);
  await started.promise;
  const reply = await bench.try(scope, groundOf(workbook("quick")), asked(ids(1)), never);
  expect(reply.total).toBe(1);
  expect(await first).toMatchObject({ code: "limit", message: "a newer try has taken its place" });
  expect(open).toBe(0);
  const leave = new AbortController();
  const many = Array.from({ length: 9 }, (_, n) =>
    bench
      .try(scope, groundOf(workbook("slow")), asked(ids(1), { bench: `page ${n}` }), leave.signal)
      .catch((error: unknown) => error)
  );
  expect(await many[8]).toMatchObject({ code: "limit", message: "8 scorers are being tried at this moment" });
  leave.abort();
  await Promise.all(many);
  expect((await bench.try(scope, groundOf(workbook("quick")), asked(ids(1)), never)).total).toBe(1);
});

test("hostile scorers end in a sentence each, and the next text is tried as ever", async () => {
  const real = { compiler: await openCompiler(), sandbox: await openSandbox() };
  try {
    const bench = openBench(real, { scorerTimeoutMs: 150, scorerMemoryBytes: 128e6 });
    const tryOn = (body: string) => {
      const source = `import { scorer, pass } from "tracebook";\nexport default scorer({ target: "trace", score: (trace) => { ${body} } });`;
      return bench.try(scope, groundOf(workbook(source)), asked(ids(1, 2)), never);
    };
    const reasons = async (body: string) => (await tryOn(body)).calls.map(({ score }) => score?.reason);
    expect(await reasons(`if (trace.input.includes("trace 1 ")) for (;;) {} return pass();`)).toEqual([
      "the scorer took longer than 150 ms",
      null
    ]);
    const nonsense = "the scorer returned 2; it must return pass(), fail(), score() or unscored()";
    expect(await reasons("return 2")).toEqual([nonsense, nonsense]);
    await expect(tryOn("return pass(")).rejects.toMatchObject({ code: "invalid", position: { line: 2 } });
    expect(await reasons("return pass()")).toEqual([null, null]);
  } finally {
    await Promise.all([real.compiler.close(), real.sandbox.close()]);
  }
});

const judged = (criterion: string, more = "") =>
  `\`\`\`yaml judge mine\ncriterion: ${criterion}\nsees: [output]\n${more}\`\`\`\n\n\`\`\`yaml score verdicts\nscorer: mine\n\`\`\`\n`;

function openPaid(price = { inputUsd: 1000, outputUsd: 1000 }) {
  const answers = {
    find: async (_: Scope, unit: string, hash: string) => kept.get(`${unit} ${hash}`),
    keep: async (_: Scope, unit: string, hash: string, answer: KeptAnswer) => {
      kept.set(`${unit} ${hash}`, answer);
    }
  };
  return openModel({ baseUrl: endpoint.url, apiKey: null, modelId: "small", price }, answers);
}

test("a scorer that asks is paid for only when somebody says so, and what it was answered is shown at once", async () => {
  const real = { compiler: await openCompiler(), sandbox: await openSandbox() };
  const before = endpoint.asked.length;
  try {
    const bench = openBench({ ...real, model: openPaid() });
    const text = workbook(`import { scorer, pass, fail } from "tracebook";
export default scorer({
  asks: { fine: { question: "Was it granted?", answer: { label: { enum: ["pass", "fail"] } } } },
  score: async (trace, _options, { ask }) => ((await ask("fine", { said: trace.output })).label === "pass" ? pass() : fail("no")),
});`);
    const open = await bench.try(scope, groundOf(text), asked(ids(0, 1)), never);
    expect(endpoint.asked).toHaveLength(before);
    expect(open.calls.map(({ score }) => score)).toEqual([null, null]);
    expect(open.spending).toMatchObject({ questions: 2, open: 2, spentUsd: 0 });
    const paid = await bench.try(scope, groundOf(text), asked(ids(0, 1), { spend: true }), never);
    expect(verdicts(paid)).toEqual([
      [0, false],
      [1, true]
    ]);
    expect(paid.spending!.spentUsd).toBeGreaterThan(0);
    expect(endpoint.asked).toHaveLength(before + 2);
    expect(verdicts(await bench.try(scope, groundOf(text), asked(ids(0, 1)), never))).toEqual(verdicts(paid));
    const alone = await openBench(real).try(scope, groundOf(text), asked(ids(1)), never);
    expect(alone.spending).toBeNull();
    expect(alone.calls[0]!.score).toMatchObject({
      kind: "unscored",
      reason: expect.stringMatching(/no model is configured/)
    });
  } finally {
    await Promise.all([real.compiler.close(), real.sandbox.close()]);
  }
});

test("a judge is never asked by itself: it tells the price, and shows what it answered before at once", async () => {
  const bench = openBench({ model: openPaid() });
  const text = judged("It was granted.");
  const start = endpoint.asked.length;
  const before = await bench.try(scope, groundOf(text), asked(ids(0, 1, 2)), never);
  expect(endpoint.asked).toHaveLength(start);
  expect(before.calls.map(({ score }) => score)).toEqual([null, null, null]);
  expect(before.spending).toMatchObject({ model: "small", questions: 3, open: 3, spentUsd: 0 });
  const paid = await bench.try(scope, groundOf(text), asked(ids(0, 1), { spend: true }), never);
  expect(endpoint.asked).toHaveLength(start + 2);
  expect(verdicts(paid)).toEqual([
    [0, false],
    [1, true]
  ]);
  expect(paid.spending).toMatchObject({ open: 0 });
  expect(paid.spending!.spentUsd).toBeGreaterThan(0);
  expect(paid.spending!.spentUsd).toBeLessThan(before.spending!.mostUsd!);
  const after = await bench.try(scope, groundOf(text), asked(ids(0, 1, 2)), never);
  expect(endpoint.asked).toHaveLength(start + 2);
  expect(after.calls.map(({ score }) => score?.kind ?? null)).toEqual(["scored", "scored", null]);
  expect(after.spending!.open).toBe(1);
});

test("a judge without a model, or whose examples stand on scores, says so", async () => {
  await expect(openBench().try(scope, groundOf(judged("x")), asked(ids(1)), never)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/none is configured/)
  });
  const text = `${judged("x", "examples: known\n")}\n\`\`\`sql known\nselect trace_id, 'pass' as label from verdicts\n\`\`\`\n`;
  const looped = openBench({ model: openPaid() }).try(scope, groundOf(text), asked(ids(1)), never);
  await expect(looped).rejects.toMatchObject({ message: expect.stringMatching(/stand on scores or a map: "known"/) });
});

test("requests are read with care", () => {
  const plain = { text: "t", params: {} };
  expect(parseHandfulRequest({ ...plain, pinned: ["a"], seed: 2 })).toMatchObject({
    use: null,
    pinned: ["a"],
    seed: 2
  });
  expect(() => parseHandfulRequest({ ...plain, pinned: [1], seed: 2 })).toThrow(/1 is no id/);
  expect(() => parseHandfulRequest({ ...plain, pinned: "a", seed: 2 })).toThrow(/"pinned" is not a list/);
  const request = { ...plain, traces: [{ traceId: "a", expected: { x: 1 } }], bench: "b" };
  expect(parseTryRequest(request)).toMatchObject({ spend: false, traces: [{ traceId: "a", expected: { x: 1 } }] });
  expect(() => parseTryRequest({ ...request, traces: Array(21).fill({ traceId: "a" }) })).toThrow(/20 traces at most/);
  expect(() => parseTryRequest({ ...request, traces: [{ traceId: "a", expected: "x".repeat(4_100_000) }] })).toThrow(
    /too long/
  );
});
