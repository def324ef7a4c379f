import { expect, test } from "vitest";
import { DocumentReader, sumLosses } from "#lib/formats/document-reader.ts";
import type { Imported } from "#lib/formats/imported.ts";
import type { ImportFormat } from "#lib/formats/record-formats.ts";

const context = { businessUnit: "support", environment: null, nowMs: Date.UTC(2026, 10, 20) };

const simulation = (id: string) => ({
  id,
  task_id: id,
  messages: [
    { role: "user", content: `hello ${id}`, timestamp: "2026-11-20T09:00:00" },
    { role: "assistant", content: "bye", timestamp: "2026-11-20T09:00:01", usage: { prompt_tokens: 3 } }
  ],
  reward_info: { reward: 1 }
});
const info = { environment_info: { domain_name: "airline", policy: "Be kind." }, agent_info: { llm: "large" } };
const run = (id: number) => ({ task_id: id, reward: 0, info: {}, traj: [{ role: "user", content: `hi ${id}` }] });
const resourceSpans = (name: string) => ({
  scopeSpans: [{ spans: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), name, startTimeUnixNano: "1" }] }]
});

/** What a text means, handed over in pieces of a size. */
function read(text: string, size = text.length, wanted: ImportFormat | null = null) {
  const reader = new DocumentReader(context, "fallback", wanted);
  const all: Imported[] = [];
  for (let at = 0; at < text.length; at += size) all.push(...reader.push(text.slice(at, at + size)));
  all.push(...reader.end());
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    scores: all.flatMap(({ scores }) => scores),
    rejected: all.flatMap(({ rejected }) => rejected)
  };
}

test("simulations before their head wait for it, and mean the same as behind it", () => {
  const before = read(JSON.stringify({ simulations: [simulation("a"), simulation("b")], info }));
  const behind = read(JSON.stringify({ info, simulations: [simulation("a"), simulation("b")] }));
  expect(before).toEqual(behind);
  expect(before.format).toBe("tau2");
  expect(new Set(before.spans.map(({ agent }) => agent))).toEqual(new Set(["airline"]));
  expect(before.scores.map(({ score }) => score)).toEqual([
    expect.objectContaining({ kind: "scored", value: 1, pass: true }),
    expect.objectContaining({ kind: "scored", value: 1, pass: true })
  ]);
});

test("simulations whose head never comes are read under the agent named at the import", () => {
  const { spans, rejected } = read(JSON.stringify({ simulations: [simulation("a")] }));
  expect(rejected).toEqual([]);
  expect(spans.map(({ kind, agent }) => [kind, agent])).toEqual([
    ["agent", "fallback"],
    ["llm", "fallback"]
  ]);
});

test("it does not matter how the text is cut into pieces", () => {
  const text = `\uFEFF  ${JSON.stringify({ simulations: [simulation("ä🙂")], info }, null, 2)}\n`;
  const whole = read(text);
  expect(whole.spans).toHaveLength(2);
  for (const size of [1, 2, 7]) expect(read(text, size)).toEqual(whole);
});

test("a list of runs is told by its content, and what is no object in it is named", () => {
  const { format, spans, scores, rejected } = read(JSON.stringify([run(1), 4, null, run(2)]));
  expect(format).toBe("tau-bench");
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(2);
  expect(scores).toHaveLength(2);
  expect(rejected).toEqual(["2 values are no objects, the first of them record 2"]);
});

test("a list may hold simulations or whole documents of spans", () => {
  expect(read(JSON.stringify([simulation("a")])).format).toBe("tau2");
  const { format, spans } = read(JSON.stringify([{ resourceSpans: [resourceSpans("x"), resourceSpans("y")] }]));
  expect(format).toBe("otlp");
  expect(spans.map(({ name }) => name)).toEqual(["x", "y"]);
});

test("documents may follow one another, a line each", () => {
  const lines = ["x", "y", "z"].map((name) => JSON.stringify({ resourceSpans: [resourceSpans(name)] }));
  for (const size of [1, 10, 10_000]) {
    const { format, spans, rejected } = read(`${lines.join("\n")}\n`, size);
    expect(rejected).toEqual([]);
    expect(format).toBe("otlp");
    expect(spans.map(({ name }) => name)).toEqual(["x", "y", "z"]);
  }
});

test("a record of no known format is named by its fields, and the next is read", () => {
  const { spans, rejected } = read(JSON.stringify([{ question: "a", answer: "b" }, run(1)]));
  expect(rejected).toEqual([
    expect.stringMatching(/^record 1 is of no known format: it has question, answer; understood are .*tau2/)
  ]);
  expect(spans).not.toEqual([]);
});

