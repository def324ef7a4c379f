import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span } from "../model/span.ts";
import { buildSpan, type RawEvent } from "./build-span.ts";
import { parseChatMessage } from "./chat-message.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, parseInstantNs, textAt } from "./fields.ts";
import { fillAgents } from "./fill-agents.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildImportedScore } from "./imported-score.ts";
import { InspectEvents, type InspectStep } from "./inspect-events.ts";
import { asChatMessage, listOutput, resolveAttachments, sumUsage, usageAttributes } from "./inspect-messages.ts";
import { buildRunSpans, type ChatTurn, deriveId, synthesisedStartNs } from "./run-spans.ts";
import { rewriteRow, type SourceTable } from "./source-table.ts";

/** True for one sample of an evaluation log. */
export function isInspectSample(value: Fields): boolean {
  return "epoch" in value && "id" in value && (Array.isArray(value.messages) || Array.isArray(value.events));
}

const table: SourceTable = {
  prefix: "inspect",
  containers: [],
  attributes: {},
  read: [
    ...["input", "messages", "output", "scores", "score", "events", "attachments", "events_data", "error"],
    ...["model_usage", "started_at", "completed_at", "total_time", "uuid"]
  ],
  dropped: ["timelines", "role_usage"]
};

/** What holds for all spans of a sample. */
interface Sample {
  readonly identity: string;
  readonly agent: string;
  readonly model: string | null;
  readonly startNs: bigint | null;
  readonly endNs: bigint | null;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly error: string | null;
}

/**
 * One sample of an evaluation as a trace: its events as spans, or its messages where it has no events.
 *
 * @param head   the log's `eval`: task, model and run
 * @param agent  name of the agent where the head names no task
 */
export function parseInspectSample(value: Fields, head: unknown, agent: string, context: ImportContext): Imported {
  const evaluation = isFields(head) ? head : {};
  const { attachments: _, ...given } = value;
  const sample = resolveAttachments(given, fieldsAt(value, "attachments")) as Fields;
  const { attributes, losses } = rewriteRow(sample, table);
  const run = ["run_id", "task_id", "task_version", "solver"].flatMap((name) =>
    evaluation[name] === undefined || evaluation[name] === null
      ? []
      : [[`inspect.${name}`, asJson(evaluation[name])] as const]
  );
  const failure = fieldsAt(sample, "error");
  if (textAt(failure, "traceback")) run.push(["inspect.error.traceback", asJson(failure.traceback)]);
  const names = [evaluation.run_id, evaluation.task_id, sample.uuid, sample.id, sample.epoch];
  const known: Sample = {
    identity: `inspect/${JSON.stringify(names)}`,
    agent: textAt(evaluation, "task") || agent,
    model: textAt(evaluation, "model"),
    startNs: parseInstantNs(textAt(sample, "started_at")),
    endNs: parseInstantNs(textAt(sample, "completed_at")),
    attributes: { ...attributes, ...Object.fromEntries(run) },
    error: isFields(sample.error) ? (textAt(fieldsAt(sample, "error"), "message") ?? "failed") : null
  };
  const told = new InspectEvents(listAt(fieldsAt(sample, "events_data"), "messages")).read(listAt(sample, "events"));
  const hasSteps = told.steps.some(({ attributes: own }) => "gen_ai.operation.name" in own);
  const spans = hasSteps
    ? buildSteps(sample, known, evaluation, told.steps, told.events, context)
    : buildConversation(sample, known, context);
  const root = spans[0];
  if (!root) {
    const id = textAt(sample, "id") ?? "unknown";
    return { spans: [], scores: [], rejected: [`the sample ${id} holds neither messages nor events`], losses };
  }
  return { spans, scores: readScores(sample, root, context), rejected: [], losses: [...losses, ...told.losses] };
}

