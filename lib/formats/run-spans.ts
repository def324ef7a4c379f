import { createHash } from "node:crypto";
import type { Json, Message, MessagePart, Span } from "../model/span.ts";

/** A hex id that stands for a text: the same text, the same id. */
export function deriveId(text: string, digits: 16 | 32): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

/** Everything unknown: the ground that importers write what they know upon. */
export const unknownSpan = {
  sourceSpanId: null,
  parentSpanId: null,
  status: "unset",
  statusMessage: null,
  errorType: null,
  environment: null,
  serviceName: null,
  agent: null,
  agentId: null,
  agentVersion: null,
  sessionId: null,
  userId: null,
  provider: null,
  model: null,
  modelRequested: null,
  input: null,
  output: null,
  inputText: null,
  outputText: null,
  systemInstructions: null,
  toolDefinitions: null,
  toolName: null,
  toolCallId: null,
  toolArgs: null,
  toolResult: null,
  retrievalQuery: null,
  retrievedDocs: null,
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costUsd: null,
  costSource: null,
  ttftSeconds: null,
  responseId: null,
  finishReasons: null,
  promptName: null,
  promptVersion: null,
  attributes: {},
  resource: {},
  scopeName: null,
  scopeVersion: null,
  events: null,
  links: null,
  schemaUrl: null,
  sourceProject: null
} as const satisfies Partial<Span>;

/** A call of a tool, as a chat message carries it. */
export interface ChatCall {
  readonly id: string | null;
  readonly name: string;
  readonly args: Json;
  /** Who called: `assistant`, or `user` where a simulated user has tools too. */
  readonly requestor: string;
}

/** One message of a recorded run, in whatever format it came. */
export interface ChatTurn {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string | null;
  /** What was said where it is more than one text: thoughts, images. */
  readonly parts?: readonly MessagePart[];
  readonly calls: readonly ChatCall[];
  /** For results: the call that is answered. */
  readonly answersCall: string | null;
  readonly isError: boolean;
  /** When it was said, in nanoseconds; null where the source does not say. */
  readonly atNs: bigint | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly finishReason: string | null;
}

/** A recorded run of an agent. */
export interface ChatRun {
  /** What makes the run itself and no other: its ids derive from it. */
  readonly identity: string;
  readonly source: string;
  readonly businessUnit: string;
  readonly agent: string;
  readonly model: string | null;
  readonly sessionId: string | null;
  readonly environment: string | null;
  readonly startNs: bigint | null;
  readonly endNs: bigint | null;
  readonly systemText: string | null;
  readonly toolDefinitions: Json;
  readonly isFailed: boolean;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly turns: readonly ChatTurn[];
  /** Numbers by which others point at the turns, one each: spans then say in `tau.steps` which of them they hold. */
  readonly steps?: readonly number[];
}

/** Where runs without times begin: a fixed instant, so that the same file gives the same spans. */
export const synthesisedStartNs = 1_704_067_200_000_000_000n;
const stepNs = 1_000_000_000n;

/**
 * A recorded run as a trace: a root agent span, one `llm` span per assistant message, one `tool` span
 * per tool call with its result. A model span's input holds the messages since the assistant spoke last.
 * Times the source does not give are made up in order, a second apart, and marked `synthesised`.
 */
