import type { ScoreRecord } from "../model/score.ts";
import type { Json, Message, Span, SpanKind } from "../model/span.ts";
import type { Dice } from "./dice.ts";
import type { Script } from "./script.ts";

/** Where and when a conversation takes place. */
export interface Setting {
  readonly businessUnit: string;
  readonly startMs: number;
  readonly sessionId: string;
  readonly userId: string;
}

const models = [
  { name: "gpt-4.1", provider: "openai", inUsd: 2e-6, outUsd: 8e-6, msPerToken: 14 },
  { name: "gpt-4.1-mini", provider: "openai", inUsd: 4e-7, outUsd: 1.6e-6, msPerToken: 8 },
  { name: "claude-sonnet-4", provider: "anthropic", inUsd: 3e-6, outUsd: 1.5e-5, msPerToken: 16 }
] as const;

/** Gives a conversation its times, tokens, cost and ids. */
export function buildScriptTrace(
  dice: Dice,
  script: Script,
  setting: Setting
): { readonly spans: readonly Span[]; readonly scores: readonly ScoreRecord[] } {
  const traceId = dice.hex(32);
  const rootId = dice.hex(16);
  const model = models[dice.weighted([5, 3, 2])]!;
  const instructions: Json = [{ type: "text", content: script.system }];
  const common = {
    traceId,
    agent: script.agent,
    agentVersion: script.agentVersion,
    businessUnit: setting.businessUnit,
    sessionId: setting.sessionId,
    userId: setting.userId
  };
  const spans: Span[] = [];
  let atMs = setting.startMs;
  let contextCharacters = script.system.length + 300 * script.tools.length;
  let fresh: Message[] = [];

  const add = (name: string, kind: SpanKind, parentSpanId: string | null, ms: number, known: Partial<Span>): string => {
    const spanId = dice.hex(16);
    spans.push({
      ...blank,
      ...common,
      spanId,
      parentSpanId,
      name,
      kind,
      startNs: toNs(atMs),
      endNs: toNs(atMs + ms),
      ...known
    });
    atMs += ms;
    return spanId;
  };
  const think = (output: Message): string => {
    const text = textOf([output]);
    contextCharacters += fresh.reduce((sum, message) => sum + JSON.stringify(message.parts).length, 0);
    const inputTokens = Math.round(contextCharacters / 4.1);
    const outputTokens = Math.max(8, Math.round(JSON.stringify(output.parts).length / 4.3));
    contextCharacters += JSON.stringify(output.parts).length;
    const input = fresh;
    fresh = [];
    const waitMs = dice.duration(320);
    return add(`chat ${model.name}`, "llm", rootId, waitMs + outputTokens * model.msPerToken, {
      provider: model.provider,
      model: model.name,
      modelRequested: model.name,
      input: input as unknown as Json,
      output: [output] as unknown as Json,
      inputText: textOf(input),
      outputText: text,
      inputTokens,
      outputTokens,
      cacheReadTokens: Math.round(inputTokens * 0.4),
      costUsd: inputTokens * model.inUsd + outputTokens * model.outUsd,
      costSource: "computed",
      ttftSeconds: waitMs / 1000,
      responseId: `resp_${dice.hex(12)}`,
      finishReasons: [text === null ? "tool_calls" : "stop"]
    });
  };

  for (const turn of script.turns) {
    fresh.push({ role: "user", parts: [{ type: "text", content: turn.user }] });
    for (const step of turn.steps) {
      const id = `call_${dice.hex(10)}`;
      if (step.kind === "retrieve") {
        const retrievedDocs = step.passages.map((passage, rank) => ({
          ...passage,
          score: Math.round((0.93 - 0.09 * rank - 0.05 * dice.fraction()) * 1000) / 1000,
          metadata: { rank: rank + 1 }
        }));
        add("retrieval knowledge", "retriever", rootId, dice.duration(90), {
          retrievalQuery: step.query,
          retrievedDocs,
          inputText: step.query,
          input: step.query,
          outputText: step.passages.map(({ content }) => content).join("\n\n")
        });
        fresh.push({
          role: "system",
          parts: [
            {
              type: "text",
              content: `Retrieved:\n${step.passages.map((passage) => `[${passage.id}] ${passage.content}`).join("\n")}`
            }
          ]
        });
        continue;
      }
      const parent = think({
        role: "assistant",
        parts: [{ type: "tool_call", id, name: step.name, arguments: step.args }]
      });
      const result: Json = step.error === undefined ? step.result : { error: step.error };
      add(`execute_tool ${step.name}`, "tool", parent, dice.duration(step.medianMs), {
        toolName: step.name,
        toolCallId: id,
        toolArgs: step.args,
        toolResult: result,
        input: step.args,
        output: result,
        inputText: JSON.stringify(step.args),
        outputText: JSON.stringify(result),
        ...(step.error === undefined
          ? {}
          : { status: "error" as const, statusMessage: step.error, errorType: "tool_error" })
      });
      fresh.push({ role: "tool", parts: [{ type: "tool_call_response", id, response: result }] });
    }
    think({ role: "assistant", parts: [{ type: "text", content: turn.answer }] });
    atMs += dice.duration(script.turns.length > 1 ? 9000 : 200);
  }
  const endNs = spans.at(-1)!.endNs;
  const input: Message[] = [{ role: "user", parts: [{ type: "text", content: script.turns[0]!.user }] }];
  const output: Message[] = [{ role: "assistant", parts: [{ type: "text", content: script.turns.at(-1)!.answer }] }];
  const root: Span = {
    ...blank,
    ...common,
    spanId: rootId,
    parentSpanId: null,
    name: script.name,
    kind: "agent",
    startNs: toNs(setting.startMs),
    endNs,
    input: input as unknown as Json,
    output: output as unknown as Json,
    inputText: textOf(input),
    outputText: textOf(output),
    systemInstructions: instructions,
    toolDefinitions: script.tools as unknown as Json
  };
  return { spans: [root, ...spans], scores: thumbs(dice, root, script) };
}

/** Few people rate an answer; those who do are loosely led by how it went. */
function thumbs(dice: Dice, root: Span, script: Script): ScoreRecord[] {
  if (!dice.chance(0.12)) return [];
  const up = dice.chance(script.patterns.includes("refusal") ? 0.2 : 0.78);
  return [
    {
      traceId: root.traceId,
      spanId: null,
      businessUnit: root.businessUnit,
      day: new Date(Number(root.startNs / 1_000_000n)).toISOString().slice(0, 10),
      scorer: "user_thumb",
      scorerVersion: "1",
      source: "import",
      score: { kind: "scored", value: up ? 1 : 0, pass: up, label: up ? "up" : "down", reason: null, evidence: [] },
      durationMs: null,
      costUsd: null,
      runId: null,
      samplingProbability: 1,
      scoredAtMs: Number(root.endNs / 1_000_000n),
      detail: null
    }
  ];
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

function textOf(messages: readonly Message[]): string | null {
  const texts = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === "text" ? [String(part["content"])] : []))
  );
  return texts.length === 0 ? null : texts.join("\n\n");
}

const blank = {
  sourceSpanId: null,
  timeSource: "reported",
  status: "ok",
  statusMessage: null,
  errorType: null,
  environment: "production",
  serviceName: null,
  agentId: null,
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
  source: "sample",
  sourceProject: null
} as const;