/** Spans from events, below one for the sample. */
function buildSteps(
  sample: Fields,
  known: Sample,
  evaluation: Fields,
  steps: readonly InspectStep[],
  events: readonly RawEvent[],
  context: ImportContext
): Span[] {
  const times = steps
    .flatMap(({ startNs, endNs }) => [startNs, endNs])
    .filter((at) => at !== null)
    .sort((a, b) => (a < b ? -1 : 1));
  const created = parseInstantNs(textAt(evaluation, "created"));
  const startNs = known.startNs ?? times[0] ?? created;
  const lastNs = known.endNs ?? times.at(-1) ?? startNs;
  const output = fieldsAt(sample, "output");
  const given = sample.input;
  const raw = {
    traceId: deriveId(known.identity, 32),
    sourceSpanId: null,
    links: [],
    resource: {},
    scopeName: null,
    scopeVersion: null,
    schemaUrl: null,
    source: "inspect",
    sourceProject: textAt(evaluation, "task_id")
  };
  const idOf = (key: string | null) => deriveId(`${known.identity}/${key ?? "root"}`, 16);
  const startOf = startNs ?? synthesisedStartNs;
  const root = buildSpan(
    {
      ...raw,
      spanId: idOf(null),
      parentSpanId: null,
      name: `invoke_agent ${known.agent}`,
      startNs: startOf,
      endNs: lastNs ?? startOf,
      status: known.error === null ? "ok" : "error",
      statusMessage: known.error,
      attributes: withoutNulls({
        ...known.attributes,
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": known.agent,
        "gen_ai.input.messages": Array.isArray(given) ? given.map(asChatMessage) : asJson(given),
        "gen_ai.output.messages": listOutput(output)
      }),
      events
    },
    context
  );
  const below = steps.map((step) =>
    buildSpan(
      {
        ...raw,
        spanId: idOf(step.key),
        parentSpanId: idOf(step.parent),
        name: step.name,
        startNs: step.startNs ?? startOf,
        endNs: step.endNs ?? step.startNs ?? startOf,
        status: step.error === null ? "ok" : "error",
        statusMessage: step.error,
        attributes: withoutNulls(step.attributes),
        events: step.events
      },
      context
    )
  );
  const spans = fillAgents([root, ...below]);
  return startNs === null ? spans.map((span) => ({ ...span, timeSource: "synthesised" })) : spans;
}

/** Spans from messages, with the sample's tokens on the root, since messages have none. */
function buildConversation(sample: Fields, known: Sample, context: ImportContext): Span[] {
  const turns = listAt(sample, "messages")
    .map((message) => parseChatMessage(asChatMessage(message)))
    .filter((turn): turn is ChatTurn => turn !== null);
  if (turns.length === 0) return [];
  const spans = buildRunSpans({
    identity: known.identity,
    source: "inspect",
    businessUnit: context.businessUnit,
    agent: known.agent,
    model: known.model,
    sessionId: null,
    environment: context.environment,
    startNs: known.startNs,
    endNs: known.endNs,
    systemText: turns.find(({ role }) => role === "system")?.text ?? null,
    toolDefinitions: null,
    isFailed: known.error !== null,
    attributes: known.attributes,
    turns
  });
  const usage = usageAttributes(sumUsage(fieldsAt(sample, "model_usage")));
  const amount = (name: string) => numberAt(usage, `gen_ai.usage.${name}`);
  const cost = amount("cost");
  return spans.map((span, index) =>
    index > 0
      ? span
      : {
          ...span,
          statusMessage: known.error,
          inputTokens: amount("input_tokens"),
          outputTokens: amount("output_tokens"),
          cacheReadTokens: amount("cache_read.input_tokens"),
          cacheWriteTokens: amount("cache_write.input_tokens"),
          reasoningTokens: amount("reasoning.output_tokens"),
          costUsd: cost,
          costSource: cost === null ? null : "reported"
        }
  );
}

function withoutNulls(attributes: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

/** Letters by which scorers say right, in part, wrong and not answered, as Inspect itself counts them. */
const letters: Readonly<Record<string, boolean | number>> = { C: true, P: 0.5, I: false, N: 0 };

/** What the log's scorers said of the sample; one that gives several values gives as many scores. */
function readScores(sample: Fields, root: Span, context: ImportContext): ScoreRecord[] {
  const named = Object.entries(fieldsAt(sample, "scores"));
  const all = named.length === 0 && isFields(sample.score) ? [["score", sample.score] as const] : named;
  return all.flatMap(([scorer, score]) => {
    if (!isFields(score)) return [];
    const values: readonly (readonly [string, unknown])[] = isFields(score.value)
      ? Object.entries(score.value).map(([name, value]) => [`${scorer}/${name}`, value] as const)
      : [[scorer, score.value]];
    const more = ["answer", "metadata", "history"].flatMap((name) =>
      score[name] === null || score[name] === undefined ? [] : [[name, asJson(score[name])] as const]
    );
    return values.map(([name, value]) =>
      buildImportedScore(
        {
          name,
          value: typeof value === "string" && value in letters ? letters[value]! : asJson(value),
          label: typeof value === "string" ? value : null,
          reason: textAt(score, "explanation"),
          source: "import",
          detail: { format: "inspect", ...Object.fromEntries(more) }
        },
        root,
        true,
        context
      )
    );
  });
}
