import { type PairJudgement, winRateSteps } from "#lib/math/win-rate.ts";
import type { QueueItem } from "#lib/model/queue.ts";
import type { Vote } from "#lib/ports/votes.ts";
import type { PairWins } from "#lib/wire/queue-numbers.ts";
import { takeSteps } from "./take-steps.ts";

/** Strata that are told, those with most judgements first. */
const mostStrata = 20;

const wins: Readonly<Record<string, number>> = { first: 1, second: 0, tie: 0.5 };

/** How often the first trace of a pair is better, by stratum. */
export async function countWins(items: readonly QueueItem[], votes: readonly Vote[]): Promise<readonly PairWins[]> {
  const keyOf = ({ traceId, businessUnit }: Pick<QueueItem, "traceId" | "businessUnit">) =>
    `${businessUnit}/${traceId}`;
  const byItem = Map.groupBy(votes, keyOf);
  const told: PairWins[] = [];
  for (const [stratum, own] of Map.groupBy(items, (item) => item.stratum)) {
    const pairs = own
      .map((item) => (byItem.get(keyOf(item)) ?? []).flatMap((vote) => readJudgement(item, vote)))
      .filter((judgements) => judgements.length > 0);
    if (pairs.length === 0) continue;
    const rate = await takeSteps(winRateSteps(pairs), new AbortController().signal);
    told.push({ ...rate, stratum, ties: pairs.flat().filter(({ win }) => win === 0.5).length });
  }
  return told.sort((a, b) => b.n - a.n).slice(0, mostStrata);
}

function readJudgement({ traceId }: QueueItem, { label, left }: Vote): readonly PairJudgement[] {
  const win = label === null ? undefined : wins[label];
  return win === undefined || left === null ? [] : [{ win, isFirstLeft: left === traceId }];
}
