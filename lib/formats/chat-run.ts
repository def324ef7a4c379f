import type { ScoreRecord } from "../model/score.ts";
import type { Json, Message, Span } from "../model/span.ts";
import { buildSpan } from "./blank-span.ts";
import { buildMessage, type ChatMessage, messagesText, messageText, toolResponse } from "./chat-message.ts";
import { spanIdOf } from "./identity.ts";
import type { ImportContext } from "./imported-trace.ts";
import type { JsonObject } from "./json-value.ts";

/** What one message cost, and when it was there. */
export interface MessageFacts {
  /** Nanoseconds since 1970 UTC; null where the source gave no time. */
  readonly atNs: bigint | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly costUsd: number | null;
  readonly finishReason: string | null;
  /** True when a tool message reports a failure. */
  readonly failed: boolean;
  /** Who asked for a tool call: `assistant`, or `user` where the simulated user has tools of its own. */
  readonly requestor: string;
}

/** One run of an agent as a list of messages, whatever format it came in. */
export interface ChatRun {
  readonly traceId: string;
  readonly source: string;
  readonly name: string;
  readonly agent: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly sessionId: string | null;
  readonly systemInstructions: readonly string[];
  readonly toolDefinitions: Json;
  /** The task in words, for runs in which no user speaks. */
  readonly task: string | null;
  /** Null when synthesised from `fallbackStartNs`. */
  readonly startNs: bigint | null;
  readonly endNs: bigint | null;
  readonly fallbackStartNs: bigint;
  readonly messages: readonly { readonly message: ChatMessage; readonly facts: MessageFacts }[];
  readonly attributes: JsonObject;
  /** The environment's verdict; null where it gave none. */
  readonly reward: { readonly value: number; readonly detail: Json } | null;
}

const stepNs = 1_000_000_000n;

/** Turns a run into a trace: a root agent span, one llm span per assistant message, one tool span per tool call. */
export function buildRunTrace(run: ChatRun, context: ImportContext): { spans: Span[]; scores: ScoreRecord[] } {
  const rootId = spanIdOf(run.traceId, "root");
  const common = {
    environment: context.environment,
    agent: run.agent,
    sessionId: run.sessionId
  };
  const instructions = run.systemInstructions.map((content) => ({ type: "text", content }));
  const spans: Span[] = [];
  const fresh: Message[] = [];
  const startNs =
    run.startNs ?? run.messages.find(({ facts }) => facts.atNs !== null)?.facts.atNs ?? run.fallbackStartNs;
  let clockNs = startNs;
  let lastLlmId: string | null = null;
  const answered = new Set<number>();

  for (const [index, { message, facts }] of run.messages.entries()) {
    const time = advance(clockNs, facts.atNs);
    if (message.role === "assistant") {
      const output = buildMessage(message);
      const input = fresh.splice(0);
      lastLlmId = spanIdOf(run.traceId, "llm", String(index));
      spans.push(
        buildSpan(
          {
            traceId: run.traceId,
            spanId: lastLlmId,
            parentSpanId: rootId,
            name: run.model === null ? "chat" : `chat ${run.model}`,
            kind: "llm",
            startNs: clockNs,
            endNs: time.atNs,
            businessUnit: context.businessUnit,
            source: run.source
          },
          {
            ...common,
            timeSource: time.source,
            status: "ok",
            provider: run.provider,
            model: run.model,
            modelRequested: run.model,
            input: input as unknown as Json,
            output: [output] as unknown as Json,
            inputText: messagesText(input),
            outputText: messagesText([output]),
            systemInstructions: spans.length === 0 && instructions.length > 0 ? instructions : null,
            inputTokens: facts.inputTokens,
            outputTokens: facts.outputTokens,
            cacheReadTokens: facts.cacheReadTokens,
            costUsd: facts.costUsd,
            costSource: facts.costUsd === null ? null : "reported",
            finishReasons: facts.finishReason === null ? null : [facts.finishReason],
            attributes: { "message.index": index, ...reasoningOf(message) }
          }
        )
      );
    } else if (message.role !== "tool" && message.toolCalls.length === 0) {
      fresh.push(buildMessage(message));
    } else if (message.role === "tool" && facts.requestor === "assistant") {
      fresh.push(buildMessage(message));
    }

    for (const [place, call] of message.toolCalls.entries()) {
      const answerIndex = findAnswer(run, index, place, call.id, answered);
      if (answerIndex !== undefined) answered.add(answerIndex);
      const answer = answerIndex === undefined ? undefined : run.messages[answerIndex];
      const end = answer ? advance(time.atNs, answer.facts.atNs) : { atNs: time.atNs, source: time.source };
      const result = answer ? toolResponse(answer.message) : null;
      const requestor = message.role === "user" ? "user" : facts.requestor;
      spans.push(
        buildSpan(
          {
            traceId: run.traceId,
            spanId: spanIdOf(run.traceId, "tool", String(index), String(place)),
            parentSpanId: message.role === "assistant" ? lastLlmId : rootId,
            name: `execute_tool ${call.name}`,
            kind: "tool",
            startNs: time.atNs,
            endNs: end.atNs,
            businessUnit: context.businessUnit,
            source: run.source
          },
          {
            ...common,
            timeSource: end.source,
            status: answer === undefined ? "unset" : answer.facts.failed ? "error" : "ok",
            statusMessage:
              answer === undefined
                ? "the run holds no result for this call"
                : answer.facts.failed
                  ? messageText(answer.message)
                  : null,
            errorType: answer?.facts.failed ? "tool_error" : null,
            input: call.args,
            output: result,
            inputText: typeof call.args === "string" ? call.args : JSON.stringify(call.args),
            outputText: answer ? messageText(answer.message) : null,
            toolName: call.name,
            toolCallId: call.id,
            toolArgs: call.args,
            toolResult: result,
            attributes: { "message.index": index, "tool.requestor": requestor }
          }
        )
      );
    }
    clockNs = time.atNs;
  }

  const users = run.messages.filter(({ message }) => message.role === "user" && messageText(message) !== null);
  const lastAnswer = run.messages.findLast(
    ({ message }) => message.role === "assistant" && messageText(message) !== null
  );
  const input = users[0] ? [buildMessage(users[0].message)] : taskMessage(run.task);
  const output = lastAnswer ? [buildMessage(lastAnswer.message)] : [];
  const endNs = run.endNs !== null && run.endNs > clockNs ? run.endNs : clockNs;
  const root = buildSpan(
    {
      traceId: run.traceId,
      spanId: rootId,
      parentSpanId: null,
      name: run.name,
      kind: "agent",
      startNs,
      endNs,
      businessUnit: context.businessUnit,
      source: run.source
    },
    {
      ...common,
      timeSource:
        run.startNs === null && run.messages.every(({ facts }) => facts.atNs === null) ? "synthesised" : "reported",
      status: "ok",
      input: input as unknown as Json,
      output: output as unknown as Json,
      inputText: messagesText(input),
      outputText: messagesText(output),
      systemInstructions: instructions.length > 0 ? instructions : null,
      toolDefinitions: run.toolDefinitions,
      attributes: run.attributes
    }
  );
  return { spans: [root, ...spans], scores: rewardScores(run, root) };
}

