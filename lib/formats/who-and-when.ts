import type { ImportedAnnotation } from "../model/annotation.ts";
import type { Json, Message, Span } from "../model/span.ts";
import { buildEnvironmentScore } from "./environment-score.ts";
import { contentText, type Fields, fieldsAt, isFields, listAt, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { deriveId, synthesisedStartNs, unknownSpan } from "./run-spans.ts";
import { rewriteRow, type SourceTable } from "./source-table.ts";

/** True for a run of several agents whose decisive mistake somebody has pointed at. */
export function isWhoAndWhenRun(value: Fields): boolean {
  return Array.isArray(value.history) && ("mistake_step" in value || "mistake_agent" in value);
}

const table: SourceTable = {
  prefix: "who-and-when",
  containers: [],
  attributes: {},
  read: ["history", "question", "is_correct", "mistake_agent", "mistake_step", "mistake_reason", "system_prompt"],
  dropped: []
};

/** What runs the code that agents write; its messages say how that ended. */
const terminal = "Computer_terminal";
const stepNs = 1_000_000_000n;

/** A message of the history. */
interface Step {
  /** 0-based, as `mistake_step` counts. */
  readonly index: number;
  readonly speaker: string;
  /** As the history has it, which in runs by hand adds to whom or in what part somebody speaks: `Planner (thought)`. */
  readonly role: string;
  readonly text: string;
}

const addition = /\s*\(.*\)$/;

/** Who asks, in runs that hold the question too. */
const people = new Set(["human", "user"]);

/**
 * One run: a root span, and below it a span per message with the agent that said it. Times are made up in order, a
 * second apart, and marked so. The mistake becomes an annotation of the span of its step.
 *
 * @param agent  name of the agents together, which the format does not give
 */
export function parseWhoAndWhenRun(run: Fields, agent: string, context: ImportContext): Imported {
  const steps = listAt(run, "history").flatMap((message, index): Step[] => {
    const text = isFields(message) ? contentText(message.content) : null;
    if (!isFields(message) || text === null) return [];
    const role = textAt(message, "name") || textAt(message, "role") || "unknown";
    return [{ index, role, speaker: role.replace(addition, "") || role, text }];
  });
  const question = textAt(run, "question");
  if (steps.length === 0)
    return { spans: [], scores: [], rejected: [`the run "${(question ?? "").slice(0, 80)}" has an empty history`] };
  const identity = `who-and-when/${context.businessUnit}/${JSON.stringify([run.question_ID, question, run.history])}`;
  const { attributes, losses } = rewriteRow(run, table);
  const shared = {
    ...unknownSpan,
    traceId: deriveId(identity, 32),
    businessUnit: context.businessUnit,
    environment: context.environment,
    source: "who-and-when",
    timeSource: "synthesised"
  } as const;
  const rootId = deriveId(`${identity}/root`, 16);
  const answer = steps.findLast(({ text }) => text.trim() !== "TERMINATE")?.text ?? null;
  const root: Span = {
    ...shared,
    spanId: rootId,
    name: `invoke_agent ${agent}`,
    kind: "agent",
    agent,
    startNs: synthesisedStartNs,
    endNs: synthesisedStartNs + BigInt(listAt(run, "history").length) * stepNs,
    status: "ok",
    input: question === null ? null : asMessages("user", null, question),
    inputText: question,
    output: answer === null ? null : asMessages("assistant", null, answer),
    outputText: answer,
    attributes
  };
  const prompts = fieldsAt(run, "system_prompt");
  const spans = steps.map((step, place): Span => {
    const before = steps[place - 1];
    const prompt = textAt(prompts, step.speaker);
    const heard = before?.text ?? question;
    const isTerminal = step.speaker === terminal;
    const isPerson = people.has(step.role.toLowerCase());
    const isFailed = isTerminal && /^exitcode: [1-9]/.test(step.text);
    return {
      ...shared,
      spanId: deriveId(`${identity}/${step.index}`, 16),
      parentSpanId: rootId,
      name: step.role,
      kind: isTerminal ? "tool" : isPerson ? "other" : "llm",
      agent: isPerson ? null : step.speaker,
      startNs: synthesisedStartNs + BigInt(step.index) * stepNs,
      endNs: synthesisedStartNs + BigInt(step.index + 1) * stepNs,
      status: isFailed ? "error" : "ok",
      statusMessage: isFailed ? step.text.slice(0, 500) : null,
      systemInstructions: prompt === null ? null : [{ type: "text", content: prompt }],
      input: heard === null ? null : asMessages("user", before?.speaker ?? null, heard),
      inputText: heard,
      output: isTerminal ? step.text : asMessages(isPerson ? "user" : "assistant", step.speaker, step.text),
      outputText: step.text,
      ...(isTerminal ? { toolName: terminal, toolResult: step.text } : {}),
      attributes: { "who-and-when.step": step.index }
    };
  });
  const annotation = readMistake(run, steps, spans, root, context);
  const isPlaced = annotation === null || annotation.spanId !== null;
  return {
    spans: [root, ...spans],
    scores: buildEnvironmentScore(
      typeof run.is_correct === "boolean" ? Number(run.is_correct) : null,
      "is_correct",
      [root],
      context,
      null
    ),
    rejected: [],
    losses: isPlaced ? losses : [...losses, { field: "mistake_step", fate: "dropped", count: 1 }],
    annotations: annotation === null ? [] : [annotation]
  };
}

/** The mistake on the span of its step; on the whole trace where no such step is in the history. */
function readMistake(
  run: Fields,
  steps: readonly Step[],
  spans: readonly Span[],
  root: Span,
  context: ImportContext
): ImportedAnnotation | null {
  const at = textAt(run, "mistake_step");
  const agent = textAt(run, "mistake_agent");
  const place = at === null || !/^\d+$/.test(at.trim()) ? -1 : steps.findIndex(({ index }) => index === Number(at));
  if (at === null && agent === null) return null;
  // Some labels blame another agent than the one who speaks in the step that they name.
  const isOther = agent !== null && agent !== steps[place]?.speaker;
  const notes = [textAt(run, "mistake_reason"), isOther ? `Mistaken agent: ${agent}` : null];
  return {
    traceId: root.traceId,
    spanId: spans[place]?.spanId ?? null,
    businessUnit: context.businessUnit,
    label: "mistake",
    note: notes.filter((note) => note !== null && note !== "").join("\n\n"),
    rater: null,
    source: "who-and-when",
    key: "mistake",
    atMs: context.nowMs
  };
}

function asMessages(role: string, name: string | null, text: string): Json {
  const message: Message = { role, parts: [{ type: "text", content: text }], ...(name === null ? {} : { name }) };
  return [message] as unknown as Json;
}
