import type { Json } from "./span.ts";

/** A part of a message, or anything else with fields. */
export type Fields = { readonly [key: string]: Json };

/** A message that was said in a trace, once. */
export interface SaidMessage {
  readonly role: string;
  readonly parts: readonly Fields[];
  /** Step that was sent it, or that answered with it. */
  readonly spanId: string;
}

/** The messages that one step added. */
export interface NewMessages {
  readonly sent: readonly SaidMessage[];
  readonly answered: readonly SaidMessage[];
}

/**
 * The conversation of a trace, from its model steps in order. A step that was sent what was said before adds
 * only what is new; one that was sent only the new messages adds them all. Instructions are told once.
 */
export class Conversation {
  /** Everything said but instructions, which agents of one trace exchange without a new conversation. */
  readonly #said: SaidMessage[] = [];
  readonly #instructions = new Set<string>();

  /** @param step  its input and output; where they are no lists of messages, it adds nothing */
  add(step: { readonly spanId: string; readonly input: Json; readonly output: Json }): NewMessages {
    const sent = this.#keepNew(readMessages(step.input, step.spanId));
    const answered = readMessages(step.output, step.spanId);
    this.#said.push(...answered);
    return { sent, answered };
  }

  #keepNew(input: readonly SaidMessage[]): readonly SaidMessage[] {
    const spoken = input.filter(({ role }) => role !== "system");
    let known = 0;
    while (known < spoken.length && known < this.#said.length && isSame(spoken[known]!, this.#said[known]!)) known += 1;
    // One message alike at the front may be chance; all of either list, or two, are the history.
    const isHistory = known === this.#said.length || known === spoken.length || known >= 2;
    const news = new Set(isHistory ? spoken.slice(known) : spoken);
    this.#said.push(...news);
    return input.filter((message) => (message.role === "system" ? this.#isNewInstruction(message) : news.has(message)));
  }

  #isNewInstruction({ parts }: SaidMessage): boolean {
    const text = JSON.stringify(parts);
    return !this.#instructions.has(text) && this.#instructions.add(text).size > 0;
  }
}

/** Whether a value has fields: neither null, nor a list, nor plain. */
export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Messages in a step's input or output; empty where it holds something else. */
export function readMessages(value: Json, spanId: string): readonly SaidMessage[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((item) => {
    if (!isFields(item) || typeof item.role !== "string") return [];
    const parts = Array.isArray(item.parts) ? (item.parts as readonly Json[]).filter(isFields) : [];
    return [{ role: item.role, parts, spanId }];
  });
}

/** An agent may trim or reword its own answer before it sends it again. */
function isSame(a: SaidMessage, b: SaidMessage): boolean {
  if (a.role !== b.role) return false;
  return a.role === "assistant" || JSON.stringify(a.parts) === JSON.stringify(b.parts);
}
