import type { Json } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, parseInstantNs, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { readFeedbackStats } from "./langsmith-feedback.ts";
import { withSpending } from "./langsmith-usage.ts";
import { listFinishReasons } from "./messages.ts";
import { rewriteRow, type SourceTable } from "./source-table.ts";

/** True for one run of LangSmith, of the API or of a bulk export. */
export function isLangSmithRun(value: Fields): boolean {
  return typeof value.run_type === "string" && value.id !== undefined && value.start_time !== undefined;
}

const kinds: Readonly<Record<string, string>> = {
  llm: "LLM",
  chain: "CHAIN",
  tool: "TOOL",
  retriever: "RETRIEVER",
  embedding: "EMBEDDING",
  prompt: "PROMPT",
  parser: "CHAIN"
};

const table: SourceTable = {
  prefix: "langsmith",
  containers: [
    ...["extra", "extra.metadata", "extra.invocation_params"],
    ...["prompt_token_details", "completion_token_details"]
  ],
  attributes: {
    inputs: "input.value",
    outputs: "output.value",
    prompt_tokens: "gen_ai.usage.input_tokens",
    completion_tokens: "gen_ai.usage.output_tokens",
    total_cost: "gen_ai.usage.cost",
    "prompt_token_details.cache_read": "gen_ai.usage.cache_read.input_tokens",
    "prompt_token_details.cache_creation": "gen_ai.usage.cache_write.input_tokens",
    "completion_token_details.reasoning": "gen_ai.usage.reasoning.output_tokens",
    "extra.metadata.session_id": "gen_ai.conversation.id",
    "extra.metadata.thread_id": "gen_ai.conversation.id",
    "extra.metadata.conversation_id": "gen_ai.conversation.id",
    "extra.metadata.user_id": "user.id",
    "extra.metadata.agent": "gen_ai.agent.name",
    "extra.metadata.ls_provider": "gen_ai.provider.name",
    "extra.metadata.ls_model_name": "gen_ai.response.model",
    "extra.invocation_params.model": "gen_ai.request.model",
    "extra.invocation_params.model_name": "gen_ai.request.model",
    "extra.invocation_params.tools": "gen_ai.tool.definitions"
  },
  read: [
    ...["id", "trace_id", "parent_run_id", "name", "run_type", "start_time", "end_time", "status"],
    ...["error", "events", "session_id", "session_name", "first_token_time", "feedback_stats"]
  ],
  dropped: [
    ...["total_tokens", "child_run_ids", "direct_child_run_ids", "parent_run_ids", "latency", "execution_order"],
    ...["inputs_s3_urls", "outputs_s3_urls", "s3_urls", "inputs_preview", "outputs_preview", "serialized"],
    ...["prompt_cost", "completion_cost", "manifest_id", "manifest_s3_id", "app_path", "share_token", "in_dataset"],
    ...["last_queued_at", "trace_tier", "ttl_seconds", "price_model_id"]
  ]
};

/** One run as a span, and the runs that stand within it as spans below. */
export function parseLangSmithRun(run: Fields, context: ImportContext): Imported {
  const found: Imported[] = [];
  const open: Fields[] = [run];
  for (let next = open.pop(); next; next = open.pop()) {
    const { child_runs: children, ...own } = next;
    found.push(parseOne(own, context));
    const above = { trace_id: own.trace_id ?? orderedIds(own)[0] ?? own.id, parent_run_id: own.id };
    for (const child of Array.isArray(children) ? children.toReversed() : []) {
      if (isFields(child) && isLangSmithRun(child)) open.push({ ...above, ...withoutNulls(child) });
      else found.push(reject(`a run within the run ${String(own.id)} has no id, run_type or start_time`));
    }
  }
  return {
    spans: found.flatMap(({ spans }) => spans),
    scores: found.flatMap(({ scores }) => scores),
    rejected: found.flatMap(({ rejected }) => rejected),
    losses: found.flatMap(({ losses = [] }) => losses)
  };
}

