import { addSpending, type Budget, noSpending, type Spending } from "#lib/model/budget.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Model, ModelAnswer, ModelFailure, ModelQuestion } from "#lib/ports/model.ts";

/** Whom to ask, and what it may cost. */
export interface Asking {
  readonly model: Model;
  readonly scope: Scope;
  readonly budget: Budget;
}

/** How many questions had no answer for one cause. */
export interface UnansweredCount {
  readonly why: ModelFailure;
  /** Of the first of them. */
  readonly reason: string;
  readonly count: number;
}

/** Causes that lie with the endpoint: the next question would meet them too. */
const ofEndpoint: ReadonlySet<ModelFailure> = new Set(["unreachable", "rejected", "timed out", "rate limited"]);

/** After so many of them in a row nothing more is asked. */
const mostInRow = 5;

/**
 * Asks many questions, a few at once; each is read when there is room for it.
 *
 * @param onAnswer  called with the place of a question and what came of it, as it comes; its promise is waited for
 * @returns answers in the order of the questions
 * @throws the signal's reason when it stops
 */
export async function askAll(
  { model, scope, budget }: Asking,
  questions: Iterable<ModelQuestion> | AsyncIterable<ModelQuestion>,
  onAnswer: (at: number, answer: ModelAnswer) => Promise<void> | void,
  signal: AbortSignal
): Promise<readonly ModelAnswer[]> {
  const answers: ModelAnswer[] = [];
  const source = readOn(questions);
  let next = 0;
  const ask = askTogether({ model, scope, budget });
  const work = async () => {
    for (;;) {
      signal.throwIfAborted();
      const read = await source.next();
      if (read.done) return;
      const at = next++;
      const answer = await ask(read.value, signal);
      answers[at] = answer;
      await onAnswer(at, answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: model.atOnce }, work));
  } finally {
    await source.return();
  }
  return answers;
}

/**
 * Asks questions that come one by one and belong together: an endpoint that fails too often in a row is left alone,
 * and money that others have only set aside is waited for.
 *
 * @returns asks one; throws the signal's reason when it stops
 */
export function askTogether({ model, scope, budget }: Asking) {
  let inRow = 0;
  let givenUp: ModelAnswer | null = null;
  const ask = askWithin((question, signal) => model.ask(scope, question, budget, signal));
  return async (question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer> => {
    const answer: ModelAnswer = givenUp ?? (await ask(question, signal));
    inRow = answer.kind === "failed" && ofEndpoint.has(answer.why) ? inRow + 1 : 0;
    if (inRow >= mostInRow && answer.kind === "failed") givenUp ??= { ...answer, spent: noSpending };
    return answer;
  };
}

/**
 * Asks so that a question is not refused for what others have only set aside: where the budget does not hold it, it
 * waits until one of those has ended and tries again.
 */
function askWithin(ask: (question: ModelQuestion, signal: AbortSignal) => Promise<ModelAnswer>) {
  let [underWay, ended] = [0, 0];
  let next = Promise.withResolvers<void>();
  const wake = () => {
    next.resolve();
    next = Promise.withResolvers();
  };
  return async (question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer> => {
    for (;;) {
      const before = ended;
      underWay++;
      let isRefused = false;
      try {
        const answer = await ask(question, signal);
        const { inputTokens, outputTokens } = answer.spent;
        isRefused = answer.kind === "failed" && answer.why === "over budget" && inputTokens + outputTokens === 0;
        if (!isRefused || (underWay === 1 && ended === before)) return answer;
      } finally {
        underWay--;
        if (!isRefused) ended++;
        if (!isRefused || underWay === 0) wake();
      }
      if (ended === before) await next.promise;
    }
  };
}

/** Hands out one after the other, also to several who ask at once. */
async function* readOn<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void> {
  yield* items;
}

/** Failures by cause, the commonest first. */
export function countUnanswered(answers: readonly ModelAnswer[]): readonly UnansweredCount[] {
  const counts = new Map<ModelFailure, UnansweredCount>();
  for (const answer of answers) {
    if (answer.kind !== "failed") continue;
    const { why, reason } = answer;
    const before = counts.get(why);
    counts.set(why, { why, reason: before?.reason ?? reason, count: (before?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** What some answers cost together. */
export function sumSpending(answers: readonly ModelAnswer[]): Spending {
  return answers.reduce((sum, { spent }) => addSpending(sum, spent), noSpending);
}