export function buildRunSpans(run: ChatRun): Span[] {
  const traceId = deriveId(run.identity, 32);
  const times = placeTurns(run);
  const known = times.reported ? "reported" : "synthesised";
  const rootId = deriveId(`${run.identity}/root`, 16);
  const shared = {
    ...unknownSpan,
    traceId,
    businessUnit: run.businessUnit,
    agent: run.agent,
    sessionId: run.sessionId,
    environment: run.environment,
    source: run.source,
    timeSource: known
  } as const;
  const spans: Span[] = [];
  const open = new Map<string, { call: ChatCall; index: number; span: number }>();
  const held = new Map<string, number[]>();
  const hold = (spanId: string, steps: readonly number[]) => held.set(spanId, [...(held.get(spanId) ?? []), ...steps]);
  const heard: number[] = [];
  let pending: Message[] = [];
  let lastAnswer: string | null = null;
  for (const [index, turn] of run.turns.entries()) {
    const at = times.at[index]!;
    const before = index === 0 ? times.startNs : times.at[index - 1]!;
    const message = formatMessage(turn);
    const step = run.steps?.[index] ?? index;
    if (turn.role === "assistant") {
      const spanId = deriveId(`${run.identity}/${index}`, 16);
      hold(spanId, [...heard.splice(0), step]);
      spans.push({
        ...shared,
        spanId,
        parentSpanId: rootId,
        name: `chat ${turn.model ?? run.model ?? "model"}`,
        kind: "llm",
        startNs: before < at ? before : at,
        endNs: at,
        status: turn.isError ? "error" : "ok",
        model: turn.model ?? run.model,
        input: pending as unknown as Json,
        output: [message] as unknown as Json,
        inputText: textOf(pending),
        outputText: turn.text,
        inputTokens: turn.inputTokens,
        outputTokens: turn.outputTokens,
        costUsd: turn.costUsd,
        costSource: turn.costUsd === null ? null : "reported",
        responseId: turn.responseId,
        finishReasons: turn.finishReason === null ? null : [turn.finishReason]
      });
      pending = [];
      if (turn.text !== null && turn.text !== "") lastAnswer = turn.text;
    } else if (turn.role === "system") hold(rootId, [step]);
    else pending.push(message);
    if (turn.role === "user") heard.push(step);
    for (const [order, call] of turn.calls.entries()) {
      const key = call.id ?? `${index}/${order}`;
      open.set(key, { call, index, span: spans.length });
      spans.push({
        ...shared,
        spanId: deriveId(`${run.identity}/${index}/${order}/${call.id ?? ""}`, 16),
        parentSpanId: rootId,
        name: `execute_tool ${call.name}`,
        kind: "tool",
        startNs: at,
        endNs: at,
        status: "unset",
        toolName: call.name,
        toolCallId: call.id,
        toolArgs: call.args,
        input: call.args,
        inputText: JSON.stringify(call.args),
        attributes: { "tracebook.tool.requestor": call.requestor }
      });
    }
    if (turn.role === "tool") {
      const key = turn.answersCall ?? [...open.keys()][0];
      const found = key === undefined ? undefined : open.get(key);
      if (!found) {
        heard.push(step);
        continue;
      }
      open.delete(key!);
      hold(spans[found.span]!.spanId, [step]);
      const result = parseLoosely(turn.text);
      spans[found.span] = {
        ...spans[found.span]!,
        endNs: at > spans[found.span]!.startNs ? at : spans[found.span]!.startNs,
        status: turn.isError ? "error" : "ok",
        statusMessage: turn.isError ? (turn.text ?? "").slice(0, 500) : null,
        toolResult: result,
        output: result,
        outputText: turn.text
      };
    }
  }
  hold(rootId, heard);
  const conversation = run.turns.filter(({ role }) => role !== "system").map(formatMessage);
  const first = conversation.find(({ role }) => role === "user");
  const endNs = run.endNs !== null && times.reported && run.endNs > times.endNs ? run.endNs : times.endNs;
  spans.unshift({
    ...shared,
    spanId: rootId,
    name: `invoke_agent ${run.agent}`,
    kind: "agent",
    startNs: times.startNs,
    endNs: endNs > times.startNs ? endNs : times.startNs,
    status: run.isFailed ? "error" : "ok",
    input: (first ? [first] : []) as unknown as Json,
    output: (lastAnswer === null
      ? []
      : [{ role: "assistant", parts: [{ type: "text", content: lastAnswer }] }]) as Json,
    inputText: first ? textOf([first]) : null,
    outputText: lastAnswer,
    systemInstructions: run.systemText === null ? null : [{ type: "text", content: run.systemText }],
    toolDefinitions: run.toolDefinitions,
    attributes: run.attributes
  });
  if (!run.steps) return spans;
  return spans.map((span) => ({
    ...span,
    attributes: { ...span.attributes, "tau.steps": held.get(span.spanId) ?? [] }
  }));
}

/** When each turn was said; made up in order where the source leaves any of them out. */
function placeTurns(run: ChatRun) {
  const given = run.turns.map(({ atNs }) => atNs);
  if (given.length > 0 && given.every((at) => at !== null)) {
    let last = run.startNs ?? given[0]!;
    const startNs = last < given[0]! ? last : given[0]!;
    const at = given.map((ns) => {
      last = ns > last ? ns : last;
      return last;
    });
    return { reported: true, startNs, endNs: at.at(-1)!, at };
  }
  const startNs = run.startNs ?? synthesisedStartNs;
  const at = given.map((_, index) => startNs + BigInt(index + 1) * stepNs);
  return { reported: false, startNs, endNs: at.at(-1) ?? startNs, at };
}

function formatMessage(turn: ChatTurn): Message {
  const parts: Json[] = [];
  if (turn.role === "tool")
    parts.push({ type: "tool_call_response", id: turn.answersCall, response: parseLoosely(turn.text) });
  else if (turn.parts) parts.push(...turn.parts);
  else if (turn.text !== null && turn.text !== "") parts.push({ type: "text", content: turn.text });
  for (const call of turn.calls) parts.push({ type: "tool_call", id: call.id, name: call.name, arguments: call.args });
  return { role: turn.role, parts: parts as unknown as Message["parts"] };
}

function textOf(messages: readonly Message[]): string | null {
  const texts = messages.flatMap(({ parts }) =>
    parts.flatMap(({ content }) => (typeof content === "string" ? [content] : []))
  );
  return texts.length === 0 ? null : texts.join("\n\n");
}

/** JSON where the text is JSON, the text itself where it is not. */
export function parseLoosely(text: string | null): Json {
  if (text === null) return null;
  if (!/^\s*[[{"\d\-tfn]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
