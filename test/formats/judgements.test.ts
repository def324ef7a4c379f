import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";

const nowMs = Date.UTC(2026, 10, 24);
const context = { businessUnit: "support", environment: null, nowMs };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const start = "2026-11-20 09:00:00.250000";
const startMs = Date.UTC(2026, 10, 20, 9, 0, 0, 250);

function read(...records: readonly object[]) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(records.map((record) => `${JSON.stringify(record)}\n`).join("")), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    scores: all.flatMap(({ scores }) => scores),
    annotations: all.flatMap(({ annotations = [] }) => annotations),
    judgements: all.flatMap(({ judgements = [] }) => judgements),
    losses: all.flatMap(({ losses = [] }) => losses).map(({ field, fate }) => `${fate} ${field}`),
    rejected: all.flatMap(({ rejected }) => rejected)
  };
}

/** A row of the files that Langfuse exports. */
const langfuseScore = (more: object) => ({
  id: "score-1",
  timestamp: start,
  project_id: "p1",
  environment: "default",
  trace_id: traceId,
  observation_id: null,
  session_id: null,
  dataset_run_id: null,
  name: "helpful",
  value: 0.75,
  source: "EVAL",
  comment: "it answers",
  data_type: "NUMERIC",
  string_value: null,
  ...more
});

test("a score of Langfuse by a program is a score, and says which program", () => {
  const { format, scores, rejected, annotations } = read(
    langfuseScore({ observation_id: spanId }),
    langfuseScore({ name: "polite", value: 1, data_type: "BOOLEAN", string_value: "True", source: "API" }),
    langfuseScore({ name: "topic", value: 2, data_type: "CATEGORICAL", string_value: "refund", source: "API" })
  );
  expect([format, rejected, annotations]).toEqual(["langfuse", [], []]);
  expect(scores).toMatchObject([
    {
      traceId,
      spanId,
      scorer: "helpful",
      source: "judge",
      day: "2026-11-20",
      scoredAtMs: startMs,
      score: { value: 0.75, reason: "it answers" },
      detail: { format: "langfuse", source: "EVAL" }
    },
    { spanId: null, scorer: "polite", source: "import", score: { value: 1, pass: true, label: "True" } },
    { scorer: "topic", score: { kind: "unscored", status: "skipped", label: "refund" } }
  ]);
});

test("a score of Langfuse by a person is an annotation, whatever its scale", () => {
  const human = (more: object) => langfuseScore({ source: "ANNOTATION", author_user_id: "ada", ...more });
  const { scores, annotations } = read(
    human({ value: 4, observation_id: spanId }),
    human({ id: "score-2", data_type: "CATEGORICAL", value: 0, string_value: "wrong", queue_id: "q1", comment: null }),
    { ...human({ data_type: "BOOLEAN", value: 0 }), trace_id: undefined, traceId: "a trace" }
  );
  expect(scores).toEqual([]);
  expect(annotations).toMatchObject([
    { key: "score-1", traceId, spanId, label: "helpful: 4", note: "it answers", rater: "ada", source: "langfuse" },
    { key: "score-2", spanId: null, label: "helpful: wrong", note: "queue_id: q1", atMs: startMs },
    { label: "helpful: false", traceId: expect.stringMatching(/^[0-9a-f]{32}$/) }
  ]);
});

test("a score that is of no trace is left out with a reason, and the next is read", () => {
  const { scores, rejected } = read(langfuseScore({ trace_id: null, session_id: "s1" }), langfuseScore({}));
  expect(rejected).toEqual(['the judgement "helpful" is of a whole session, not of a trace']);
  expect(scores).toHaveLength(1);
});

test("scores in the document of a Langfuse trace come with its observations", () => {
  const reader = new DocumentReader(context, "agent", null);
  const observation = { id: spanId, traceId, type: "SPAN", name: "step", startTime: "2026-11-20T09:00:00Z" };
  const score = { id: "s", traceId, name: "helpful", value: 1, dataType: "NUMERIC", source: "API" };
  const text = JSON.stringify({ id: traceId, sessionId: "s1", observations: [observation], scores: [score] });
  const all = [...reader.push(text), ...reader.end()];
  expect(all.flatMap(({ rejected }) => rejected)).toEqual([]);
  expect(all.flatMap(({ spans }) => spans).map(({ sessionId }) => sessionId)).toEqual(["s1"]);
  expect(all.flatMap(({ scores }) => scores)).toMatchObject([{ scorer: "helpful", traceId, score: { value: 1 } }]);
});

