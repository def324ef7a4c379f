import { noSpending } from "#lib/model/budget.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Score } from "#lib/model/score.ts";
import type { Json } from "#lib/model/span.ts";
import type { AnswerQuestion, AskedQuestion, SandboxTrace, SandboxVerdict, ScorerAnswer } from "#lib/ports/sandbox.ts";
import { mostMaterial, mostQuestions, type ScorerQuestion } from "#lib/scoring/scorer-question.ts";
import { failedScore } from "#lib/scoring/verdict.ts";
import { Slots } from "../model/slots.ts";
import { type TurnAnswer, type TurnHead, turnSlots } from "./frame-head.ts";
import type { Losses } from "./losses.ts";
import { ChildLoss, type SandboxProcess } from "./process.ts";
import { fieldsOf, parseJson, readAnswer } from "./read-child.ts";

/** Traces whose calls are under way at once; most of them wait for a model. */
const atOnce = 8;

/** Longest wait for one answer: a model has its own patience, and this ends what that does not. */
const longestAnswerMs = 600_000;

/** What calls that ask are made with. */
export interface TurnGround {
  readonly questions: readonly ScorerQuestion[];
  /** Of the scorer's own code in one call, all its turns together. */
  readonly callTimeoutMs: number;
  /** What the child and the pipe may add to a turn. */
  readonly graceMs: number;
  readonly losses: Losses;
  readonly answer: AnswerQuestion;
  /** The process that scores; a fresh one where it was lost. */
  readonly takeProcess: () => Promise<SandboxProcess>;
  readonly isClosed: () => boolean;
}

/**
 * Scores traces with a scorer that asks: several are under way at once, but the child works on one call at a time, its
 * turn, so that a call which loops is told from those that wait.
 *
 * @returns verdicts in the order of the traces
 */
export async function* scoreInTurns(
  ground: TurnGround,
  traces: AsyncIterable<readonly SandboxTrace[]>,
  signal: AbortSignal
): AsyncGenerator<readonly SandboxVerdict[]> {
  const ended = new AbortController();
  const calls = new Calls(ground, AbortSignal.any([signal, ended.signal]));
  const ahead: Promise<readonly SandboxVerdict[]>[] = [];
  let place = 0;
  try {
    for await (const part of traces) {
      for (const trace of part) {
        if (trace.calls === 0) continue;
        const scoring = calls.score(trace, place++ % turnSlots);
        // Its failure is met when its turn comes; this keeps it from being reported as unhandled meanwhile.
        scoring.catch(() => undefined);
        ahead.push(scoring);
        if (ahead.length === turnSlots) yield await ahead.shift()!;
      }
    }
    while (ahead.length > 0) yield await ahead.shift()!;
  } catch (error) {
    if (signal.aborted) throw new Fault("limit", "stopped", { cause: error });
    throw error;
  } finally {
    ended.abort();
  }
}

/** A question of a call, read and known. */
type Asked = Pick<AskedQuestion, "question" | "material">;

/** What a turn came to; `lost` where another's turn has cost the process in which the call was open. */
type Turn =
  | { readonly kind: "asks"; readonly asked: readonly Asked[] }
  | { readonly kind: "ends"; readonly score: Score }
  | { readonly kind: "lost" };

/** Calls that are open, and the turns they take. */
class Calls {
  readonly #ground: TurnGround;
  readonly #signal: AbortSignal;
  readonly #open = new Slots(atOnce);
  readonly #turn = new Slots(1);

  constructor(ground: TurnGround, signal: AbortSignal) {
    this.#ground = ground;
    this.#signal = signal;
  }

