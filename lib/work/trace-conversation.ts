import { Conversation, type Fields, isFields, readMessages, type SaidMessage } from "#lib/model/conversation.ts";
import type { Json, RetrievedDocument, SpanKind, SpanStatus } from "#lib/model/span.ts";
import type { Turn } from "#lib/wire/traces.ts";

/** What the conversation needs of a span. */
export interface SpokenSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly durationMs: number;
  readonly input: Json;
  readonly output: Json;
  readonly inputText: string | null;
  readonly outputText: string | null;
  readonly systemInstructions: Json;
  readonly toolName: string | null;
  readonly toolCallId: string | null;
  readonly toolArgs: Json;
  readonly toolResult: Json;
  readonly retrievalQuery: string | null;
  readonly documents: readonly RetrievedDocument[] | null;
}

type ToolTurn = Extract<Turn, { kind: "tool" }>;

/**
 * The conversation that a trace's spans hold, in their order. A model span that was sent all that was
 * said before adds only what is new; one that was sent something else adds all of it. A call and the
 * span that carried it out are one turn.
 *
 * @param spans  in start order
 */
export function buildTurns(spans: readonly SpokenSpan[]): readonly Turn[] {
  const talk = new Talk();
  for (const span of spans) {
    if (span.kind === "llm") talk.addModel(span);
    else if (span.kind === "tool") talk.addTool(span);
    else if (span.kind === "retriever" || span.kind === "reranker") talk.addDocuments(span);
  }
  if (!talk.turns.some(({ kind }) => kind === "message")) {
    const whole = spans.find(({ parentSpanId }) => parentSpanId === null) ?? spans[0];
    if (whole) talk.addWhole(whole);
  }
  return talk.turns;
}

class Talk {
  readonly turns: Turn[] = [];
  readonly #conversation = new Conversation();
  /** Calls whose span has not come yet, by place in `turns`. */
  readonly #open: { readonly id: string | null; readonly at: number }[] = [];

  addModel(span: SpokenSpan): void {
    const system = partsText(span.systemInstructions);
    if (system !== "" && !this.turns.some((turn) => turn.kind === "message" && turn.role === "system")) {
      this.#message("system", system, span.spanId);
    }
    const { sent, answered } = this.#conversation.add(span);
    if (span.inputText && readMessages(span.input, span.spanId).length === 0)
      this.#message("user", span.inputText, span.spanId);
    for (const message of sent) this.#add(message, span);
    if (answered.length === 0 && span.outputText) this.#message("assistant", span.outputText, span.spanId);
    for (const message of answered) this.#add(message, span);
  }

  addTool(span: SpokenSpan): void {
    const open = this.#open.findIndex(({ id, at }) => {
      const turn = this.turns[at] as ToolTurn;
      return span.toolCallId !== null && id !== null ? id === span.toolCallId : turn.name === span.toolName;
    });
    const at = this.#open[open]?.at;
    const called = at === undefined ? undefined : (this.turns[at] as ToolTurn);
    const turn: ToolTurn = {
      kind: "tool",
      name: span.toolName ?? called?.name ?? "tool",
      args: span.toolArgs ?? called?.args ?? span.input,
      result: span.toolResult ?? span.output ?? called?.result ?? null,
      status: span.status,
      durationMs: span.durationMs,
      spanId: span.spanId
    };
    if (at === undefined) this.turns.push(turn);
    else {
      this.turns[at] = turn;
      this.#open.splice(open, 1);
    }
  }

  addDocuments(span: SpokenSpan): void {
    this.turns.push({
      kind: "documents",
      query: span.retrievalQuery ?? span.inputText,
      documents: span.documents ?? [],
      spanId: span.spanId
    });
  }

  /** A trace without model spans speaks through its root. */
  addWhole(span: SpokenSpan): void {
    const { sent, answered } = this.#conversation.add(span);
    const behind = this.turns.splice(0);
    for (const message of sent) this.#add(message, span);
    if (this.turns.length === 0 && span.inputText) this.#message("user", span.inputText, span.spanId);
    this.turns.push(...behind);
    const before = this.turns.length;
    for (const message of answered) this.#add(message, span);
    if (this.turns.length === before && span.outputText) this.#message("assistant", span.outputText, span.spanId);
  }

  #add({ role, parts }: SaidMessage, span: SpokenSpan): void {
    const texts: string[] = [];
    const calls: Fields[] = [];
    for (const part of parts) {
      if (part["type"] === "tool_call") calls.push(part);
      else if (part["type"] === "tool_call_response") this.#answer(part, span);
      else texts.push(partText(part));
    }
    const text = texts.filter((piece) => piece !== "").join("\n\n");
    if (text !== "") this.#message(role, text, span.spanId);
    for (const call of calls) {
      this.#open.push({ id: typeof call["id"] === "string" ? call["id"] : null, at: this.turns.length });
      const name = typeof call["name"] === "string" ? call["name"] : "tool";
      const args = call["arguments"] ?? null;
      this.turns.push({ kind: "tool", name, args, result: null, status: "unset", durationMs: 0, spanId: span.spanId });
    }
  }

  #answer(part: Fields, span: SpokenSpan): void {
    const result = part["response"] ?? part["result"] ?? null;
    const open = this.#open.findIndex(({ id }) => id !== null && id === part["id"]);
    const at = this.#open[open]?.at;
    if (at !== undefined) {
      this.turns[at] = { ...(this.turns[at] as ToolTurn), result };
      return;
    }
    const last = this.turns.findLast((turn): turn is ToolTurn => turn.kind === "tool");
    if (last && (last.result === null || JSON.stringify(last.result) === JSON.stringify(result))) {
      this.turns[this.turns.indexOf(last)] = { ...last, result };
      return;
    }
    // Its span came first and tells the same; only an answer nobody asked for is a turn of its own.
    if (this.turns.some((turn) => turn.kind === "tool" && JSON.stringify(turn.result) === JSON.stringify(result)))
      return;
    const { spanId } = span;
    this.turns.push({ kind: "tool", name: "tool", args: null, result, status: "unset", durationMs: 0, spanId });
  }

  #message(role: string, text: string, spanId: string): void {
    this.turns.push({ kind: "message", role, text, spanId });
  }
}

function partText(part: Fields): string {
  for (const name of ["content", "text"]) if (typeof part[name] === "string") return part[name];
  const type = typeof part["type"] === "string" ? part["type"] : "part";
  return type === "text" ? "" : `[${type}]`;
}

function partsText(value: Json): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return (value as readonly Json[])
    .map((part) => (isFields(part) ? partText(part) : typeof part === "string" ? part : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}
