import { setImmediate as yieldToLoop } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { QueueState } from "#lib/model/queue.ts";
import { type Judgement, readJudgement } from "#lib/model/review.ts";
import type { Vote, Votes } from "#lib/ports/votes.ts";
import { readRules } from "./queue-rows.ts";
import type { StateTables } from "./schema.ts";

const chunkRows = 2000;

/** Votes in the state database. */
export function openVotes(db: Kysely<StateTables>): Votes {
  return {
    async list(scope, queueId, isWhole) {
      await readRules(db, scope, queueId);
      const newest = new Map<string, Vote>();
      let after: readonly [string, string, string, number] | null = null;
      for (;;) {
        const rows = await readChunk(db, queueId, scope.businessUnits, isWhole, after);
        for (const row of rows) {
          const kind = row.kind as Judgement["kind"];
          // Versions come in order, so that the last of them stays.
          newest.set(`${row.business_unit}/${row.trace_id}/${row.user_id}`, {
            ...{ traceId: row.trace_id, businessUnit: row.business_unit, userId: row.user_id },
            ...{ kind, label: row.label, durationMs: Number(row.duration_ms), state: row.state as QueueState },
            ...(isWhole && kind === "labelled" ? restOf(row.judgement) : { scales: {}, left: null })
          });
        }
        const last = rows.at(-1);
        if (!last || rows.length < chunkRows) break;
        after = [last.business_unit, last.trace_id, last.user_id, last.version];
        // SQLite works on this thread: pages get their turn in between.
        await yieldToLoop();
      }
      return [...newest.values()].filter(({ kind }) => kind !== "withdrawn");
    },

    async readStamp(scope, queueId) {
      const parts = await Promise.all([
        ...(["reviews", "adjudications", "gold_items"] as const).map((table) =>
          db
            .selectFrom(table)
            .select(({ fn }) => [fn.countAll().as("count"), fn.max("made_at").as("last")])
            .where("queue_id", "=", queueId)
            .where("business_unit", "in", ["", ...scope.businessUnits])
            .executeTakeFirst()
        ),
        db
          .selectFrom("queue_items")
          .select(({ fn }) => [fn.countAll().as("count"), sql<number>`0`.as("last")])
          .where("queue_id", "=", queueId)
          .where("business_unit", "in", ["", ...scope.businessUnits])
          .executeTakeFirst()
      ]);
      return parts.map((part) => `${Number(part?.count)}/${Number(part?.last)}`).join(" ");
    }
  };
}

function readChunk(
  db: Kysely<StateTables>,
  queueId: string,
  businessUnits: readonly string[],
  isWhole: boolean,
  after: readonly [string, string, string, number] | null
) {
  let query = db
    .selectFrom("reviews as r")
    .innerJoin("queue_items as i", (join) =>
      join
        .onRef("i.queue_id", "=", "r.queue_id")
        .onRef("i.business_unit", "=", "r.business_unit")
        .onRef("i.trace_id", "=", "r.trace_id")
    )
    .select([
      "r.business_unit",
      "r.trace_id",
      "r.user_id",
      "r.version",
      "r.kind",
      "r.label",
      "r.duration_ms",
      "i.state"
    ])
    .select(isWhole ? "r.judgement" : sql<string>`''`.as("judgement"))
    .where("r.queue_id", "=", queueId)
    .where("r.business_unit", "in", ["", ...businessUnits]);
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("r.business_unit", "r.trace_id", "r.user_id", "r.version"), ">", tuple(...after))
    );
  return query
    .orderBy("r.business_unit")
    .orderBy("r.trace_id")
    .orderBy("r.user_id")
    .orderBy("r.version")
    .limit(chunkRows)
    .execute();
}

function restOf(judgement: string): Pick<Vote, "scales" | "left"> {
  const said = readJudgement(judgement);
  return said.kind === "labelled" ? { scales: said.scales, left: said.left ?? null } : { scales: {}, left: null };
}
