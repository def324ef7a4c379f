import { expect, test } from "vitest";
import { parseLangSmithRun } from "#lib/formats/langsmith.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const root = "11111111-2222-4333-8444-555555555555";
const child = "22222222-2222-4333-8444-555555555555";
const run = (more: object = {}) => ({
  id: root,
  name: "answer",
  run_type: "chain",
  start_time: "2026-11-20T09:00:00",
  end_time: "2026-11-20T09:00:01",
  ...more
});

test("runs within a run are spans below it, at any depth", () => {
  const deep = run({ id: "33333333-2222-4333-8444-555555555555", trace_id: null, parent_run_id: null });
  const { spans, rejected, losses } = parseLangSmithRun(
    run({ trace_id: root, child_runs: [run({ id: child, child_runs: [deep] }), { id: "x" }, 7] }),
    context
  );
  expect(spans.map(({ traceId }) => traceId)).toEqual(Array(3).fill(root.replaceAll("-", "")));
  expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([null, spans[0]!.spanId, spans[1]!.spanId]);
  expect(rejected).toHaveLength(2);
  expect(losses).toEqual([]);
  let nested: object = run();
  for (let depth = 0; depth < 3000; depth += 1) nested = run({ id: `r${depth}`, child_runs: [nested] });
  expect(parseLangSmithRun(nested as never, context).spans).toHaveLength(3001);
});

test("summed up feedback becomes scores, a person's where only people answered", () => {
  const { scores, spans } = parseLangSmithRun(
    run({
      feedback_stats: {
        correct: { n: 2, avg: 0.5, stdev: 0.1, values: {}, sources: ['{"type":"app"}'] },
        tone: { n: 3, avg: null, values: { rude: 1, polite: 2 } },
        empty: { n: 0, avg: null, values: {} }
      }
    }),
    context
  );
  expect(scores).toMatchObject([
    { scorer: "correct", spanId: null, source: "human", score: { kind: "scored", value: 0.5 }, detail: { n: 2 } },
    { scorer: "tone", source: "import", score: { kind: "unscored", label: "polite" }, detail: { format: "langsmith" } }
  ]);
  expect(spans[0]!.attributes).toEqual({});
});

test("tokens, cost and reasons that only the model's answer tells are found there", () => {
  const message = {
    content: "hello",
    usage_metadata: { input_tokens: 9, output_tokens: 4, input_token_details: { cache_read: 5 } }
  };
  const langChain = {
    generations: [[{ generation_info: { finish_reason: "stop" }, message: { id: ["AIMessage"], kwargs: message } }]]
  };
  const openAi = {
    choices: [{ finish_reason: "stop", message: { role: "assistant", content: "hello" } }],
    usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } }
  };
  for (const outputs of [langChain, openAi]) {
    const { spans } = parseLangSmithRun(
      run({ run_type: "llm", outputs, prompt_cost: "0.25", completion_cost: "0.5" }),
      context
    );
    expect(spans).toMatchObject([
      {
        inputTokens: 9,
        outputTokens: 4,
        cacheReadTokens: 5,
        costUsd: 0.75,
        finishReasons: ["stop"],
        outputText: "hello"
      }
    ]);
  }
});

test("zero tokens of a step that asks no model are none: they would hide those of the step above", () => {
  const { spans } = parseLangSmithRun(
    run({
      run_type: "tool",
      prompt_tokens: 0,
      completion_tokens: 0,
      status: "pending",
      outputs: { output: { content: "7", type: "tool", tool_call_id: "call_1" } }
    }),
    context
  );
  expect(spans).toMatchObject([
    { inputTokens: null, outputTokens: null, toolCallId: "call_1", attributes: { "langsmith.status": "pending" } }
  ]);
});
