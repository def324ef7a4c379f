import { Fault } from "#lib/model/fault.ts";
import { decidedUnits, type Queue, type QueueItem } from "#lib/model/queue.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { People } from "#lib/ports/people.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import type { AdjudicationReply, AdjudicationRequest } from "#lib/wire/adjudication.ts";
import { namePeople } from "./name-people.ts";

/** What adjudicating needs. */
export interface AdjudicateDoors {
  readonly people: Pick<People, "namesOf">;
  readonly queues: Pick<Queues, "find" | "findItem">;
  readonly reviews: Pick<Reviews, "listAll">;
  readonly adjudications: Adjudications;
}

/**
 * Does what an adjudicator asks for in a queue.
 *
 * @param administered  units that the one who asks administers; who is named by the queue decides in all they may judge
 * @throws Fault `denied` for anybody else; as `Adjudications` does
 */
export async function adjudicate(
  doors: AdjudicateDoors,
  scope: Scope,
  administered: readonly BusinessUnit[],
  queueId: string,
  request: AdjudicationRequest
): Promise<AdjudicationReply> {
  const { queues, adjudications } = doors;
  const own = adjudicatorScope(await queues.find(scope, queueId), scope, administered);
  const reply = async (item: QueueItem | null): Promise<AdjudicationReply> => ({
    queue: await queues.find(own, queueId),
    open: item && (await describe(doors, own, queueId, item))
  });
  switch (request.kind) {
    case "next":
      return reply(await adjudications.findNext(own, queueId, request.after));
    case "open":
      return reply(await queues.findItem(own, queueId, request.item));
    case "decide": {
      const { item, label, reason, rubricVersion, baseVersion } = request;
      await adjudications.decide(own, queueId, item, { label, reason, rubricVersion, baseVersion });
      return reply(null);
    }
    default:
      throw new Fault("invalid", "nothing known is asked for", { detail: request satisfies never });
  }
}

/** @throws Fault `denied` where the asker decides in no unit of the queue */
function adjudicatorScope(queue: Queue, scope: Scope, administered: readonly BusinessUnit[]): Scope {
  const businessUnits = decidedUnits(queue, scope.userId, administered);
  if (businessUnits.length > 0) return { ...scope, businessUnits };
  throw new Fault("denied", "you do not decide what is contested in this queue", {
    hint: "Those do whom the queue names, and those who administer its business unit."
  });
}

async function describe(doors: AdjudicateDoors, scope: Scope, queueId: string, item: QueueItem) {
  const [reviews, decisions] = await Promise.all([
    doors.reviews.listAll(scope, queueId, item),
    doors.adjudications.list(scope, queueId, item)
  ]);
  return {
    item,
    reviews: reviews.filter(({ judgement }) => judgement.kind !== "withdrawn"),
    decided: decisions[0] ?? null,
    names: await namePeople(
      doors.people,
      reviews.map(({ userId }) => userId)
    )
  };
}
