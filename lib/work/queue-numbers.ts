import { quantile } from "#lib/math/quantile.ts";
import { pairAgreementSteps, raterAgreementSteps, scaleAgreementSteps } from "#lib/math/rater-agreement.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import type { GoldItem } from "#lib/model/gold-item.ts";
import type { Rubric } from "#lib/model/rubric.ts";
import type { Vote } from "#lib/ports/votes.ts";
import type { GoldAccuracy, JudgementTimes, QueueAgreement, ReviewerNumbers } from "#lib/wire/queue-numbers.ts";
import { takeSteps } from "./take-steps.ts";

/** Pairs of reviewers that are shown. */
const mostPairs = 20;

type Labelled = Vote & { readonly label: string };

/**
 * What each reviewer has done, who judged most first.
 *
 * @param isTold  of a judgement, whether it counts for more than how many there are
 * @param gold  null where none are to be counted
 */
export function countReviewers(
  votes: readonly Vote[],
  isTold: (vote: Vote) => boolean,
  gold: readonly GoldItem[] | null
): readonly ReviewerNumbers[] {
  const known = gold && gold.length > 0 ? new Map(gold.map((item) => [keyOf(item), item.label])) : null;
  return [...Map.groupBy(votes, ({ userId }) => userId)]
    .map(([userId, own]) => ({
      userId,
      ...timesOf(own.filter(isTold)),
      judgements: own.filter(isLabelled).length,
      skipped: own.filter(({ kind }) => kind === "skipped").length,
      gold: known && accuracyOf(own, known)
    }))
    .sort((a, b) => b.judgements - a.judgements || (a.userId < b.userId ? -1 : 1));
}

function accuracyOf(own: readonly Vote[], known: ReadonlyMap<string, string>): GoldAccuracy {
  const judged = own.filter((vote) => isLabelled(vote) && known.has(keyOf(vote)));
  const hits = judged.filter((vote) => known.get(keyOf(vote)) === vote.label).length;
  return { hits, n: judged.length, interval: wilsonInterval(hits, judged.length) };
}

/** How long the labels among some judgements took. */
export function timesOf(votes: readonly Vote[]): JudgementTimes {
  const sorted = votes
    .filter(isLabelled)
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  return { judgements: sorted.length, medianMs: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9) };
}

/** How far reviewers agree, with intervals by drawing whole items again; null where no two judged the same. */
export async function compareReviewers(
  votes: readonly Vote[],
  rubric: Pick<Rubric, "labels" | "scales">,
  signal: AbortSignal
): Promise<QueueAgreement | null> {
  const labelled = votes.filter(isLabelled);
  const labels = [...new Set([...rubric.labels.map(({ name }) => name), ...labelled.map(({ label }) => label)])];
  const classOf = new Map(labels.map((label, at) => [label, at]));
  const items = [...Map.groupBy(labelled, keyOf).values()].filter((said) => said.length > 1);
  if (items.length === 0) return null;
  const classes = items.map((said) => said.map(({ label }) => classOf.get(label)!));
  const pairs = [];
  for (const { first, second, both } of listPairs(items, classOf)) {
    pairs.push({ first, second, ...(await takeSteps(pairAgreementSteps(both, labels.length), signal)) });
  }
  const scales = [];
  for (const { name } of rubric.scales) {
    const numbers = items.map((said) => said.flatMap((vote) => vote.scales[name] ?? []));
    const { n, alphas } = await takeSteps(scaleAgreementSteps(numbers, ["ordinal", "interval"]), signal);
    scales.push({ name, n, ordinal: alphas[0]!, interval: alphas[1]! });
  }
  return {
    labels,
    all: await takeSteps(raterAgreementSteps(classes, labels.length), signal),
    confusion: countConfusion(classes, labels.length),
    pairs,
    scales,
    byLabel: labels.map((label) => ({ label, ...timesOf(labelled.filter((vote) => vote.label === label)) }))
  };
}

/** Ordered pairs of judgements on one item by two people. */
function countConfusion(items: readonly (readonly number[])[], classes: number): readonly (readonly number[])[] {
  const table = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const said of items) {
    said.forEach((one, at) => {
      said.forEach((other, place) => {
        if (at !== place) table[one]![other]!++;
      });
    });
  }
  return table;
}

function listPairs(items: readonly (readonly Labelled[])[], classOf: ReadonlyMap<string, number>) {
  const pairs = new Map<string, { first: string; second: string; both: (readonly [number, number])[] }>();
  for (const said of items) {
    const sorted = [...said].sort((a, b) => (a.userId < b.userId ? -1 : 1));
    sorted.forEach((one, at) => {
      for (const other of sorted.slice(at + 1)) {
        const key = JSON.stringify([one.userId, other.userId]);
        const pair = pairs.get(key) ?? { first: one.userId, second: other.userId, both: [] };
        pair.both.push([classOf.get(one.label)!, classOf.get(other.label)!]);
        pairs.set(key, pair);
      }
    });
  }
  return [...pairs.values()].sort((a, b) => b.both.length - a.both.length).slice(0, mostPairs);
}

const isLabelled = (vote: Vote): vote is Labelled => vote.kind === "labelled" && vote.label !== null;

const keyOf = ({ traceId, businessUnit }: Pick<Vote, "traceId" | "businessUnit">) => `${businessUnit}/${traceId}`;
