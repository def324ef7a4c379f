import { Fault } from "#lib/model/fault.ts";
import { type SpanKind, spanKinds } from "#lib/model/span.ts";
import type { CompiledScorer } from "#lib/ports/compiler.ts";
import type {
  AnswerQuestion,
  SandboxLimits,
  SandboxSession,
  SandboxTrace,
  SandboxVerdict,
  ScorerTarget
} from "#lib/ports/sandbox.ts";
import { parseQuestions, type ScorerQuestion } from "#lib/scoring/scorer-question.ts";
import { failedScore } from "#lib/scoring/verdict.ts";
import type { FrameHead } from "./frame-head.ts";
import { Losses } from "./losses.ts";
import { ChildLoss, type SandboxProcess } from "./process.ts";
import { fieldsOf, parseJson, readAnswer } from "./read-child.ts";
import { scoreInTurns, type TurnGround } from "./turns.ts";

/**
 * A frame is closed by whichever comes first: so many traces, or so many characters of them. Measured: longer ones
 * leave the caches of the processor and the buffer of the pipe, shorter ones wake both ends too often.
 */
const frameTraces = 50;
const frameCharacters = 2 ** 17;

/** Frames that are under way at once. */
const framesAhead = 4;

/** A module that does not load by then will not. */
const longestLoadMs = 10_000;

/** What the child and the pipe may add to the time of a call. */
const graceMs = 250;

/** Traces that are sent together. */
interface Frame {
  readonly traces: readonly SandboxTrace[];
  /** Calls of all of them. */
  readonly calls: number;
}

/** A frame that was sent, with the verdicts that have come back. */
interface Sent {
  readonly frame: Frame;
  readonly verdicts: SandboxVerdict[];
  readonly child: SandboxProcess | null;
  readonly answer: Promise<void>;
}

/** One scorer in one process at a time; a process that is lost is replaced, and its culprit alone stays unscored. */
export class ScorerSession implements SandboxSession {
  readonly #take: (memoryBytes: number) => SandboxProcess;
  readonly #scorer: CompiledScorer;
  readonly #limits: SandboxLimits;
  readonly #loadTimeoutMs: number;
  #process: SandboxProcess | null = null;
  #target: ScorerTarget = { kind: "trace" };
  #questions: readonly ScorerQuestion[] = [];
  #losses = new Losses(0, "trace");
  #isClosed = false;
  /** When the last answer came, on the clock of `performance`. */
  #answeredAt = 0;

  /**
   * @param take           gives a fresh process that runs the child's script under a limit of memory
   * @param loadTimeoutMs  longest wait for the scorer's module
   */
  constructor(
    take: (memoryBytes: number) => SandboxProcess,
    scorer: CompiledScorer,
    limits: SandboxLimits,
    loadTimeoutMs = longestLoadMs
  ) {
    this.#take = take;
    this.#loadTimeoutMs = loadTimeoutMs;
    this.#scorer = scorer;
    this.#limits = limits;
  }

  get target(): ScorerTarget {
    return this.#target;
  }

  get questions(): readonly ScorerQuestion[] {
    return this.#questions;
  }