  score(trace: SandboxTrace, slot: number): Promise<readonly SandboxVerdict[]> {
    return this.#open.use(this.#signal, async () => {
      const verdicts: SandboxVerdict[] = [];
      while (verdicts.length < trace.calls) verdicts.push(await this.#call(trace, slot, verdicts.length));
      return verdicts;
    });
  }

  /** One call. Where it is lost it is made anew; what it was answered then costs nothing any more. */
  async #call(trace: SandboxTrace, slot: number, call: number): Promise<SandboxVerdict> {
    const answers: ScorerAnswer[] = [];
    for (;;) {
      const verdict = await this.#try(trace, slot, call, answers);
      if (verdict) return verdict;
    }
  }

  async #try(
    { text, businessUnit }: SandboxTrace,
    slot: number,
    call: number,
    answers: ScorerAnswer[]
  ): Promise<SandboxVerdict | undefined> {
    let child: SandboxProcess | undefined;
    let [usedMs, asked] = [0, 0];
    let said: { readonly call: number } | { readonly answers: readonly TurnAnswer[] } = { call };
    for (;;) {
      const leftMs = Math.max(1, this.#ground.callTimeoutMs - usedMs);
      const head: TurnHead = { slot, leftMs, ...said };
      const texts = "call" in said ? [JSON.stringify(head), text] : [JSON.stringify(head)];
      const turn = await this.#turn.use(this.#signal, async (): Promise<Turn> => {
        if (child?.isAlive === false) return { kind: "lost" };
        const { givenUp } = this.#ground.losses;
        if (givenUp !== null) return { kind: "ends", score: failedScore(givenUp) };
        child ??= await this.#ground.takeProcess();
        const began = performance.now();
        const taken = await this.#take(child, texts, leftMs, mostQuestions - asked);
        usedMs += performance.now() - began;
        return taken;
      });
      if (turn.kind === "lost") return undefined;
      if (turn.kind === "ends") {
        const verdict = { score: turn.score, durationMs: usedMs, answers };
        if (child?.isAlive) this.#ground.losses.note(verdict);
        return verdict;
      }
      asked += turn.asked.length;
      const given = await Promise.all(turn.asked.map((one) => this.#answer({ ...one, businessUnit })));
      answers.push(...given);
      said = { answers: given.map(sayAnswer) };
    }
  }

  /** @param mostAsked  questions that the call may still ask */
  async #take(child: SandboxProcess, texts: readonly string[], leftMs: number, mostAsked: number): Promise<Turn> {
    const { callTimeoutMs, graceMs, losses, questions, isClosed } = this.#ground;
    const lose = (reason: string): Turn => {
      losses.count(reason);
      return { kind: "ends", score: failedScore(reason) };
    };
    let answered = "";
    try {
      await child.askInParts(texts, leftMs + graceMs, `the scorer took longer than ${callTimeoutMs} ms`, (answer) => {
        answered = answer;
        return true;
      });
    } catch (error) {
      if (!(error instanceof ChildLoss)) throw error;
      if (this.#signal.aborted || isClosed()) throw new Fault("limit", "stopped", { cause: error });
      return lose(error.message);
    }
    const fields = fieldsOf(parseJson(answered));
    if (fields["verdict"] !== undefined) return { kind: "ends", score: readAnswer(fields["verdict"]).score };
    const asked = readQuestions(fields["questions"], questions, mostAsked);
    if (asked) return { kind: "asks", asked };
    const reason = "the sandbox asked something that is no question";
    child.kill(reason);
    return lose(reason);
  }

  async #answer(asked: AskedQuestion): Promise<ScorerAnswer> {
    const late = AbortSignal.timeout(longestAnswerMs);
    try {
      return await this.#ground.answer(asked, AbortSignal.any([this.#signal, late]));
    } catch (error) {
      if (!late.aborted || this.#signal.aborted) throw error;
      const reason = `there was no answer within ${longestAnswerMs / 60_000} minutes`;
      return { kind: "failed", why: "timed out", reason, spent: noSpending };
    }
  }
}

/** Questions as they came out of the sandbox; undefined where they are none, or too many. */
function readQuestions(
  value: unknown,
  declared: readonly ScorerQuestion[],
  most: number
): readonly Asked[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) return undefined;
  const asked = value.flatMap((item: unknown): readonly Asked[] => {
    const { name, material: text } = fieldsOf(item);
    const question = declared.find((known) => known.name === name);
    if (!question || typeof text !== "string" || text.length > mostMaterial) return [];
    const material = parseMaterial(text);
    return material === undefined ? [] : [{ question, material }];
  });
  return asked.length === value.length ? asked : undefined;
}

/** Material as a value that can be written again; undefined where it is no JSON, or nested too deep. */
function parseMaterial(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    JSON.stringify(value);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function sayAnswer(answer: ScorerAnswer): TurnAnswer {
  if (answer.kind === "answered") return { value: answer.value };
  return { failure: answer.kind === "failed" ? `${answer.why}: ${answer.reason}` : answer.reason };
}
