import type { BusinessUnit } from "../model/scope.ts";
import type { Score } from "../model/score.ts";
import type { Json, SpanKind } from "../model/span.ts";
import type { ScorerQuestion } from "../scoring/scorer-question.ts";
import type { CompiledScorer } from "./compiler.ts";
import type { ModelAnswer } from "./model.ts";

/**
 * Bounds on scorer code. The time of the processor has none of its own: a scorer is one thread of one process, which
 * works only while a call is under way, so that the wall clock bounds it, too. Of a batch, at most 20 calls may be
 * lost, 3 in a row; the rest is then not tried, so that a batch wastes 20 call times at most.
 */
export interface SandboxLimits {
  /** Wall clock of one call; a longer one is killed and its trace or span is unscored. */
  readonly callTimeoutMs: number;
  /** The engine's heap; on Linux also all that the process holds beside the 640 MiB that its runtime may take. */
  readonly memoryBytes: number;
}

/**
 * What a scorer is called for: once for a trace, for a session with all its traces, or for each span of these kinds,
 * all when null.
 */
export type ScorerTarget =
  | { readonly kind: "trace" }
  | { readonly kind: "session" }
  | { readonly kind: "span"; readonly spanKinds: readonly SpanKind[] | null };

/** A trace or session on its way into the sandbox. */
export interface SandboxTrace {
  /** JSON of a TraceDocument or SessionDocument (lib/model/trace-document.ts). */
  readonly text: string;
  /** Its unit, which questions about it are asked for; never what the text says. */
  readonly businessUnit: BusinessUnit;
  /** How often the scorer is called for it: 1, or once for each span of the kinds that it asks for, in their order. */
  readonly calls: number;
}

/** The verdict of one call, or the reason there is none, with what it took. */
export interface SandboxVerdict {
  readonly score: Score;
  /** Of the scorer's own code: waiting for a model does not count. */
  readonly durationMs: number;
  /** What it was answered by a model; absent for a scorer that declares no questions. */
  readonly answers?: readonly ScorerAnswer[];
}

/** A question of a scorer under way. */
export interface AskedQuestion {
  readonly question: ScorerQuestion;
  /** From the scorer: not trusted, and data alone. */
  readonly material: Json;
  /** Of the trace that the call is for. */
  readonly businessUnit: BusinessUnit;
}

/** What came of a question of a scorer; `unasked` where nobody could be asked. */
export type ScorerAnswer = ModelAnswer | { readonly kind: "unasked"; readonly reason: string };

/** Answers the questions of a scorer. A failure is an answer, too; what it throws ends the scoring. */
export type AnswerQuestion = (asked: AskedQuestion, signal: AbortSignal) => Promise<ScorerAnswer>;

/** One scorer loaded in one child process. */
export interface SandboxSession {
  readonly target: ScorerTarget;
  /** What it asks models; empty for one that asks nothing. */
  readonly questions: readonly ScorerQuestion[];
  /**
   * Scores traces; gives one verdict per call, in order.
   * A call that throws, loops, exhausts memory or returns nonsense gives `unscored` with status
   * `error` and a sentence; the other calls are made all the same. The signal stops it.
   * Calls that wait for a model do not hold up those of other traces.
   *
   * @param answer  without it, every question fails
   */
  score(
    traces: AsyncIterable<readonly SandboxTrace[]>,
    signal: AbortSignal,
    answer?: AnswerQuestion
  ): AsyncIterable<readonly SandboxVerdict[]>;
  close(): Promise<void>;
}

/** Where scorer and chart code runs: no files, no network, no environment, no processes; limited time and memory. */
export interface Sandbox {
  /** What holds the walls on this machine, for the page to say: `deno`, `prlimit`, `bubblewrap`. */
  readonly walls: readonly string[];
  /** @throws Fault `invalid` when the module does not load or exports no scorer */
  open(scorer: CompiledScorer, limits: SandboxLimits): Promise<SandboxSession>;
  /**
   * Runs a chart cell's code over tables and returns one self-contained SVG.
   *
   * @param tables  Arrow IPC stream bytes by name
   * @throws Fault `invalid` with the code's own error, `limit` on time or memory
   */
  renderChart(code: string, tables: Readonly<Record<string, Uint8Array>>, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