  /** Takes a fresh process and loads the scorer. @throws Fault `invalid` when it does not load */
  async start(): Promise<SandboxProcess> {
    const child = this.#take(this.#limits.memoryBytes);
    this.#process = child;
    const request = JSON.stringify({ code: this.#scorer.code, timeoutMs: this.#limits.callTimeoutMs });
    const late = `the scorer's module did not load in ${this.#loadTimeoutMs / 1000} s`;
    let answer: unknown;
    try {
      answer = parseJson(await child.ask(request, this.#loadTimeoutMs, late));
    } catch (error) {
      if (error instanceof ChildLoss) throw new Fault("invalid", error.message, { cause: error });
      throw error;
    }
    const { ready, message, hint, target, spanKinds: kinds, asks } = fieldsOf(answer);
    if (ready === true) {
      try {
        this.#target =
          target === "span"
            ? { kind: "span", spanKinds: parseKinds(kinds) }
            : { kind: target === "session" ? "session" : "trace" };
        this.#questions = parseQuestions(asks);
      } catch (error) {
        child.kill();
        throw error;
      }
      return child;
    }
    child.kill();
    throw new Fault("invalid", typeof message === "string" ? message.slice(0, 500) : "the scorer does not load", {
      hint: typeof hint === "string" ? hint.slice(0, 200) : undefined
    });
  }

  async *score(
    traces: AsyncIterable<readonly SandboxTrace[]>,
    signal: AbortSignal,
    answer: AnswerQuestion = nobodyAnswers
  ): AsyncIterable<readonly SandboxVerdict[]> {
    const ahead: Sent[] = [];
    const stop = () => this.#process?.kill();
    signal.addEventListener("abort", stop, { once: true });
    this.#losses = new Losses(this.#limits.callTimeoutMs, this.#target.kind);
    try {
      if (this.#questions.length > 0) {
        yield* scoreInTurns(this.#turnGround(answer), traces, signal);
        return;
      }
      for await (const frame of inFrames(traces)) {
        if (signal.aborted) throw new Fault("limit", "stopped");
        ahead.push(this.#send(frame));
        if (ahead.length >= framesAhead) yield await this.#finish(ahead.shift()!, ahead, signal);
      }
      while (ahead.length > 0) yield await this.#finish(ahead.shift()!, ahead, signal);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#process?.kill();
  }

  #turnGround(answer: AnswerQuestion): TurnGround {
    return {
      questions: this.#questions,
      callTimeoutMs: this.#limits.callTimeoutMs,
      graceMs,
      losses: this.#losses,
      answer,
      takeProcess: async () => (this.#process?.isAlive ? this.#process : await this.start()),
      isClosed: () => this.#isClosed
    };
  }

  #send(frame: Frame): Sent {
    const child = this.#process?.isAlive && this.#losses.givenUp === null ? this.#process : null;
    const verdicts: SandboxVerdict[] = [];
    const answer = child ? this.#ask(child, frame, verdicts, false) : Promise.resolve();
    // Its loss is dealt with when its turn comes; this keeps it from being reported as unhandled meanwhile.
    answer.catch(() => undefined);
    return { frame, verdicts, child, answer };
  }

  /** The verdicts of a frame. One whose process was lost goes on with care, so that only the culprit is unscored. */
  async #finish(sent: Sent, ahead: Sent[], signal: AbortSignal): Promise<readonly SandboxVerdict[]> {
    const { frame, verdicts, child, answer } = sent;
    try {
      await answer;
    } catch (error) {
      if (!(error instanceof ChildLoss)) throw error;
    }
    while (verdicts.length < frame.calls) {
      if (signal.aborted || this.#isClosed) throw new Fault("limit", "stopped");
      if (this.#losses.givenUp === null) await this.#goOn(frame, verdicts, signal);
      else verdicts.push({ score: failedScore(this.#losses.givenUp), durationMs: 0 });
    }
    // Frames that waited behind the lost one have done nothing wrong: they are asked anew as a whole.
    for (const [index, { frame: waiting, verdicts: known, child: theirs }] of ahead.entries()) {
      if (child && theirs === child && !child.isAlive && known.length === 0) {
        if (!this.#process?.isAlive && this.#losses.givenUp === null) await this.start();
        ahead[index] = this.#send(waiting);
      }
    }
    return verdicts;
  }

  /** Asks for the verdicts that are missing, until they are there or a call is lost, which then is one of them. */
  async #goOn(frame: Frame, verdicts: SandboxVerdict[], signal: AbortSignal): Promise<void> {
    const child = this.#process?.isAlive ? this.#process : await this.start();
    this.#answeredAt = performance.now();
    try {
      await this.#ask(child, frame, verdicts, true);
    } catch (error) {
      if (!(error instanceof ChildLoss)) throw error;
      if (signal.aborted || this.#isClosed) throw new Fault("limit", "stopped");
      // The rule may have ended the process by a verdict that has been counted.
      if (this.#losses.givenUp !== null) return;
      this.#losses.count(error.message);
      verdicts.push({ score: failedScore(error.message), durationMs: performance.now() - this.#answeredAt });
    }
  }

  /** Asks for the verdicts of a frame that are not among `verdicts`, which get them as they come. @throws ChildLoss */
  #ask(child: SandboxProcess, frame: Frame, verdicts: SandboxVerdict[], isCareful: boolean): Promise<void> {
    const { callTimeoutMs } = this.#limits;
    let open = frame.calls - verdicts.length;
    if (open === 0) return Promise.resolve();
    // A promise that never settles is answered by the child itself after callTimeoutMs; a loop never answers.
    return child.askInParts(
      askedTexts(frame, verdicts.length, isCareful),
      callTimeoutMs + graceMs,
      `the scorer took longer than ${callTimeoutMs} ms`,
      (text) => {
        const part = parseJson(text);
        if (!Array.isArray(part) || part.length === 0 || part.length > open) {
          child.kill("the sandbox answered something that is no list of scores");
          return false;
        }
        this.#answeredAt = performance.now();
        open -= part.length;
        for (const item of part as readonly unknown[]) {
          const verdict = readAnswer(item);
          verdicts.push(verdict);
          this.#losses.note(verdict);
        }
        if (this.#losses.givenUp !== null && open > 0) child.kill();
        return open === 0;
      }
    );
  }
}

/** The texts of a question for all calls of a frame but the first `done`. */
function askedTexts({ traces }: Frame, done: number, isCareful: boolean): readonly string[] {
  let first = 0;
  let skip = done;
  while (skip > 0 && skip >= traces[first]!.calls) skip -= traces[first++]!.calls;
  const asked = traces.slice(first);
  const head: FrameHead = { isCareful, skip, calls: asked.map(({ calls }) => calls) };
  return [JSON.stringify(head), ...asked.map(({ text }) => text)];
}

/** The answer of one who was not told whom to ask. */
const nobodyAnswers: AnswerQuestion = async () => ({ kind: "unasked", reason: "no model is asked here" });

async function* inFrames(parts: AsyncIterable<readonly SandboxTrace[]>): AsyncIterable<Frame> {
  let traces: SandboxTrace[] = [];
  let calls = 0;
  let characters = 0;
  for await (const part of parts) {
    for (const trace of part) {
      // A trace without a call has no verdict to wait for.
      if (trace.calls === 0) continue;
      traces.push(trace);
      calls += trace.calls;
      characters += trace.text.length;
      if (traces.length === frameTraces || characters >= frameCharacters) {
        yield { traces, calls };
        traces = [];
        calls = 0;
        characters = 0;
      }
    }
  }
  if (traces.length > 0) yield { traces, calls };
}

/** @throws Fault `invalid` for a word that is no kind of span */
function parseKinds(value: unknown): readonly SpanKind[] | null {
  if (!Array.isArray(value)) return null;
  return value.map((given: unknown) => {
    const kind = spanKinds.find((known) => known === given);
    if (kind) return kind;
    throw new Fault("invalid", `the scorer asks for spans of the kind ${JSON.stringify(given)}, which there is not`, {
      hint: `Kinds are ${spanKinds.join(", ")}.`
    });
  });
}
