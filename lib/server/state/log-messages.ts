import { hash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { SpanEvent } from "#lib/formats/attribute-sources.ts";
import type { LogMessage } from "#lib/formats/imported.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { LogMessages } from "#lib/ports/log-messages.ts";
import { toDiskFault } from "../disk-full.ts";
import type { StateTables } from "./schema.ts";

/** What is kept at most. */
export interface MessageBounds {
  /** How long a message is kept after it came, in ms. */
  readonly keepMs: number;
  /** Messages of one unit. */
  readonly count: number;
  /** Their bytes. */
  readonly bytes: number;
}

const defaultBounds: MessageBounds = { keepMs: 15 * 60_000, count: 20_000, bytes: 64 * 2 ** 20 };

/** Values of one statement: both databases bind some thirty thousand at most. */
const chunk = 1000;

/** Kept messages in the state database. */
export function openLogMessages(db: Kysely<StateTables>, clock: Clock, bounds = defaultBounds): LogMessages {
  /** Forgotten since they were last counted, without a span. */
  let lost = 0;

  /** The oldest go, until there is room for a quarter more. */
  const makeRoom = async (businessUnit: string): Promise<void> => {
    const ofUnit = db.selectFrom("log_messages").where("business_unit", "=", businessUnit);
    const sums = await ofUnit
      .select([sql<number>`count(*)`.as("n"), sql<number>`coalesce(sum(size_bytes), 0)`.as("bytes")])
      .executeTakeFirstOrThrow();
    let [count, bytes] = [Number(sums.n), Number(sums.bytes)];
    if (count <= bounds.count && bytes <= bounds.bytes) return;
    const kept = await ofUnit.select(["message_id", "size_bytes", "joined"]).orderBy("arrived_at").execute();
    const old: string[] = [];
    for (const row of kept) {
      if (count <= bounds.count * 0.75 && bytes <= bounds.bytes * 0.75) break;
      count -= 1;
      bytes -= Number(row.size_bytes);
      if (Number(row.joined) === 0) lost += 1;
      old.push(row.message_id);
    }
    for (const ids of chunks(old)) await db.deleteFrom("log_messages").where("message_id", "in", ids).execute();
  };

  return {
    async keep(businessUnit, messages) {
      const rows = messages.map((message) => toRow(businessUnit, message, clock.nowMs()));
      const insert = db.transaction().execute(async (transaction) => {
        for (const some of chunks(rows)) {
          await transaction
            .insertInto("log_messages")
            .values(some)
            .onConflict((conflict) => conflict.column("message_id").doNothing())
            .execute();
        }
      });
      await insert.catch(throwDiskFault);
      await makeRoom(businessUnit);
    },

    async list(businessUnit, traceIds) {
      const ofUnit = db.selectFrom("log_messages").where("business_unit", "=", businessUnit);
      if (!(await ofUnit.select("message_id").limit(1).executeTakeFirst())) return [];
      const found = [];
      for (const some of chunks([...new Set(traceIds)]))
        found.push(...(await ofUnit.selectAll().where("trace_id", "in", some).orderBy("said_ns").execute()));
      return found.map((row) => ({
        messageId: row.message_id,
        traceId: row.trace_id,
        spanId: row.span_id,
        timeNs: BigInt(row.said_ns),
        event: JSON.parse(row.event) as SpanEvent,
        joined: Number(row.joined) === 1
      }));
    },

    async markJoined(messageIds) {
      for (const ids of chunks(messageIds))
        await db
          .updateTable("log_messages")
          .set({ joined: 1 })
          .where("message_id", "in", ids)
          .execute()
          .catch(throwDiskFault);
    },

    async forgetOld() {
      const before = clock.nowMs() - bounds.keepMs;
      const waited = await db
        .deleteFrom("log_messages")
        .where("arrived_at", "<", before)
        .where("joined", "=", 0)
        .executeTakeFirst();
      await db.deleteFrom("log_messages").where("arrived_at", "<", before).execute();
      const forgotten = lost + Number(waited.numDeletedRows);
      lost = 0;
      return forgotten;
    }
  };
}

const throwDiskFault = (error: unknown): never => {
  throw toDiskFault(error);
};

function toRow(businessUnit: string, { traceId, spanId, timeNs, event }: LogMessage, nowMs: number) {
  const text = JSON.stringify(event);
  // Twenty digits: as texts they sort as the instants do.
  const saidNs = timeNs.toString().padStart(20, "0");
  return {
    message_id: hash("sha256", `${businessUnit}/${traceId}/${spanId}/${saidNs}/${text}`).slice(0, 32),
    business_unit: businessUnit,
    trace_id: traceId,
    span_id: spanId,
    said_ns: saidNs,
    event: text,
    size_bytes: Buffer.byteLength(text),
    joined: 0,
    arrived_at: nowMs
  };
}

function* chunks<T>(values: readonly T[]): Generator<T[]> {
  for (let at = 0; at < values.length; at += chunk) yield values.slice(at, at + chunk);
}
