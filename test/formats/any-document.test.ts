import fc from "fast-check";
import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const start = "2026-11-20T09:00:00Z";

/** One good record of every format; what follows puts anything in place of its fields. */
const seeds: readonly object[] = [
  { scopeSpans: [{ spans: [{ traceId, spanId, name: "step", startTimeUnixNano: "1", attributes: [] }] }] },
  { traceID: traceId, processes: {}, spans: [{ traceID: traceId, spanID: spanId, startTime: 1, tags: [], logs: [] }] },
  { id: spanId, traceId, type: "GENERATION", startTime: start, input: "x", metadata: {}, usageDetails: {} },
  { id: "a", run_type: "llm", start_time: start, inputs: {}, outputs: {}, extra: {}, events: [] },
  { span_id: spanId, root_span_id: traceId, created: start, metrics: {}, span_attributes: {}, scores: {} },
  { context: { trace_id: traceId, span_id: spanId }, start_time: start, attributes: {}, events: [] },
  { task_id: 1, reward: 1, traj: [{ role: "user", content: "x" }], info: {} },
  { id: "a", messages: [{ role: "user", content: "x" }], reward_info: {} },
  {
    task_id: 1,
    reward: 1,
    traj: [
      { role: "assistant", content: "x" },
      { role: "tool", content: "y" }
    ],
    records: {}
  },
  {
    trajectory_id: 1,
    failures: [{ failure_id: 1, step_number: 1, failure_category: "x", step_reason: "y", failed_agent: "z" }],
    root_cause: { failure_id: 1, reason_for_root_cause: "w" }
  },
  {
    history: [
      { content: "x", name: "a", role: "user" },
      { content: "y", name: "Computer_terminal", role: "user" }
    ],
    question: "q",
    is_correct: false,
    mistake_agent: "a",
    mistake_step: "0",
    mistake_reason: "r",
    system_prompt: { a: "p" }
  },
  { id: "a", trace_id: traceId, name: "n", value: 1, source: "ANNOTATION", data_type: "NUMERIC", comment: "x" },
  { id: "a", timestamp: start, session_id: "s", user_id: "u", tags: [], metadata: {}, input: "x" },
  { id: "a", run_id: "r", key: "k", score: 1, value: "v", feedback_source: { type: "app" }, correction: {} },
  { id: "a", span_id: spanId, name: "n", annotator_kind: "LLM", result: { label: "x", score: 1 }, metadata: {} },
  {
    context: { trace_id: traceId, span_id: spanId },
    start_time: start,
    attributes: { annotations: [{ annotation: { name: "n", annotator_kind: "HUMAN", label: "x" } }] }
  },
  {
    id: 1,
    epoch: 1,
    input: "x",
    target: "y",
    messages: [{ role: "assistant", content: "x", tool_calls: [{ id: "c", function: "f", arguments: {} }] }],
    output: { choices: [{ message: { role: "assistant", content: "x" }, stop_reason: "stop" }] },
    scores: { match: { value: "C", answer: "y", explanation: "z" } },
    events: [
      { event: "span_begin", id: "s", parent_id: null, type: "solver", name: "n", timestamp: start },
      { event: "model", span_id: "s", timestamp: start, model: "m", input: [], input_refs: [[0, 1]], output: {} },
      { event: "tool", span_id: "s", timestamp: start, id: "c", function: "f", arguments: {}, result: "r", events: [] },
      { event: "span_end", id: "s", timestamp: start },
      { event: "error", error: { message: "e" }, timestamp: start }
    ],
    events_data: { messages: [{ role: "user", content: "attachment://a" }] },
    attachments: { a: "long" },
    model_usage: { m: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } }
  }
];

const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("gen_ai.input.messages", "role", "[{}]", '{"role":', "🙂", -1, 1e300, "0".repeat(32)),
  fc.constantFrom(...seeds)
);

/** In place of a value: its field is taken away. */
const gone = Symbol("gone");

/** A seed in which some fields, also deep ones, hold anything or are missing. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.oneof(anything, fc.constant(gone))), { maxLength: 4 })
  )
  .map(([seed, changes]) => {
    const copy = structuredClone(seed);
    for (const [pick, value] of changes) {
      const places: [object, string][] = [];
      const visit = (node: unknown): void => {
        if (typeof node !== "object" || node === null) return;
        for (const key of Object.keys(node)) {
          places.push([node, key]);
          visit((node as Record<string, unknown>)[key]);
        }
      };
      visit(copy);
      const place = places[pick % places.length];
      if (!place) continue;
      const [node, key] = place;
      if (value === gone) delete (node as Record<string, unknown>)[key];
      else (node as Record<string, unknown>)[key] = structuredClone(value);
    }
    return copy;
  });

function read(text: string) {
  const reader = new DocumentReader(context, "agent", null);
  return [...reader.push(text), ...reader.end()];
}

test("whatever stands in a record of a known format, it is read or rejected, and the next is read", () => {
  const good = JSON.stringify(seeds[6]);
  fc.assert(
    fc.property(mutated, (record) => {
      const found = read(`${JSON.stringify(record)}\n${good}\n`);
      expect(found.flatMap(({ spans }) => spans).some(({ source }) => source === "tau-bench")).toBe(true);
      // A reason is ours, never what the engine says when code falls over.
      expect(found.flatMap(({ rejected }) => rejected).join("\n")).not.toMatch(/Cannot|is not a|Invalid|undefined/);
    }),
    { seed: 7, numRuns: 1500 }
  );
});

test("a document that breaks off anywhere gives the records before, and says that it breaks off", () => {
  const good = JSON.stringify(seeds[6]);
  fc.assert(
    fc.property(fc.array(mutated, { minLength: 1, maxLength: 2 }), fc.nat(), (records, at) => {
      const rest = `,${records.map((record) => JSON.stringify(record)).join(",")}]`;
      const found = read(`[${good}${rest.slice(0, at % (rest.length - 1))}`);
      expect(found.flatMap(({ spans }) => spans).some(({ source }) => source === "tau-bench")).toBe(true);
      expect(found.flatMap(({ rejected }) => rejected).join("\n")).toMatch(/breaks off/);
    }),
    { seed: 7, numRuns: 500 }
  );
});

test("any text at all is read or rejected", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `{"resourceSpans":[${text}`)
      ),
      (text) => {
        read(text);
      }
    ),
    { seed: 7, numRuns: 1500 }
  );
});
