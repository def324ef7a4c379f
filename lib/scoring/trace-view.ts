import type { Json, RetrievedDocument } from "../model/span.ts";
import type { SpanDocument, TraceDocument } from "../model/trace-document.ts";

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

type Fields = { readonly [key: string]: Json };
const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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
    this.#messages ??= buildConversation(this.#spans);
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
    const leaves = this.#leaves();
    return {
      inputTokens: sum(leaves.map(({ usage }) => usage.inputTokens)),
      outputTokens: sum(leaves.map(({ usage }) => usage.outputTokens))
    };
  }

  get costUsd(): number | null {
    return sum(this.#leaves().map(({ costUsd }) => costUsd));
  }

  get #root(): SpanDocument | undefined {
    return this.#spans.find(({ parentId }) => parentId === null) ?? this.#spans[0];
  }

  /** Spans whose tokens count: a wrapper that repeats what a span below it reports is left out. */
  #leaves(): readonly SpanDocument[] {
    const byId = new Map(this.#spans.map((span) => [span.id, span]));
    const covered = new Set<string>();
    for (const span of this.#spans) {
      if (span.usage.inputTokens === null && span.usage.outputTokens === null && span.costUsd === null) continue;
      let above = span.parentId === null ? undefined : byId.get(span.parentId);
      while (above && !covered.has(above.id)) {
        covered.add(above.id);
        above = above.parentId === null ? undefined : byId.get(above.parentId);
      }
    }
    return this.#spans.filter(({ id }) => !covered.has(id));
  }
}

/**
 * The conversation of a trace, from its model spans in order. A span whose input repeats what was said
 * already adds only what is new; one that carries only the new messages adds them all.
 *
 * @param spans  in the order they began
 */
export function buildConversation(spans: readonly SpanDocument[]): readonly ViewedMessage[] {
  const conversation: ViewedMessage[] = [];
  const add = (value: Json, spanId: string): void => {
    const messages = readMessages(value, spanId).filter(({ role }) => role !== "system");
    let known = 0;
    while (known < messages.length && known < conversation.length && isSame(messages[known]!, conversation[known]!))
      known += 1;
    const repeats = known > 0 && known === Math.min(messages.length, conversation.length);
    conversation.push(...(repeats ? messages.slice(known) : messages));
  };
  const models = spans.filter(
    ({ kind, input, output }) => kind === "llm" && (Array.isArray(input) || Array.isArray(output))
  );
  for (const span of models.length > 0 ? models : spans.filter(({ kind }) => kind === "agent")) {
    add(span.input, span.id);
    for (const message of readMessages(span.output, span.id)) conversation.push(message);
  }
  return conversation;
}

function isSame(a: ViewedMessage, b: ViewedMessage): boolean {
  return a.role === b.role && a.text === b.text && a.parts.length === b.parts.length;
}

function readMessages(value: Json, spanId: string): ViewedMessage[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((item) => {
    if (!isFields(item) || typeof item.role !== "string") return [];
    const parts = Array.isArray(item.parts) ? (item.parts as readonly Json[]).filter(isFields) : [];
    return [{ role: item.role, text: readableText(parts), parts: parts as unknown as ViewedMessage["parts"], spanId }];
  });
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

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (value === null ? total : (total ?? 0) + value), null);
}
