import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const at = (second: number) => `2026-11-20T09:00:${String(second).padStart(2, "0")}.250000+01:00`;
const ns = (second: number) => BigInt(Date.UTC(2026, 10, 20, 8, 0, second, 250)) * 1_000_000n;
const long = "Where is order 7, which I placed three weeks ago and which has still not come?";

const call = { id: "c1", function: "get_order", arguments: { id: 7 } };
const usage = (input: number, output: number, more: object = {}) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
  ...more
});
const choice = (content: string, more: object = {}) => ({
  message: { id: "m", role: "assistant", content, source: "generate", model: "large-1", ...more },
  stop_reason: "stop"
});

const events = [
  { event: "sample_init", timestamp: at(0), sample: {}, state: {} },
  { event: "span_begin", timestamp: at(1), id: "s1", span_id: "s1", parent_id: null, type: "agent", name: "helper" },
  {
    event: "model",
    timestamp: at(2),
    completed: at(4),
    span_id: "s1",
    model: "openai/large",
    input: [],
    input_refs: [[0, 2]],
    tools: [{ name: "get_order", description: "finds one" }],
    config: { temperature: 0 },
    output: {
      model: "large-1",
      choices: [choice("", { tool_calls: [call] })],
      usage: { ...usage(10, 5), input_tokens_cache_read: 100, total_tokens: 115, total_cost: 0.5 }
    },
    call: { request: {}, response: { id: "resp-1" } }
  },
  {
    event: "tool",
    timestamp: at(4),
    completed: at(5),
    span_id: "s1",
    ...call,
    result: "",
    error: { type: "timeout", message: "took too long" }
  },
  { event: "info", timestamp: at(5), span_id: "s1", data: "a note" },
  { event: "span_end", timestamp: at(6), id: "s1", span_id: "s1" },
  { event: "state", timestamp: at(6), changes: [] },
  { event: "span_begin", timestamp: at(7), id: "s2", span_id: "s2", type: "scorer", name: "match" },
  { event: "score", timestamp: at(7), span_id: "s2", score: { value: "C", answer: "7" }, target: "7" },
  { event: "span_end", timestamp: at(8), id: "s2", span_id: "s2" },
  { event: "error", timestamp: at(9), error: { message: "out of time" } }
];

const sample = (more: object = {}) => ({
  id: "order-7",
  epoch: 2,
  uuid: "G7qmTyE6WB9wLq6GAv5w9K",
  input: "attachment://a1",
  target: "7",
  messages: [
    { role: "system", content: "Be kind." },
    { role: "user", content: "attachment://a1" },
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", content: "", tool_call_id: "c1", function: "get_order", error: { type: "timeout", message: "!" } },
    { role: "assistant", content: "I do not know." }
  ],
  output: { model: "large-1", choices: [choice("I do not know.")] },
  scores: {
    match: { value: "C", answer: "7", explanation: "it is there" },
    quality: { value: { tone: 0.25, length: 3, polite: true } },
    topic: { value: "orders" }
  },
  events,
  events_data: {
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "attachment://a1" }
    ],
    calls: []
  },
  attachments: { a1: long },
  model_usage: { "openai/large": usage(110, 5), "openai/small": usage(1, 1) },
  started_at: at(0),
  completed_at: at(9),
  error: { message: "out of time", traceback: "..." },
  ...more
});
const log = (...samples: readonly object[]) => ({
  version: 2,
  status: "success",
  eval: { run_id: "r1", task_id: "t1", task: "orders", model: "openai/large", created: at(0) },
  plan: { name: "plan", steps: [] },
  results: { scores: [] },
  stats: {},
  samples
});

function read(value: object) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(JSON.stringify(value)), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    scores: all.flatMap(({ scores }) => scores),
    losses: all.flatMap(({ losses = [] }) => losses),
    rejected: all.flatMap(({ rejected }) => rejected)
  };
}

test("a sample is a trace: its model and tool calls lie in the spans that its events open", () => {
  const { format, spans, rejected } = read(log(sample()));
  expect([format, rejected]).toEqual(["inspect", []]);
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  expect(spans.map(({ kind, name, parentSpanId }) => [kind, name, names.get(parentSpanId ?? "") ?? null])).toEqual([
    ["agent", "invoke_agent orders", null],
    ["agent", "helper", "invoke_agent orders"],
    ["llm", "chat openai/large", "helper"],
    ["tool", "execute_tool get_order", "helper"],
    ["evaluator", "match", "invoke_agent orders"],
    ["evaluator", "score", "match"],
    ["other", "error", "invoke_agent orders"]
  ]);
  const [root, helper, model, tool] = spans;
  expect(root).toMatchObject({
    agent: "orders",
    status: "error",
    statusMessage: "out of time",
    startNs: ns(0),
    endNs: ns(9),
    timeSource: "reported",
    inputText: long,
    outputText: "I do not know.",
    sourceProject: "t1"
  });
  expect(helper).toMatchObject({ agent: "helper", startNs: ns(1), endNs: ns(6) });
  expect(JSON.stringify(helper!.events)).toContain("a note");
  expect(model).toMatchObject({
    agent: "helper",
    model: "large-1",
    modelRequested: "openai/large",
    responseId: "resp-1",
    startNs: ns(2),
    endNs: ns(4),
    input: [
      { role: "system", parts: [{ type: "text", content: "Be kind." }] },
      { role: "user", parts: [{ type: "text", content: long }] }
    ],
    output: [{ parts: [{ type: "tool_call", id: "c1", name: "get_order", arguments: { id: 7 } }] }],
    inputTokens: 110,
    outputTokens: 5,
    cacheReadTokens: 100,
    costUsd: 0.5,
    attributes: { "inspect.config": { temperature: 0 } }
  });
  expect(tool).toMatchObject({
    toolName: "get_order",
    toolCallId: "c1",
    toolArgs: { id: 7 },
    status: "error",
    statusMessage: "took too long",
    errorType: "timeout"
  });
});

