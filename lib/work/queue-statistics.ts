import { decidedUnits, isKeptBlind, type Queue } from "#lib/model/queue.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { GoldItems } from "#lib/ports/gold-items.ts";
import type { People } from "#lib/ports/people.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Vote, Votes } from "#lib/ports/votes.ts";
import type { PairWins, QueueAgreement, QueueNumbersReply } from "#lib/wire/queue-numbers.ts";
import { namePeople } from "./name-people.ts";
import { compareReviewers, countReviewers, timesOf } from "./queue-numbers.ts";
import { countWins } from "./queue-wins.ts";

/** What the numbers of queues are counted from. */
export interface StatisticsDoors {
  readonly queues: Pick<Queues, "find" | "countVerdicts" | "listItems">;
  readonly votes: Votes;
  readonly people: Pick<People, "namesOf">;
  readonly goldItems: Pick<GoldItems, "list">;
  readonly elapsedMs: () => number;
}

/** What was counted of a queue as one scope sees it. */
interface Counted {
  readonly stamp: string;
  readonly votes: readonly Vote[];
  /** Those that are not kept blind from who asks. */
  readonly told: ReadonlySet<Vote>;
  agreement: Promise<QueueAgreement | null> | null;
  /** When the count ended, and how long it took. */
  atMs: number;
  tookMs: number;
}

const mostKept = 50;

/** Counting may take one part in so many of the time, however many people submit at once. */
const restTimes = 20;

/** Numbers are never older than this where something changed. */
const mostRestMs = 2_000;

/** Numbers of queues, counted again when something changed, but never all the time. */
export class QueueStatistics {
  readonly #doors: StatisticsDoors;
  readonly #kept = new Map<string, Promise<Counted>>();

  constructor(doors: StatisticsDoors) {
    this.#doors = doors;
  }

  /**
   * How far a queue is, who did how much in which time, and how far they agree.
   *
   * @param administered  units that the one who asks administers; in those, nothing is kept blind
   * @throws Fault `missing`
   */
  async read(
    scope: Scope,
    administered: readonly BusinessUnit[],
    queueId: string
  ): Promise<Omit<QueueNumbersReply, "canExport">> {
    const { queues, goldItems, people } = this.#doors;
    const queue = await queues.find(scope, queueId);
    const isOwner = queue.businessUnits.every((unit) => administered.includes(unit));
    const decided = decidedUnits(queue, scope.userId, administered);
    const counted = await this.#count(scope, queue, decided);
    const { votes, told } = counted;
    const isSeen = (vote: Vote) => told.has(vote) || vote.userId === scope.userId;
    const gold = isOwner ? await goldItems.list(scope, queueId) : null;
    const reviewers = countReviewers(votes, isSeen, gold);
    return {
      ...{ items: queue.items, done: queue.done, contested: queue.contested, isOwner },
      decides: decided.length > 0,
      isHidden: told.size < votes.length,
      medianMs: timesOf(votes.filter(isSeen)).medianMs,
      reviewers,
      names: await namePeople(
        people,
        reviewers.map(({ userId }) => userId)
      ),
      agreement: await this.#compare(counted, queue),
      wins: queue.reviewing.mode === "labels" ? null : await this.#countWins(scope, queue, told),
      verdicts: await queues.countVerdicts(scope, queueId)
    };
  }

  async #count(scope: Scope, queue: Queue, decided: readonly BusinessUnit[]): Promise<Counted> {
    const { votes, elapsedMs } = this.#doors;
    const key = [queue.queueId, scope.businessUnits, decided, queue.rubric.version].join(" ");
    const kept = await this.#kept.get(key)?.catch(() => undefined);
    const stamp = await votes.readStamp(scope, queue.queueId);
    if (kept && (kept.stamp === stamp || elapsedMs() - kept.atMs < Math.min(mostRestMs, restTimes * kept.tookMs)))
      return kept;
    const from = elapsedMs();
    const counting = votes
      .list(scope, queue.queueId, queue.rubric.scales.length > 0 || queue.reviewing.mode === "pairs")
      .then((list) => {
        const atMs = elapsedMs();
        const told = list.filter((vote) => decided.includes(vote.businessUnit) || !isKeptBlind(vote, queue.reviewing));
        return { stamp, votes: list, told: new Set(told), agreement: null, atMs, tookMs: atMs - from };
      });
    this.#kept.delete(key);
    this.#kept.set(key, counting);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return counting;
  }

  async #countWins(scope: Scope, { queueId, items }: Queue, told: ReadonlySet<Vote>): Promise<readonly PairWins[]> {
    return countWins(await this.#doors.queues.listItems(scope, queueId, { offset: 0, limit: items }), [...told]);
  }

  /** Of those who ask meanwhile, none is counted for anew. */
  #compare(counted: Counted, queue: Queue): Promise<QueueAgreement | null> {
    const from = this.#doors.elapsedMs();
    counted.agreement ??= compareReviewers([...counted.told], queue.rubric, new AbortController().signal).finally(
      () => {
        counted.atMs = this.#doors.elapsedMs();
        counted.tookMs += counted.atMs - from;
      }
    );
    return counted.agreement;
  }
}
