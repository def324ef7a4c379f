// Runs inside the sandbox, bundled into one file. It keeps what it needs of the runtime in its own scope and
// takes everything else away before any scorer code is loaded.

import type { Score } from "../../model/score.ts";
import type { SpanDocument, TraceDocument } from "../../model/trace-document.ts";
import { TraceView } from "../../scoring/trace-view.ts";
import { failedScore, readVerdict } from "../../scoring/verdict.ts";
import { type ChildPipes, openFrames } from "./child-frames.ts";
import { closeGlobals } from "./child-globals.ts";
import type { FrameHead } from "./frame-head.ts";

declare const Deno: ChildPipes;

const frames = openFrames(Deno);
const { parse, stringify } = JSON;
const now = performance.now.bind(performance);
const { round } = Math;
const later = setTimeout;
const forget = clearTimeout;
const Later = Promise;
const { defineProperty } = Object;
const then = Function.prototype.call.bind(Promise.prototype.then) as (
  promise: unknown,
  done: (value: unknown) => void,
  failed: (error: unknown) => void
) => void;

/** Verdicts that were worked out are handed over after so long, so that a loop behind them does not cost them. */
const partMs = 100;

/** … and after so many characters, so that no answer is longer than the host takes. */
const partCharacters = 2 ** 20;

/** What the engine says when it has no memory to give. */
const refusedMemory = /allocation failed|could not allocate memory/i;

function sentence(error: unknown): string {
  try {
    if (error instanceof RangeError && refusedMemory.test(error.message))
      return "the scorer used more memory than it may";
    if (error instanceof Error) return `the scorer threw: ${error.name}: ${String(error.message)}`.slice(0, 500);
    return `the scorer threw ${String(error)}`.slice(0, 500);
  } catch {
    return "the scorer threw something that cannot be read";
  }
}

interface Scorer {
  readonly score: (subject: TraceView | SpanDocument, trace?: TraceView) => unknown;
  /** Kinds of the spans that it is called for; null for all, undefined where it is called for traces. */
  readonly spanKinds: readonly string[] | null | undefined;
}

/** A trace whose calls are under way; what they share is made with the first. */
class OpenTrace {
  readonly #document: TraceDocument;
  #view: TraceView | undefined;
  #spans: readonly SpanDocument[] | undefined;

  constructor(text: string) {
    this.#document = parse(text) as TraceDocument;
  }

  call({ score, spanKinds }: Scorer, index: number): unknown {
    this.#view ??= new TraceView(this.#document);
    if (spanKinds === undefined) return score(this.#view);
    this.#spans ??= chooseSpans(this.#document.spans, spanKinds);
    return score(this.#spans[index]!, this.#view);
  }
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

/** The score of one call; a promise only where the scorer gave one, since a turn of the loop costs more than a call. */
function scoreOne(scorer: Scorer, trace: OpenTrace, index: number, timeoutMs: number): Score | Promise<Score> {
  try {
    const returned = trace.call(scorer, index);
    return typeof (returned as { then?: unknown } | null)?.then === "function"
      ? settle(returned, timeoutMs)
      : readVerdict(returned);
  } catch (error) {
    return failedScore(sentence(error));
  }
}

function settle(returned: unknown, timeoutMs: number): Promise<Score> {
  const settled = new Later<Score>((resolve) => {
    const timer = later(
      () => resolve(failedScore(`the scorer did not answer within ${timeoutMs} ms`)),
      timeoutMs
    ) as unknown as number;
    const answer = (read: () => Score) => {
      forget(timer);
      try {
        resolve(read());
      } catch (error) {
        resolve(failedScore(sentence(error)));
      }
    };
    const done = (value: unknown) => answer(() => readVerdict(value));
    const failed = (error: unknown) => answer(() => failedScore(sentence(error)));
    try {
      then(returned, done, failed);
    } catch {
      // No promise of the engine's, so its own method has to be called.
      (returned as PromiseLike<unknown>).then(done, failed);
    }
  });
  // Waiting for a promise asks for its constructor, which scorer code may have replaced.
  defineProperty(settled, "constructor", { value: Later });
  return settled;
}

/** A verdict as JSON. By hand, because `stringify` asks every object for a `toJSON`, which scorer code can add to all. */
function formatVerdict(score: Score, durationMs: number): string {
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

/** Loads the scorer and says what it is called for; null, with the reason said, when there is none. */
async function load(code: string): Promise<Scorer | null> {
  const refuse = (message: string, hint?: string) => {
    frames.write(stringify({ ready: false, message, hint }));
    return null;
  };
  try {
    const loaded = (await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)) as {
      default?: unknown;
    };
    const { score, target, spanKinds } = (loaded.default ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof score !== "function")
      return refuse("the cell exports no scorer", "End it with: export default scorer({ score: (trace) => … })");
    const isOfSpans = target === "span";
    if (!isOfSpans && target !== undefined && target !== "trace")
      return refuse(`the scorer's target is ${stringify(target)}`, 'It can be "trace" or "span".');
    const kinds = isOfSpans && Array.isArray(spanKinds) ? spanKinds.map(String) : null;
    frames.write(stringify({ ready: true, target: isOfSpans ? "span" : "trace", spanKinds: kinds }));
    return { score: score as Scorer["score"], spanKinds: isOfSpans ? kinds : undefined };
  } catch (error) {
    return refuse(sentence(error).replace("the scorer threw: ", "the scorer does not load: "));
  }
}

// An unhandled rejection of scorer code must not end the sandbox: the next trace has done nothing wrong.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());

if (frames.read() !== null) {
  const { code, timeoutMs } = parse(frames.next()) as { code: string; timeoutMs: number };
  closeGlobals();
  const scorer = await load(code);
  while (scorer && frames.read() !== null) {
    const { isCareful, skip, calls } = parse(frames.next()) as FrameHead;
    let verdicts = "";
    let handedOver = now();
    for (let index = 0; index < calls.length; index += 1) {
      const trace = new OpenTrace(frames.next());
      const isLastTrace = index === calls.length - 1;
      for (let call = index === 0 ? skip : 0; call < calls[index]!; call += 1) {
        const began = now();
        const given = scoreOne(scorer, trace, call, timeoutMs);
        const score = given instanceof Later ? await given : given;
        const ended = now();
        verdicts += `${verdicts === "" ? "[" : ","}${formatVerdict(score, ended - began)}`;
        const isLast = isLastTrace && call === calls[index]! - 1;
        if (isCareful || isLast || ended - handedOver > partMs || verdicts.length > partCharacters) {
          frames.write(`${verdicts}]`);
          verdicts = "";
          handedOver = ended;
        }
      }
    }
  }
}
