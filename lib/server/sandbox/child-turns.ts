// How a scorer that asks is called. The child blocks while it waits for the host, so that only the call whose turn it
// is runs: the host can tell how long it took, and which one was lost.

import type { Score } from "../../model/score.ts";
import { mostMaterial, mostQuestions } from "../../scoring/scorer-question.ts";
import { TraceView } from "../../scoring/trace-view.ts";
import { failedScore, readVerdict } from "../../scoring/verdict.ts";
import {
  follow,
  formatVerdict,
  isThenable,
  OpenTrace,
  openPromise,
  QuestionFailure,
  type Scorer,
  sentence
} from "./child-call.ts";
import type { ChildFrames } from "./child-frames.ts";
import { dropTimers, ownTimers } from "./child-timers.ts";
import { type TurnAnswer, type TurnHead, turnSlots } from "./frame-head.ts";

const { parse, stringify } = JSON;
const later = setTimeout;
const forget = clearTimeout;
const list = (names: readonly string[]) => names.join(", ");

/** A question that waits; `isSent` once the host has it. */
interface Waiting {
  readonly text: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A call from its first turn to its verdict. */
class OpenCall {
  readonly #scorer: Scorer;
  readonly #names: readonly string[];
  /** Asked and not sent. */
  #fresh: Waiting[] = [];
  /** Sent and not answered. */
  #sent: Waiting[] = [];
  #asked = 0;
  readonly #timers: number[] = [];
  #score: Score | null = null;
  /** Ends the turn; null while it is another call's. */
  #endTurn: (() => void) | null = null;

  constructor(scorer: Scorer, names: readonly string[]) {
    this.#scorer = scorer;
    this.#names = names;
  }

  /** Makes the call. */
  begin(trace: OpenTrace, index: number): void {
    ownTimers(this.#timers);
    try {
      const ask = (name: unknown, material: unknown) =>
        openPromise<unknown>((resolve, reject) => {
          try {
            this.#ask(name, material, resolve, reject);
          } catch (error) {
            reject(error);
          }
        });
      const returned = trace.call(this.#scorer, index, { ask });
      if (isThenable(returned)) {
        follow(
          returned,
          (value) => this.#end(() => readVerdict(value)),
          (error) => this.#end(() => failedScore(sentence(error)))
        );
      } else this.#end(() => readVerdict(returned));
    } catch (error) {
      this.#end(() => failedScore(sentence(error)));
    }
  }

  /** Hands over what came of all that was asked. */
  goOn(answers: readonly TurnAnswer[]): void {
    ownTimers(this.#timers);
    const sent = this.#sent;
    this.#sent = [];
    for (let index = 0; index < sent.length; index += 1) {
      const answer = answers[index]!;
      if ("value" in answer) sent[index]!.resolve(answer.value);
      else sent[index]!.reject(new QuestionFailure(answer.failure));
    }
  }

  /** Ends when there is a verdict, or nothing is left to do but wait for answers. */
  takeTurn(leftMs: number, timeoutMs: number): Promise<void> {
    return openPromise((resolve) => {
      if (this.#score !== null) return resolve();
      const late = later(
        () => this.#end(() => failedScore(`the scorer did not answer within ${timeoutMs} ms`)),
        leftMs
      ) as unknown as number;
      this.#endTurn = () => {
        this.#endTurn = null;
        forget(late);
        resolve();
      };
      this.#endSoon();
    });
  }

  /** The verdict, or what is asked before there can be one. */
  report(): string {
    if (this.#score !== null) return `{"verdict":${formatVerdict(this.#score, 0)}}`;
    let questions = "";
    for (let index = 0; index < this.#fresh.length; index += 1)
      questions += `${index === 0 ? "" : ","}${this.#fresh[index]!.text}`;
    this.#sent = this.#fresh;
    this.#fresh = [];
    return `{"questions":[${questions}]}`;
  }

  #ask(name: unknown, material: unknown, resolve: Waiting["resolve"], reject: Waiting["reject"]): void {
    if (this.#score !== null) throw new QuestionFailure("a question was asked after the scorer had ended");
    let isKnown = false;
    for (let index = 0; index < this.#names.length; index += 1) isKnown ||= this.#names[index] === name;
    if (!isKnown) {
      throw new QuestionFailure(
        `the scorer declares no question ${typeof name === "string" ? stringify(name) : "of that name"}; under asks there is ${list(this.#names)}`
      );
    }
    if (this.#asked === mostQuestions)
      throw new QuestionFailure(`the scorer asked more than ${mostQuestions} questions in one call`);
    const text = stringify(material, refuseWhole) as string | undefined;
    if (text === undefined) throw new QuestionFailure("the material of a question is nothing that JSON can say");
    if (text.length > mostMaterial) {
      throw new QuestionFailure(
        `the material of a question has ${text.length} characters, more than ${mostMaterial}; ask about a part`
      );
    }
    this.#asked += 1;
    // The property is made at its place, because scorer code may have replaced what lists can do.
    this.#fresh[this.#fresh.length] = {
      text: `{"name":${stringify(name)},"material":${stringify(text)}}`,
      resolve,
      reject
    };
    this.#endSoon();
  }

  /** Ends the turn once all that can go on has gone on, if the call waits then. */
  #endSoon(): void {
    if (this.#fresh.length > 0) later(() => this.#fresh.length > 0 && this.#endTurn?.(), 0);
  }

  #end(read: () => Score): void {
    if (this.#score !== null) return;
    try {
      this.#score = read();
    } catch (error) {
      this.#score = failedScore(sentence(error));
    }
    dropTimers(this.#timers);
    this.#endTurn?.();
  }
}

/** A trace as a whole shows nothing of itself as JSON. */
function refuseWhole(_key: string, value: unknown): unknown {
  if (value instanceof TraceView)
    throw new QuestionFailure(
      "a question is about parts of a trace, such as trace.messages, not about the trace itself"
    );
  return value;
}

/**
 * Takes turns until the host has gone.
 *
 * @param names      of the questions that the scorer declares
 * @param timeoutMs  what a call has in all
 */
export async function takeTurns(
  frames: ChildFrames,
  scorer: Scorer,
  names: readonly string[],
  timeoutMs: number
): Promise<void> {
  const calls: (OpenCall | null)[] = [];
  for (let slot = 0; slot < turnSlots; slot += 1) calls[slot] = null;
  while (frames.read() !== null) {
    const head = parse(frames.next()) as TurnHead;
    if ("call" in head) {
      const call = new OpenCall(scorer, names);
      calls[head.slot] = call;
      call.begin(new OpenTrace(frames.next()), head.call);
    } else calls[head.slot]!.goOn(head.answers);
    const call = calls[head.slot]!;
    await call.takeTurn(head.leftMs, timeoutMs);
    frames.write(call.report());
  }
}
