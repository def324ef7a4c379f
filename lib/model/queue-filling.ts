import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";
import type { RuleCursor, RulePause } from "./scoring-rule.ts";

/** Which traffic keeps filling a queue, and how much of it. */
export interface FillingTerms {
  /** SQL condition over the columns of `traces`, or a question whose traces are meant. */
  readonly predicate: string;
  /** Share of the matching traces that is taken, above 0 and at most 1. */
  readonly rate: number;
  /** Traces that began before are left alone, ms since 1970; null takes all that arrive. */
  readonly fromMs: number | null;
  /** Items in a day of UTC at most; null bounds nothing. */
  readonly dailyCap: number | null;
  /** Items in all at most, 1 to 5,000. */
  readonly totalCap: number;
}

/** What a rule did on a day of UTC. */
export interface FillingDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Traces that match, those that the sample holds, and those that were put into the queue. */
  readonly seen: number;
  readonly sampled: number;
  readonly added: number;
}

/** A rule that keeps filling a queue with traces as they arrive. */
export interface QueueFilling extends FillingTerms {
  readonly queueId: string;
  /** Sorted. The rule sees the traces of these and no others. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly userId: string;
  readonly createdAtMs: number;
  readonly pause: RulePause | null;
  readonly cursor: RuleCursor;
  /** Items that it has put into the queue. */
  readonly added: number;
}

const [mostTotal, longestPredicate] = [5000, 20_000];

/** Terms as they are kept. @throws Fault `invalid` */
export function checkFilling(terms: FillingTerms): FillingTerms {
  const predicate = terms.predicate.trim();
  if (predicate === "" || predicate.length > longestPredicate) {
    throw new Fault("invalid", `the condition has ${predicate.length.toLocaleString("en-US")} characters`, {
      hint: `Write 1 to ${longestPredicate.toLocaleString("en-US")} of them, such as true for all traces.`
    });
  }
  if (!(terms.rate > 0 && terms.rate <= 1)) {
    throw new Fault("invalid", `the chance is ${terms.rate}, and must be above 0 and at most 1`, {
      hint: "1 takes every trace, 0.1 one in ten."
    });
  }
  const isCount = (count: number) => Number.isInteger(count) && count >= 1 && count <= mostTotal;
  if (!isCount(terms.totalCap) || !(terms.dailyCap === null || isCount(terms.dailyCap))) {
    throw new Fault("invalid", `a rule takes 1 to ${mostTotal.toLocaleString("en-US")} traces in all, and in a day`);
  }
  return { ...terms, predicate };
}