const reject = (reason: string): Imported => ({ spans: [], scores: [], rejected: [reason] });

const withoutNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

function parseOne(run: Fields, context: ImportContext): Imported {
  const id = String(run.id);
  const name = textAt(run, "name") ?? "";
  const startNs = readInstant(run.start_time);
  if (startNs === null) return reject(`the run "${name}" (${id}) has a start_time that is no time`);
  const type = textAt(run, "run_type") ?? "";
  // A bulk export holds as a text of JSON what the API gives as an object.
  const sides = ["inputs", "outputs"].flatMap((side) =>
    run[side] === undefined ? [] : [[side, decodeJson(asJson(run[side]))] as const]
  );
  const row = withSpending({ ...run, ...Object.fromEntries(sides) }, type);
  const { attributes, losses } = rewriteRow(row, table);
  const first = textAt(run, "first_token_time");
  const outputs = fieldsAt(row, "outputs");
  const { documents } = outputs;
  const answer = fieldsAt(outputs, "output");
  const reasons = type === "llm" ? listFinishReasons(asJson(row.outputs)) : [];
  const more: Record<string, Json> = {
    ...(kinds[type] === undefined ? { "langsmith.run_type": type } : { "openinference.span.kind": kinds[type] }),
    ...(type === "tool" ? { "gen_ai.tool.name": name, "gen_ai.tool.call.id": textAt(answer, "tool_call_id") } : {}),
    ...(reasons.length === 0 ? {} : { "gen_ai.response.finish_reasons": reasons }),
    ...(first === null ? {} : { "langfuse.observation.completion_start_time": first }),
    ...(Array.isArray(documents) ? { "gen_ai.retrieval.documents": asJson(documents) } : {})
  };
  const parent = textAt(run, "parent_run_id") ?? orderedIds(run).at(-2) ?? null;
  const error = textAt(run, "error");
  const status = textAt(run, "status");
  if (status !== null && status !== "success" && status !== "error") more["langsmith.status"] = status;
  const span = buildSpan(
    {
      traceId: readTraceId(textAt(run, "trace_id") ?? orderedIds(run)[0] ?? id),
      spanId: readSpanId(id),
      sourceSpanId: id,
      parentSpanId: parent === null ? null : readSpanId(parent),
      name,
      startNs,
      endNs: readInstant(run.end_time) ?? startNs,
      status: error !== null || status === "error" ? "error" : status === "success" ? "ok" : null,
      statusMessage: error,
      attributes: { ...attributes, ...more },
      events: listAt(run, "events")
        .filter(isFields)
        .map(({ name: event, time, ...fields }) => ({
          name: typeof event === "string" ? event : null,
          time: readInstant(time)?.toString() ?? null,
          attributes: fields as Record<string, Json>
        })),
      links: [],
      resource: {},
      scopeName: null,
      scopeVersion: null,
      schemaUrl: null,
      source: "langsmith",
      sourceProject: textAt(run, "session_name") ?? textAt(run, "session_id")
    },
    context
  );
  const isRoot = parent === null;
  return { spans: [span], scores: readFeedbackStats(run.feedback_stats, span, isRoot, context), rejected: [], losses };
}

/** Ids from the root down to the run: `<time>Z<uuid>.<time>Z<uuid>`. */
function orderedIds(run: Fields): readonly string[] {
  return (textAt(run, "dotted_order") ?? "").split(".").flatMap((step) => (step.length > 36 ? [step.slice(-36)] : []));
}

/** A time without a zone is UTC; a number counts milliseconds. Null beyond 2255. */
function readInstant(value: unknown): bigint | null {
  if (typeof value === "number") return value >= 0 && value < 9e12 ? BigInt(Math.round(value * 1e6)) : null;
  return parseInstantNs(typeof value === "string" ? value : null);
}
