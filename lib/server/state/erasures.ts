import { setImmediate as yieldToLoop } from "node:timers/promises";
import { type Kysely, SqliteAdapter, sql } from "kysely";
import type { AuditEntry, AuditObject, ErasureTarget } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { administersAll } from "#lib/model/grant.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Erasures } from "#lib/ports/erasures.ts";
import { parseEntry } from "../audit/chain.ts";
import { erasureFacts } from "../audit/erasure.ts";
import { pushSeq, type SeqRange } from "../audit/seq-ranges.ts";
import type { SigningKey } from "../audit/signing-key.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Entries that are looked through in one go. */
const sliceRows = 500;

/** Ranges that one record names; an erasure of more has several records. */
const mostRanges = 500;

/** An entry that matches. */
interface Found {
  readonly seq: number;
  /** Null where nothing is beside it any more. */
  readonly digest: string | null;
  readonly units: readonly string[];
}

/** Erasures in the state database. @param key  that signs their records, as it signs checkpoints */
export function openErasures(db: Kysely<StateTables>, clock: Clock, key: SigningKey): Erasures {
  const find = async (scope: Scope, target: ErasureTarget, signal: AbortSignal): Promise<readonly Found[]> => {
    if (!administersAll(scope))
      throw new Fault("denied", "the audit trail is erased from by who administers every unit");
    const found: Found[] = [];
    const id = JSON.stringify(target.kind === "person" ? target.userId : target.object.id);
    for (let after = 0; ; ) {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom("audit_entries as e")
        .leftJoin("audit_payloads as p", "p.digest", "e.payload_digest")
        .select(["e.seq", "e.body", "p.digest"])
        .where("e.seq", ">", after)
        .orderBy("e.seq")
        .limit(sliceRows)
        .execute();
      for (const { seq, body, digest } of rows) {
        if (!body.includes(id)) continue;
        const entry = parseEntry(JSON.parse(body));
        if (matches(entry, target)) found.push({ seq: Number(seq), digest, units: entry.units });
      }
      if (rows.length < sliceRows) return found;
      after = Number(rows.at(-1)!.seq);
      await yieldToLoop();
    }
  };

  return {
    async count(scope, target, signal) {
      const found = await find(scope, target, signal);
      return { entries: found.length, payloads: found.filter(({ digest }) => digest !== null).length };
    },

    async erase(scope, target, reason, signal) {
      const found = await find(scope, target, signal);
      const payloads = await db.transaction().execute(async (writer) => {
        const gone = new Set<string>();
        const digests = found.flatMap(({ digest }) => digest ?? []);
        for (let at = 0; at < digests.length; at += sliceRows) {
          const part = digests.slice(at, at + sliceRows);
          const rows = await writer
            .deleteFrom("audit_payloads")
            .where("digest", "in", part)
            .returning("digest")
            .execute();
          for (const { digest } of rows) gone.add(digest);
        }
        // What somebody else destroyed in the meantime is in their record.
        const destroyed = found.filter(({ digest }) => digest !== null && gone.has(digest));
        const ranges: SeqRange[] = [];
        for (const { seq } of destroyed) pushSeq(ranges, seq);
        // Where something concerned the workbench as a whole, so does the record.
        const isOfUnits = destroyed.every(({ units }) => units.length > 0);
        const units = isOfUnits ? destroyed.flatMap((entry) => entry.units) : [];
        for (let at = 0; at < ranges.length; at += mostRanges) {
          const object = objectOf(target);
          const facts = erasureFacts(key, object, ranges.slice(at, at + mostRanges));
          await recordIn(writer, scope, { action: "erasure.completed", object, units, purpose: reason, facts }, clock);
        }
        return gone.size;
      });
      // Until then the log of SQLite holds pages as they were before.
      if (payloads > 0 && db.getExecutor().adapter instanceof SqliteAdapter)
        await sql`pragma wal_checkpoint(truncate)`.execute(db);
      return { entries: found.length, payloads };
    }
  };
}

/** The record of an erasure is never erased itself: it names nobody but by an id. */
function matches({ action, actor, object }: AuditEntry, target: ErasureTarget): boolean {
  if (action === "erasure.completed") return false;
  const { kind, id } = objectOf(target);
  return (object.kind === kind && object.id === id) || (target.kind === "person" && actor.id === id);
}

function objectOf(target: ErasureTarget): AuditObject {
  return target.kind === "person" ? { kind: "person", id: target.userId } : target.object;
}