test("what no span holds is named", () => {
  const fields = read(log(sample({ metadata: { level: 3 }, timelines: [{}] }))).losses.map(({ field }) => field);
  expect(fields.sort()).toEqual(
    ["epoch", "events.model.call", "events.sample_init", "events.state", "id", "metadata", "target", "timelines"]
      .concat(["plan", "results", "status", "version"])
      .sort()
  );
});

test("what the log says of the evaluation is named where no span holds it", () => {
  const whole = { ...log(sample()), stats: { started_at: "2026-11-20" }, error: null };
  const fields = read({ ...whole, eval: { task: "t", run_id: "r", dataset: { name: "d" }, tags: [] } }).losses;
  expect(fields.map(({ field }) => field)).toEqual(expect.arrayContaining(["stats", "eval.dataset"]));
  expect(fields.map(({ field }) => field)).not.toEqual(expect.arrayContaining(["eval.task"]));
  expect(fields.map(({ field }) => field)).not.toEqual(expect.arrayContaining(["eval.tags"]));
});

test("an answer in part and none at all count as Inspect counts them, and a failure keeps where it came from", () => {
  const { scores, spans } = read(
    log(
      sample({
        scores: { a: { value: "P" }, b: { value: "N" } },
        error: { message: "no access", traceback: "line 7", traceback_ansi: "line 7" }
      })
    )
  );
  expect(scores.map(({ score }) => score)).toMatchObject([
    { value: 0.5, label: "P" },
    { value: 0, label: "N" }
  ]);
  expect(spans[0]).toMatchObject({ statusMessage: "no access" });
  expect(spans[0]!.attributes).toMatchObject({ "inspect.error.traceback": "line 7" });
});

test("thoughts and pictures in messages stay parts of what was said", () => {
  const content = [
    { type: "reasoning", reasoning: "let me see" },
    { type: "text", text: "this one" },
    { type: "image", image: "attachment" }
  ];
  const messages = [
    { role: "user", content: "which?" },
    { role: "assistant", content }
  ];
  const { spans } = read(log(sample({ events: [], messages })));
  expect(spans[1]!.output).toEqual([
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "let me see" },
        { type: "text", content: "this one" },
        { type: "image", image: "attachment" }
      ]
    }
  ]);
});

test("scores keep their value where it is on our scale, and their word where it is not", () => {
  const { scores } = read(log(sample()));
  expect(scores.map(({ scorer, spanId, source, score }) => [scorer, spanId, source, score])).toEqual([
    ["match", null, "import", expect.objectContaining({ value: 1, pass: true, label: "C", reason: "it is there" })],
    ["quality/tone", null, "import", expect.objectContaining({ value: 0.25, pass: null })],
    ["quality/length", null, "import", { kind: "unscored", status: "error", reason: expect.stringMatching(/value 3/) }],
    ["quality/polite", null, "import", expect.objectContaining({ value: 1, pass: true })],
    ["topic", null, "import", expect.objectContaining({ kind: "unscored", status: "skipped", label: "orders" })]
  ]);
  expect(scores[0]!.detail).toEqual({ format: "inspect", answer: "7" });
  expect(read(log(sample({ scores: null, score: { value: "I" } }))).scores).toMatchObject([
    { scorer: "score", score: { value: 0, pass: false } }
  ]);
});

test("a sample without events is read from its messages, with its tokens counted once", () => {
  const { spans } = read(log(sample({ events: [], started_at: null, completed_at: null })));
  expect(spans.map(({ kind, status, inputTokens, timeSource }) => [kind, status, inputTokens, timeSource])).toEqual([
    ["agent", "error", 111, "synthesised"],
    ["llm", "ok", null, "synthesised"],
    ["tool", "error", null, "synthesised"],
    ["llm", "ok", null, "synthesised"]
  ]);
  expect(spans[0]).toMatchObject({ agent: "orders", inputText: long, outputText: "I do not know.", outputTokens: 6 });
  expect(read(log({ id: 1, epoch: 1, messages: [] })).rejected).toEqual([
    "the sample 1 holds neither messages nor events"
  ]);
});

test("steps of old logs, which have no ids, hold what lies between their begin and their end", () => {
  const old = [
    { event: "step", timestamp: at(1), action: "begin", type: "solver", name: "generate" },
    { event: "subtask", timestamp: at(2), name: "look up", input: { q: 1 }, result: 2, events: [events[2]] },
    { event: "step", timestamp: at(5), action: "end", type: "solver", name: "generate" },
    { event: "tool", ...call, result: "found" }
  ];
  const { spans } = read(log(sample({ events: old })));
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  expect(spans.map(({ name, parentSpanId }) => [name, names.get(parentSpanId ?? "") ?? null])).toEqual([
    ["invoke_agent orders", null],
    ["generate", "invoke_agent orders"],
    ["look up", "generate"],
    ["chat openai/large", "look up"],
    ["execute_tool get_order", "invoke_agent orders"]
  ]);
  expect(spans.at(-1)).toMatchObject({ toolResult: "found", startNs: ns(5) });
});