test("a simulation without messages, or with none that can be read, is a reason", () => {
  const { rejected } = read(JSON.stringify({ info, simulations: [{ id: "a" }, { id: "b", messages: [] }] }));
  expect(rejected).toEqual([
    expect.stringMatching(/^record 1 in "simulations" is of no known format: it has id/),
    "the simulation b holds no messages"
  ]);
  expect(read(JSON.stringify([{ task_id: 9, traj: ["?"] }])).rejected).toEqual(["the run of task 9 holds no messages"]);
});

test("records of another format than asked for are passed over", () => {
  const text = JSON.stringify([run(1), simulation("a"), { resourceSpans: [resourceSpans("x")] }]);
  const { format, spans } = read(text, text.length, "otlp");
  expect(format).toBe("otlp");
  expect(spans.map(({ name }) => name)).toEqual(["x"]);
});

test("a text that breaks off keeps the records before and says where it broke", () => {
  const text = JSON.stringify([run(1), run(2)]);
  const { spans, rejected } = read(text.slice(0, -30), 16);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(rejected).toEqual([
    expect.stringMatching(/^the text breaks off after 1 record, .*: what was begun there is left out$/)
  ]);
});

test("what follows damage is not read, also when more pieces come", () => {
  const reader = new DocumentReader(context, "fallback", null);
  const first = reader.push(`[${JSON.stringify(run(1))}, oops `);
  expect(first.filter(({ spans }) => spans.length > 0)).toHaveLength(1);
  expect(reader.push(JSON.stringify(run(2)))).toEqual([]);
  expect([...first, ...reader.end()].flatMap(({ rejected }) => rejected)).toHaveLength(1);
});

test("an empty text holds nothing and is no fault", () => {
  expect(read(" \n ", 1)).toEqual({ format: null, spans: [], scores: [], rejected: [] });
});

test.each([
  ["on one line", (value: unknown) => JSON.stringify(value)],
  ["over many lines", (value: unknown) => JSON.stringify(value, null, 2)]
])("an object of no known format, written %s, is named by its fields and told what is understood", (_, write) => {
  const { spans, rejected } = read(write({ question: "why", answers: [{ id: 1 }], score: 3 }), 9);
  expect(spans).toEqual([]);
  expect(rejected).toEqual([
    expect.stringMatching(/^the document is of no known format: it has question, answers, score; understood are .*tau2/)
  ]);
});

test("runs may follow one another, a line each", () => {
  const lines = [run(1), run(2), run(3)].map((value) => JSON.stringify(value));
  for (const ends of ["\n", "\r\n", "\n\n"]) {
    const { format, spans, rejected } = read(`\uFEFF${ends}${lines.join(ends)}`, 11);
    expect(rejected).toEqual([]);
    expect(format).toBe("tau-bench");
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
  }
});

test("a damaged line costs itself alone, wherever it stands", () => {
  const [a, b, c] = [run(1), run(2), run(3)].map((value) => JSON.stringify(value));
  for (const [lines, reason] of [
    [[a!.slice(0, 20), b!, c!], /^line 1 is no JSON/],
    [[a!, b!.slice(0, 20), c!], /^line 2 is no JSON/],
    [[a!, b!, c!.slice(0, 20)], /^line 3 breaks off/]
  ] as const) {
    const { spans, rejected } = read(lines.join("\n"), 13);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(2);
    expect(rejected).toEqual([expect.stringMatching(reason)]);
  }
});

test("a step knows the agent above it, also when that agent stands on a later line", () => {
  const line = (spanId: string, parentSpanId: string, attributes: object) =>
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            { spans: [{ traceId: "a".repeat(32), spanId, parentSpanId, startTimeUnixNano: "1", attributes }] }
          ]
        }
      ]
    });
  const { spans } = read(
    `${line("2".repeat(16), "1".repeat(16), {})}\n${line("1".repeat(16), "", { "gen_ai.agent.name": "refunds" })}\n`
  );
  expect(spans.map(({ agent }) => agent)).toEqual(["refunds", "refunds"]);
});

test("losses of many records are summed by field and fate, the most frequent first", () => {
  expect(
    sumLosses([
      { field: "level", fate: "attribute", count: 1 },
      { field: "latency", fate: "dropped", count: 2 },
      { field: "level", fate: "attribute", count: 4 }
    ])
  ).toEqual([
    { field: "level", fate: "attribute", count: 5 },
    { field: "latency", fate: "dropped", count: 2 }
  ]);
});
