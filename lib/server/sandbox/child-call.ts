// Calls of the scorer, as both ways of scoring in the child make and answer them. What is used here was taken before
// any scorer code was loaded.

import type { Score } from "../../model/score.ts";
import type { SessionDocument, SpanDocument, TraceDocument } from "../../model/trace-document.ts";
import { TraceView } from "../../scoring/trace-view.ts";

const { parse, stringify } = JSON;
const { round } = Math;
const then = Function.prototype.call.bind(Promise.prototype.then) as (
  promise: unknown,
  done: (value: unknown) => void,
  failed: (error: unknown) => void
) => void;
const { defineProperty } = Object;
const Later = Promise;

/** Why a question has no answer, in a sentence that is a reason by itself. */
export class QuestionFailure extends Error {
  override readonly name = "QuestionFailure";
}

/** What the engine says when it has no memory to give. */
const refusedMemory = /allocation failed|could not allocate memory/i;

/** What an error says to a person. */
export function sentence(error: unknown): string {
  try {
    if (error instanceof RangeError && refusedMemory.test(error.message))
      return "the scorer used more memory than it may";
    if (error instanceof QuestionFailure) return String(error.message).slice(0, 500);
    if (error instanceof Error) return `the scorer threw: ${error.name}: ${String(error.message)}`.slice(0, 500);
    return `the scorer threw ${String(error)}`.slice(0, 500);
  } catch {
    return "the scorer threw something that cannot be read";
  }
}

/** What a scorer is given beside a trace and its options. */
export interface Tools {
  readonly ask: (name: unknown, material: unknown) => Promise<unknown>;
}

/** A scorer as it was loaded. */
export interface Scorer {
  readonly score: (...given: readonly unknown[]) => unknown;
  /** What it is called for. */
  readonly target: "trace" | "session" | "span";
  /** Kinds of the spans that it is called for; null for all. */
  readonly spanKinds: readonly string[] | null;
  /** Names of the questions that it declares; null where it declares none. */
  readonly questions: readonly string[] | null;
}

/** A trace or session whose calls are under way; what they share is made with the first. */
export class OpenTrace {
  readonly #document: TraceDocument;
  #view: TraceView | SessionView | undefined;
  #spans: readonly SpanDocument[] | undefined;

  constructor(text: string) {
    this.#document = parse(text) as TraceDocument;
  }

  call({ score, target, spanKinds }: Scorer, index: number, tools?: Tools): unknown {
    this.#view ??= target === "session" ? viewSession(this.#document) : new TraceView(this.#document);
    if (target !== "span") return score(this.#view, tools);
    this.#spans ??= chooseSpans(this.#document.spans, spanKinds);
    return score(this.#spans[index]!, this.#view, tools);
  }
}

/** A session as scorers read it. */
interface SessionView {
  readonly id: string;
  readonly businessUnit: string;
  readonly traces: readonly TraceView[];
}

function viewSession(document: unknown): SessionView {
  const { id, businessUnit, traces } = document as SessionDocument;
  const views: TraceView[] = [];
  for (let at = 0; at < traces.length; at += 1) views[at] = new TraceView(traces[at]!);
  return { id, businessUnit, traces: views };
}

/** In loops of its own, because scorer code may have replaced what lists can do. */
function chooseSpans(spans: readonly SpanDocument[], kinds: readonly string[] | null): readonly SpanDocument[] {
  if (kinds === null) return spans;
  const chosen: SpanDocument[] = [];
  for (let at = 0; at < spans.length; at += 1) {
    const span = spans[at]!;
    for (let kind = 0; kind < kinds.length; kind += 1) {
      if (kinds[kind] === span.kind) {
        chosen[chosen.length] = span;
        break;
      }
    }
  }
  return chosen;
}

/** A verdict as JSON. By hand, because `stringify` asks every object for a `toJSON`, which scorer code can add to all. */
export function formatVerdict(score: Score, durationMs: number): string {
  const text = stringify as (value: string | null) => string;
  const took = round(durationMs * 1000) / 1000;
  if (score.kind === "unscored")
    return `{"durationMs":${took},"score":{"kind":"unscored","status":${text(score.status)},"reason":${text(score.reason)}}}`;
  let evidence = "";
  for (let index = 0; index < score.evidence.length; index += 1) {
    const { quote, spanId } = score.evidence[index]!;
    evidence += `${index === 0 ? "" : ","}{"quote":${text(quote)},"spanId":${text(spanId)}}`;
  }
  return `{"durationMs":${took},"score":{"kind":"scored","value":${score.value},"pass":${score.pass},"label":${text(score.label)},"reason":${text(score.reason)},"evidence":[${evidence}]}}`;
}

/** Whether a scorer gave something to wait for. */
export function isThenable(returned: unknown): boolean {
  return typeof (returned as { then?: unknown } | null)?.then === "function";
}

/** Hears of the end of a promise or of what looks like one. */
export function follow(returned: unknown, done: (value: unknown) => void, failed: (error: unknown) => void): void {
  try {
    then(returned, done, failed);
  } catch {
    // No promise of the engine's, so its own method has to be called.
    (returned as PromiseLike<unknown>).then(done, failed);
  }
}

/** A promise that can be waited for, whatever scorer code has done to promises. */
export function openPromise<T>(
  open: (resolve: (value: T) => void, reject: (error: unknown) => void) => void
): Promise<T> {
  const promise = new Later<T>(open);
  // Waiting for a promise asks for its constructor, which scorer code may have replaced.
  defineProperty(promise, "constructor", { value: Later });
  return promise;
}
