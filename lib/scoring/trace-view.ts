import { Conversation, type Fields, isFields } from "../model/conversation.ts";
import { countedSpans, sumKnown } from "../model/counted-spans.ts";
import type { Json, RetrievedDocument } from "../model/span.ts";
import type { SpanDocument, TraceDocument } from "../model/trace-document.ts";
import { readJson } from "./json-value.ts";

/** A message with its readable text. */
export interface ViewedMessage {
  readonly role: string;
  readonly text: string;
  readonly parts: readonly { readonly type: string; readonly [key: string]: Json }[];
  readonly spanId: string;
}

/** A tool call with its result and the schema its arguments should fit. */
export interface ViewedCall {
  readonly name: string;
  readonly id: string | null;
  readonly args: Json;
  readonly result: Json;
  readonly isError: boolean;
  readonly errorMessage: string | null;
  readonly durationMs: number;
  readonly spanId: string;
  readonly schema: Json;
}

/**
 * A trace as scorers read it: the document plus what one would otherwise gather from its spans. Each part
 * is worked out when it is first read.
 */
export class TraceView {
  readonly #document: TraceDocument;
  readonly #spans: readonly SpanDocument[];
  #messages: readonly ViewedMessage[] | undefined;
  #tools: readonly ViewedCall[] | undefined;
  #definitions: readonly { readonly name: string; readonly schema: Json }[] | undefined;

  constructor(document: TraceDocument) {
    this.#document = document;
    const { spans } = document;
    const isOrdered = spans.every((span, index) => index === 0 || spans[index - 1]!.startedAt <= span.startedAt);
    this.#spans = isOrdered
      ? spans
      : [...spans].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  }

  get id(): string {
    return this.#document.id;
  }
  get businessUnit(): string {
    return this.#document.businessUnit;
  }
  get name(): string {
    return this.#document.name;
  }
  get agent(): string | null {
    return this.#document.agent;
  }
  get agentVersion(): string | null {
    return this.#document.agentVersion;
  }
  get sessionId(): string | null {
    return this.#document.sessionId;
  }
  get startedAt(): string {
    return this.#document.startedAt;
  }
  get durationMs(): number {
    return this.#document.durationMs;
  }
  get status(): string {
    return this.#document.status;
  }
  get spans(): readonly SpanDocument[] {
    return this.#spans;
  }

  /** First user message. */
  get input(): string {
    return this.messages.find(({ role, text }) => role === "user" && text !== "")?.text ?? this.#root?.inputText ?? "";
  }

  /** Final answer. */
  get output(): string {
    return (
      this.#root?.outputText ??
      this.messages.findLast(({ role, text }) => role === "assistant" && text !== "")?.text ??
      ""
    );
  }

  get messages(): readonly ViewedMessage[] {
    this.#messages ??= listMessages(this.#spans);
    return this.#messages;
  }

  get systemInstructions(): string {
    const found = this.#spans.find(({ systemInstructions }) => systemInstructions !== null)?.systemInstructions ?? null;
    return readableText(found);
  }

  get toolDefinitions(): readonly { readonly name: string; readonly schema: Json }[] {
    this.#definitions ??= readDefinitions(this.#spans);
    return this.#definitions;
  }

  get tools(): readonly ViewedCall[] {
    this.#tools ??= this.#spans
      .filter(({ kind }) => kind === "tool")
      .map((span) => ({
        name: span.toolName ?? span.name,
        id: span.toolCallId,
        args: span.toolArgs,
        result: span.toolResult,
        isError: span.status === "error",
        errorMessage: span.statusMessage,
        durationMs: span.durationMs,
        spanId: span.id,
        schema: this.toolDefinitions.find(({ name }) => name === span.toolName)?.schema ?? null
      }));
    return this.#tools;
  }

  get documents(): readonly RetrievedDocument[] {
    return this.#spans.flatMap(({ documents }) => documents ?? []);
  }

  get usage(): { readonly inputTokens: number | null; readonly outputTokens: number | null } {
    const counted = this.#counted();
    return {
      inputTokens: sumKnown(counted.map(({ usage }) => usage.inputTokens)),
      outputTokens: sumKnown(counted.map(({ usage }) => usage.outputTokens))
    };
  }

  get costUsd(): number | null {
    return sumKnown(this.#counted().map(({ costUsd }) => costUsd));
  }

  /** What should have come out; a text that is a JSON list or mapping is read as such. */
  get expected(): Json {
    const given = this.#document.expected ?? null;
    return typeof given === "string" && /^\s*[[{]/.test(given) ? readJson(given) : given;
  }

  get #root(): SpanDocument | undefined {
    return this.#spans.find(({ parentId }) => parentId === null) ?? this.#spans[0];
  }

  #counted(): readonly SpanDocument[] {
    return countedSpans(this.#spans, ({ id, parentId, usage, costUsd }) => ({ id, parentId, ...usage, costUsd }));
  }
}

/**
 * The messages of a trace, without instructions: those of its model steps or, where it has none that kept its
 * messages, of its agents.
 *
 * @param spans  in the order they began
 */
export function listMessages(spans: readonly SpanDocument[]): readonly ViewedMessage[] {
  const conversation = new Conversation();
  const models = spans.filter(
    ({ kind, input, output }) => kind === "llm" && (Array.isArray(input) || Array.isArray(output))
  );
  return (models.length > 0 ? models : spans.filter(({ kind }) => kind === "agent")).flatMap(
    ({ id, input, output }) => {
      const { sent, answered } = conversation.add({ spanId: id, input, output });
      return [...sent.filter(({ role }) => role !== "system"), ...answered].map(({ role, parts, spanId }) => ({
        role,
        text: readableText(parts),
        parts: parts as unknown as ViewedMessage["parts"],
        spanId
      }));
    }
  );
}

/** Text parts of a message or of instructions, joined by blank lines. */
function readableText(value: Json | readonly Fields[]): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return (value as readonly Json[])
    .flatMap((part) => (isFields(part) && typeof part.content === "string" ? [part.content] : []))
    .join("\n\n");
}

/** Tool definitions in OpenAI's form or in the flat one. */
function readDefinitions(spans: readonly SpanDocument[]): readonly { readonly name: string; readonly schema: Json }[] {
  const found = new Map<string, Json>();
  for (const { toolDefinitions } of spans) {
    if (!Array.isArray(toolDefinitions)) continue;
    for (const item of toolDefinitions as readonly Json[]) {
      if (!isFields(item)) continue;
      const inner = isFields(item.function) ? item.function : item;
      const schema = inner.parameters ?? inner.input_schema ?? inner.inputSchema ?? null;
      if (typeof inner.name === "string" && !found.has(inner.name)) found.set(inner.name, schema);
    }
  }
  return [...found].map(([name, schema]) => ({ name, schema }));
}
