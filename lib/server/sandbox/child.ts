// Runs inside the sandbox, bundled into one file. It keeps what it needs of the runtime in its own scope and
// takes everything else away before any scorer code is loaded.

import type { Score } from "../../model/score.ts";
import { failedScore, readVerdict } from "../../scoring/verdict.ts";
import { follow, formatVerdict, isThenable, OpenTrace, openPromise, type Scorer, sentence } from "./child-call.ts";
import { type ChildPipes, openFrames } from "./child-frames.ts";
import { closeGlobals } from "./child-globals.ts";
import { dropTimers, ownTimers, watchTimers } from "./child-timers.ts";
import { takeTurns } from "./child-turns.ts";
import type { FrameHead } from "./frame-head.ts";

declare const Deno: ChildPipes;

const frames = openFrames(Deno);
const { parse, stringify } = JSON;
const now = performance.now.bind(performance);
const later = setTimeout;
const forget = clearTimeout;
const Later = Promise;

/** Verdicts that were worked out are handed over after so long, so that a loop behind them does not cost them. */
const partMs = 100;

/** … and after so many characters, so that no answer is longer than the host takes. */
const partCharacters = 2 ** 20;

/** The score of one call; a promise only where the scorer gave one, since a turn of the loop costs more than a call. */
function scoreOne(scorer: Scorer, trace: OpenTrace, index: number, timeoutMs: number): Score | Promise<Score> {
  try {
    const returned = trace.call(scorer, index);
    return isThenable(returned) ? settle(returned, timeoutMs) : readVerdict(returned);
  } catch (error) {
    return failedScore(sentence(error));
  }
}

function settle(returned: unknown, timeoutMs: number): Promise<Score> {
  return openPromise((resolve) => {
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
    follow(
      returned,
      (value) => answer(() => readVerdict(value)),
      (error) => answer(() => failedScore(sentence(error)))
    );
  });
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
    const { score, target, spanKinds, asks } = (loaded.default ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof score !== "function")
      return refuse("the cell exports no scorer", "End it with: export default scorer({ score: (trace) => … })");
    if (target !== undefined && target !== "trace" && target !== "session" && target !== "span")
      return refuse(`the scorer's target is ${stringify(target)}`, 'It can be "trace", "session" or "span".');
    const kinds = target === "span" && Array.isArray(spanKinds) ? spanKinds.map(String) : null;
    const questions = typeof asks === "object" && asks !== null ? Object.keys(asks) : null;
    frames.write(stringify({ ready: true, target: target ?? "trace", spanKinds: kinds, asks }));
    return { score: score as Scorer["score"], target: target ?? "trace", spanKinds: kinds, questions };
  } catch (error) {
    return refuse(sentence(error).replace("the scorer threw: ", "the scorer does not load: "));
  }
}

// An unhandled rejection of scorer code must not end the sandbox: the next trace has done nothing wrong.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());

if (frames.read() !== null) {
  const { code, timeoutMs } = parse(frames.next()) as { code: string; timeoutMs: number };
  closeGlobals();
  watchTimers();
  const timers: number[] = [];
  const scorer = await load(code);
  if (scorer?.questions) await takeTurns(frames, scorer, scorer.questions, timeoutMs);
  ownTimers(timers);
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
        dropTimers(timers);
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
