import { Fault, isFault } from "#lib/model/fault.ts";
import { hideVerdict, isKeptBlind, type Queue, type QueueItem } from "#lib/model/queue.ts";
import type { Hold, Judgement } from "#lib/model/review.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { People } from "#lib/ports/people.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { ReviewedItem, ReviewItemKey, ReviewReply, ReviewRequest } from "#lib/wire/review.ts";

import { leftOf } from "./fill-pairs.ts";
import { namePeople } from "./name-people.ts";

/** What reviewing needs. */
export interface ReviewDoors {
  readonly people: Pick<People, "namesOf">;
  readonly queues: Pick<Queues, "find" | "findItem">;
  readonly reviews: Reviews;
}

/** Does what a reviewer asks for in a queue; null for what opens nothing. @throws Fault as `Reviews` does */
export async function review(
  doors: ReviewDoors,
  scope: Scope,
  queueId: string,
  request: ReviewRequest
): Promise<ReviewReply | null> {
  const { reviews, queues } = doors;
  const reply = async (item: QueueItem | null, hold: Hold | null, closed: string | null): Promise<ReviewReply> => {
    const queue = await queues.find(scope, queueId);
    return { queue, open: item && (await describe(doors, scope, queue, item, hold, closed)) };
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
      return null;
    case "submit": {
      const { item, rubricVersion, baseVersion, durationMs } = request;
      const judgement = await placeSides(queues, scope, queueId, item, request.judgement);
      await reviews.submit(scope, queueId, item, { judgement, rubricVersion, baseVersion, durationMs });
      return null;
    }
    default:
      throw new Fault("invalid", "nothing known is asked for", { detail: request satisfies never });
  }
}

/** Keeps with a judgement of a pair which trace was shown left: the server's own word, not the page's. */
async function placeSides(
  queues: ReviewDoors["queues"],
  scope: Scope,
  queueId: string,
  key: ReviewItemKey,
  judgement: Judgement
): Promise<Judgement> {
  if (judgement.kind !== "labelled") return judgement;
  const item = await queues.findItem(scope, queueId, key);
  if (item.otherTraceId === null) return judgement;
  const { rule } = await queues.find(scope, queueId);
  const left = leftOf(item, scope.userId, rule.seed);
  return left === null ? judgement : { ...judgement, left };
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
  { reviews, people }: ReviewDoors,
  scope: Scope,
  queue: Queue,
  item: QueueItem,
  held: Hold | null,
  closed: string | null
): Promise<ReviewedItem> {
  const all = await reviews.list(scope, queue.queueId, item);
  const mine = all.find(({ userId }) => userId === scope.userId) ?? null;
  const isKept = isKeptBlind(item, queue.reviewing);
  const others = all.filter(({ userId, judgement }) => userId !== scope.userId && judgement.kind !== "withdrawn");
  return {
    ...{ item: isKept ? hideVerdict(item) : item, closed, mine },
    left: leftOf(item, scope.userId, queue.rule.seed),
    hold: held,
    others: isKept ? null : others,
    names: await namePeople(
      people,
      others.map(({ userId }) => userId)
    )
  };
}