test("traces and observations of Langfuse's files come together, in snake_case and with their session", () => {
  const { format, spans, losses, rejected } = read(
    {
      ...{ id: traceId, timestamp: start, name: "ask", environment: "default", project_id: "p1", metadata: {} },
      ...{ user_id: "u1", session_id: "s1", release: "r7", version: null, public: false, bookmarked: false },
      ...{ tags: ["a"], input: '{"q":"hello"}', output: '"bye"' }
    },
    {
      ...{ id: spanId, trace_id: traceId, project_id: "p1", environment: "default", type: "GENERATION" },
      ...{ parent_observation_id: null, start_time: start, end_time: "2026-11-20 09:00:01.250000", name: "answer" },
      ...{ metadata: {}, level: "DEFAULT", status_message: null, version: null, output: '"bye"' },
      ...{ input: '[{"role":"user","content":"hello"}]', provided_model_name: "large", prompt_name: "p" },
      ...{ usage_details: { input: 5, input_cached_tokens: 2, output: 3, total: 10 }, cost_details: { total: 0.5 } },
      ...{ model_parameters: '{"temperature":0}', latency: 1, time_to_first_token: 0.5 }
    }
  );
  expect([format, rejected]).toEqual(["langfuse", []]);
  expect(spans).toMatchObject([
    { traceId, name: "ask", kind: "chain", sessionId: "s1", userId: "u1", outputText: "bye", environment: "default" },
    {
      ...{ traceId, spanId, kind: "llm", model: "large", inputTokens: 7, outputTokens: 3, cacheReadTokens: 2 },
      ...{ costUsd: 0.5, ttftSeconds: 0.5, sessionId: "s1", sourceProject: "p1", promptName: "p" }
    }
  ]);
  expect(losses).toEqual(expect.arrayContaining(["attribute release", "attribute tags", "attribute model_parameters"]));
});

const feedback = (more: object) => ({
  id: "11111111-1111-4111-8111-111111111111",
  created_at: "2026-11-20T09:00:00.250000",
  run_id: "1b64098b-4ab7-43f6-afee-992304f198d8",
  trace_id: "0af76519-16cd-43dd-8448-eb211c80319c",
  key: "correct",
  score: 1,
  value: null,
  comment: "checked",
  correction: null,
  feedback_source: { type: "api", metadata: {} },
  ...more
});

test("feedback of LangSmith is an annotation where a person gave it, and a score where a program did", () => {
  const { format, scores, annotations } = read(
    feedback({ feedback_source: { type: "app", user_id: "u9" }, score: 0, correction: { answer: "8" } }),
    feedback({ run_id: "0af76519-16cd-43dd-8448-eb211c80319c", feedback_source: { type: "user" }, value: "bad" }),
    feedback({ feedback_source: { type: "model" }, score: true }),
    feedback({ "feedback_source.type": "app", feedback_source: undefined, score: null, value: "good" }),
    feedback({})
  );
  expect(format).toBe("langsmith");
  expect(annotations).toMatchObject([
    {
      ...{ traceId, label: "correct: 0", rater: "u9", atMs: startMs },
      ...{ note: 'checked\n\ncorrection: {"answer":"8"}', spanId: expect.stringMatching(/^[0-9a-f]{16}$/) }
    },
    { traceId, spanId: null, label: "correct: bad" },
    { label: "correct: good" }
  ]);
  expect(scores).toMatchObject([
    { source: "judge", score: { value: 1, pass: true }, detail: { format: "langsmith", source: "model" } },
    { source: "import", score: { value: 1, pass: null }, detail: { source: "api" } }
  ]);
});