/** The next instant: the reported one where it does not go back, one second on where there is none. */
function advance(clockNs: bigint, atNs: bigint | null): { atNs: bigint; source: "reported" | "synthesised" } {
  if (atNs === null) return { atNs: clockNs + stepNs, source: "synthesised" };
  return { atNs: atNs > clockNs ? atNs : clockNs, source: "reported" };
}

function findAnswer(
  run: ChatRun,
  index: number,
  place: number,
  id: string | null,
  taken: ReadonlySet<number>
): number | undefined {
  for (let at = index + 1; at < run.messages.length; at++) {
    const { message } = run.messages[at]!;
    // Ids repeat in some sources, so an answer is looked for only until the same role speaks again.
    if (message.role === run.messages[index]!.message.role) break;
    if (message.role !== "tool" || taken.has(at)) continue;
    if (id === null || message.answersId === null ? at - index - 1 === place : message.answersId === id) return at;
  }
  return undefined;
}

function taskMessage(task: string | null): Message[] {
  return task === null ? [] : [{ role: "user", parts: [{ type: "text", content: task }] }];
}

function reasoningOf(message: ChatMessage): JsonObject {
  const reasoning = message.raw["reasoning"] ?? message.raw["reasoning_content"] ?? null;
  return reasoning === null ? {} : { "message.reasoning": reasoning };
}

function rewardScores(run: ChatRun, root: Span): ScoreRecord[] {
  if (run.reward === null) return [];
  const value = Math.min(1, Math.max(0, run.reward.value));
  return [
    {
      traceId: root.traceId,
      spanId: null,
      businessUnit: root.businessUnit,
      day: new Date(Number(root.startNs / 1_000_000n)).toISOString().slice(0, 10),
      scorer: "reward",
      scorerVersion: run.source,
      source: "environment",
      score: { kind: "scored", value, pass: run.reward.value >= 1, label: null, reason: null, evidence: [] },
      durationMs: null,
      costUsd: null,
      runId: null,
      samplingProbability: 1,
      scoredAtMs: Number(root.endNs / 1_000_000n),
      detail: run.reward.detail
    }
  ];
}
