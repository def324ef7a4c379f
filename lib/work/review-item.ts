import { krippendorffAlpha } from "#lib/math/krippendorff-alpha.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Queue, QueueItem } from "#lib/model/queue.ts";
import type { Hold, Review } from "#lib/model/review.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { ReviewedItem, ReviewItemKey, ReviewProgress, ReviewReply, ReviewRequest } from "#lib/wire/review.ts";

/** What reviewing needs. */
export interface ReviewDoors {
  readonly queues: Pick<Queues, "find" | "findItem">;
  readonly reviews: Reviews;
}

/** Does what a reviewer asks for in a queue. @throws Fault as `Reviews` does */
export async function review(
  doors: ReviewDoors,
  scope: Scope,
  queueId: string,
  request: ReviewRequest
): Promise<ReviewReply> {
  const { reviews, queues } = doors;
  const reply = async (item: QueueItem | null, hold: Hold | null, closed: string | null): Promise<ReviewReply> => {
    const queue = await queues.find(scope, queueId);
    return { queue, open: item && (await describe(reviews, scope, queue, item, hold, closed)) };
  };
  switch (request.kind) {
    case "next": {
      const next = await reviews.holdNext(scope, queueId, request.after);
      if (!next) return reply(null, null, null);
      const { expiresAtMs, ...item } = next;
      return reply(item, { traceId: item.traceId, businessUnit: item.businessUnit, expiresAtMs }, null);
    }
    case "open": {
      const item = await queues.findItem(scope, queueId, request.item);
      const held = await hold(reviews, scope, queueId, item);
      return typeof held === "string" ? reply(item, null, held) : reply(item, held, null);
    }
    case "release":
      await reviews.release(scope, queueId, request.item);
      return reply(null, null, null);
    case "submit": {
      const { item, judgement, rubricVersion, baseVersion, durationMs } = request;
      await reviews.submit(scope, queueId, item, { judgement, rubricVersion, baseVersion, durationMs });
      return reply(null, null, null);
    }
    default:
      throw new Fault("invalid", "nothing known is asked for", { detail: request satisfies never });
  }
}

/** The hold, or the sentence that says why others keep it. */
async function hold(reviews: Reviews, scope: Scope, queueId: string, item: ReviewItemKey): Promise<Hold | string> {
  try {
    return await reviews.hold(scope, queueId, item);
  } catch (error) {
    if (isFault(error) && error.code === "conflict") return error.message;
    throw error;
  }
}

async function describe(
  reviews: Reviews,
  scope: Scope,
  queue: Queue,
  item: QueueItem,
  held: Hold | null,
  closed: string | null
): Promise<ReviewedItem> {
  const all = await reviews.list(scope, queue.queueId, item);
  const mine = all.find(({ userId }) => userId === scope.userId) ?? null;
  const isHidden = queue.reviewing.isBlind && mine?.judgement.kind !== "labelled";
  return {
    ...{ item, closed, mine },
    hold: held,
    others: isHidden
      ? null
      : all.filter(({ userId, judgement }) => userId !== scope.userId && judgement.kind !== "withdrawn")
  };
}

/** How far a queue is, who judged how much, how long it takes and how far reviewers agree. @throws Fault `missing` */
export async function readProgress(doors: ReviewDoors, scope: Scope, queueId: string): Promise<ReviewProgress> {
  const { items, done } = await doors.queues.find(scope, queueId);
  const reviews = (await doors.reviews.list(scope, queueId)).filter(({ judgement }) => judgement.kind !== "withdrawn");
  const byUser = Map.groupBy(reviews, ({ userId }) => userId);
  const durations = reviews
    .flatMap(({ judgement, durationMs }) => (judgement.kind === "labelled" ? [durationMs] : []))
    .sort((left, right) => left - right);
  return {
    ...{ items, done },
    reviewers: [...byUser]
      .map(([userId, own]) => ({
        userId,
        judged: own.filter(({ judgement }) => judgement.kind === "labelled").length,
        skipped: own.filter(({ judgement }) => judgement.kind === "skipped").length
      }))
      .sort((left, right) => right.judged - left.judged || (left.userId < right.userId ? -1 : 1)),
    medianMs: durations[Math.floor(durations.length / 2)] ?? null,
    agreement: measureAgreement(reviews)
  };
}

function measureAgreement(reviews: readonly Review[]): ReviewProgress["agreement"] {
  const labels = new Map<string, number>();
  const items = new Map<string, number[]>();
  for (const { judgement, traceId, businessUnit } of reviews) {
    if (judgement.kind !== "labelled") continue;
    const label = labels.get(judgement.label) ?? labels.size;
    labels.set(judgement.label, label);
    const key = `${businessUnit}/${traceId}`;
    items.set(key, [...(items.get(key) ?? []), label]);
  }
  const shared = [...items.values()].filter((said) => said.length > 1);
  return shared.length === 0 ? null : { alpha: krippendorffAlpha(shared, "nominal"), n: shared.length };
}