test("a table of texts says the same as an export with numbers and objects", () => {
  const { scores, annotations } = read(
    feedback({ score: "0.5", feedback_source: '{"type":"auto_eval"}', correction: "" }),
    feedback({ score: "1", feedback_source: '{"type":"app","user_id":"u9"}', comment: "" }),
    langfuseScore({ value: "0.25" }),
    langfuseScore({ value: "1", data_type: "BOOLEAN" })
  );
  expect(scores.map(({ source, score }) => [source, score])).toMatchObject([
    ["judge", { value: 0.5 }],
    ["judge", { value: 0.25 }],
    ["judge", { value: 1, pass: true }]
  ]);
  expect(annotations).toMatchObject([{ label: "correct: 1", rater: "u9", note: "" }]);
});

test("an annotation of Phoenix names a span alone, and waits for the span to say its trace", () => {
  const annotation = { id: "x1", span_id: spanId, name: "tone", annotator_kind: "HUMAN", identifier: "ada" };
  const { format, annotations, judgements } = read(
    { ...annotation, result: { label: "rude", score: 0, explanation: "it shouts" }, metadata: {} },
    { ...annotation, annotator_kind: "LLM", "result.score": 0.5, metadata: { model: "large" } },
    { ...annotation, trace_id: traceId, span_id: undefined, result: { label: "kind" } }
  );
  expect(format).toBe("phoenix");
  expect(judgements).toMatchObject([
    {
      ...{ run: spanId, step: null, source: "phoenix", key: "x1" },
      said: { kind: "annotation", label: "tone: rude", note: "it shouts", rater: "ada" }
    },
    { said: { kind: "score", score: { name: "tone", value: 0.5, source: "judge", detail: { source: "LLM" } } } }
  ]);
  expect(annotations).toMatchObject([{ traceId, spanId: null, label: "tone: kind" }]);
});

test("what OpenInference writes onto a span of what was said of it leaves the span's attributes", () => {
  const attributes = {
    "annotations.0.annotation.name": "tone",
    "annotations.0.annotation.label": "rude",
    "annotations.0.annotation.annotator_kind": "HUMAN",
    "annotations.1.annotation.name": "length",
    "annotations.1.annotation.score": 0.25,
    "annotations.1.annotation.annotator_kind": "CODE",
    "trace.annotations.0.annotation.name": "solved",
    "trace.annotations.0.annotation.annotator_kind": "HUMAN",
    "evaluations.0.evaluation.score": 1,
    "input.value": "hello"
  };
  const { spans, scores, annotations } = read({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId, name: "x", startTimeUnixNano: "1", attributes }] }] }]
  });
  expect(annotations).toMatchObject([
    { spanId, label: "tone: rude", key: "tone/0", source: "otlp" },
    { spanId: null, label: "solved" }
  ]);
  expect(scores).toMatchObject([{ spanId, scorer: "length", source: "import", score: { value: 0.25 } }]);
  // One that has no name cannot be read, and stays.
  expect(spans[0]!.attributes).toEqual({ "evaluations.0.evaluation.score": 1 });
});

test("a row of Phoenix's span tables says the same with columns of dots, lists and texts of JSON", () => {
  const { format, spans, annotations, rejected } = read({
    name: "ask",
    span_kind: "LLM",
    parent_id: null,
    start_time: "2026-11-20T09:00:00.250Z",
    end_time: "2026-11-20T09:00:01.250Z",
    status_code: "OK",
    status_message: "",
    events: [],
    "context.trace_id": traceId,
    "context.span_id": spanId,
    "attributes.llm.model_name": "large",
    "attributes.llm.token_count.prompt": 7,
    "attributes.llm.input_messages": [{ "message.role": "user", "message.content": "hello" }],
    "attributes.llm.output_messages": [{ message: { role: "assistant", content: "bye" } }],
    "attributes.annotations": [{ annotation: { name: "tone", label: "kind", annotator_kind: "HUMAN" } }],
    "attributes.metadata": '{"team":"blue"}'
  });
  expect([format, rejected]).toEqual(["phoenix", []]);
  expect(spans).toMatchObject([
    {
      ...{
        traceId,
        spanId,
        kind: "llm",
        model: "large",
        inputTokens: 7,
        status: "ok",
        startNs: BigInt(startMs) * 1_000_000n
      },
      ...{ inputText: "hello", outputText: "bye" }
    }
  ]);
  expect(annotations).toMatchObject([{ spanId, label: "tone: kind" }]);
});
