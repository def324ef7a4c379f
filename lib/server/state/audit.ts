import { setImmediate as yieldToLoop } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { AuditCheckpoint, AuditFilter, AuditVerdict, SeenAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Audit } from "#lib/ports/audit.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { formatAuditInstant } from "../audit/chain.ts";
import { ChainCheck } from "../audit/chain-check.ts";
import { appendCheckpoint, readCheckpoints } from "../audit/checkpoint-file.ts";
import { formatTrail, formatTrailCsv } from "../audit/exported-trail.ts";
import { auditsAll, cutVerdict, isOfScope, showLink } from "../audit/seen-entry.ts";
import { findCheckpointDefect, parsePublicKeys, type SigningKey } from "../audit/signing-key.ts";
import { findPlace, readHead, readLinks, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Links that are read in one go: some 10 ms of work on this thread. */
const sliceRows = 200;

/** Places in the chain that one list looks through at most; the page goes on from there. */
const mostSearched = 100_000;

/** Where checkpoints are signed and kept. */
export interface AuditSeal {
  readonly key: SigningKey;
  /** More public keys whose checkpoints hold, in PEM: those that signed before. */
  readonly formerKeys: string | null;
  /** Files outside the database, the first of them is held against the state when the trail is verified. */
  readonly files: readonly string[];
}

/** The audit trail in the state database, with checkpoints in it and outside. */
export function openAudit(db: Kysely<StateTables>, clock: Clock, { key, formerKeys, files }: AuditSeal): Audit {
  const trusted = parsePublicKeys(key.publicKey + (formerKeys ?? ""));
  const listCheckpoints = async (): Promise<readonly AuditCheckpoint[]> => {
    const rows = await db.selectFrom("audit_checkpoints").selectAll().orderBy("seq").orderBy("signed_at").execute();
    return rows.map((row) => ({
      seq: Number(row.seq),
      hash: row.hash,
      at: row.signed_at,
      keyId: row.key_id,
      signature: row.signature
    }));
  };

  /** A verdict as the scope is told. @param own  entries of its units */
  const tell = async (verdict: AuditVerdict, own: number, scope: Scope): Promise<AuditVerdict> => {
    if (auditsAll(scope)) return verdict;
    const seqs = new Set<number>();
    for (const { seq } of verdict.defects) {
      const [link] = await readLinks(db, { after: seq - 1, before: seq + 1 });
      if (link && isOfScope(link, scope)) seqs.add(seq);
    }
    return cutVerdict(verdict, own, seqs);
  };

  /** Records of erasures after an entry. */
  const listErasures = async (after: number, scope: Scope) =>
    (await readLinks(db, { after }, { action: "erasure.completed" })).flatMap((link) => showLink(link, scope) ?? []);

  async function* read(scope: Scope, filter: AuditFilter, signal: AbortSignal): AsyncGenerator<SeenAuditEntry> {
    const { seq: last } = await readHead(db);
    let after = filter.fromMs === undefined ? 0 : (await findPlace(db, filter.fromMs)) - 1;
    for (; after < last; after += sliceRows) {
      signal.throwIfAborted();
      const links = await readLinks(db, { after, before: Math.min(after + sliceRows, last) + 1 }, filter);
      for (const link of links) {
        const entry = showLink(link, scope);
        if (entry) yield entry;
      }
      await yieldToLoop();
    }
  }

  return {
    async *export(scope, filter, format, signal) {
      const entries = read(scope, filter, signal);
      if (format === "csv") {
        yield* formatTrailCsv(entries);
        return;
      }
      const { fromMs, toMs: _, ...picked } = filter;
      const last = filter.toMs === undefined ? (await readHead(db)).seq : (await findPlace(db, filter.toMs + 1)) - 1;
      const first = fromMs === undefined ? 0 : await findPlace(db, fromMs);
      const isCut = !auditsAll(scope);
      const isPartial = isCut || Object.values(picked).some((value) => value !== undefined);
      // Who sees entries cut has nothing to check by them, and they tell how much others did.
      const checkpoints = isCut ? [] : (await listCheckpoints()).filter(({ seq }) => seq >= first && seq <= last);
      const erasures = isCut ? [] : await listErasures(isPartial ? 0 : last, scope);
      yield* formatTrail({ filter, isPartial, publicKey: key.publicKey, checkpoints, erasures }, entries);
    },

    async record(scope, entry) {
      try {
        await db.transaction().execute((transaction) => recordIn(transaction, scope, entry, clock));
      } catch (error) {
        throw new Fault("broken", "this could not be written to the audit trail, so it was not done", {
          hint: "Try again; if it stays so, look at the state database: its disk may be full.",
          cause: error
        });
      }
    },

    async list(scope, filter, { before, limit }) {
      const { seq: last } = await readHead(db);
      const first = filter.fromMs === undefined ? 1 : await findPlace(db, filter.fromMs);
      let end = before === undefined ? last + 1 : Math.min(before, last + 1);
      const floor = Math.max(first, end - mostSearched);
      const entries: SeenAuditEntry[] = [];
      while (end > floor && entries.length < limit) {
        const after = Math.max(floor, end - sliceRows) - 1;
        const links = await readLinks(db, { after, before: end }, filter);
        end = after + 1;
        for (const link of links.toReversed()) {
          const entry = showLink(link, scope);
          if (!entry) continue;
          entries.push(entry);
          if (entries.length < limit) continue;
          end = link.seq;
          break;
        }
        await yieldToLoop();
      }
      return { entries, before: end > first ? end : null };
    },

    async verify(scope, signal) {
      const check = new ChainCheck({ trusted, isWhole: true });
      const kept = await listCheckpoints();
      const known = new Set(kept.map(({ signature }) => signature));
      const outside = files[0] === undefined ? [] : await readCheckpoints(files[0]);
      const lost = outside.filter(({ signature }) => !known.has(signature));
      for (const [index, checkpoint] of [...kept, ...lost].entries()) {
        const defect = findCheckpointDefect(checkpoint, trusted);
        if (defect) check.note(checkpoint.seq, defect);
        else check.sign(checkpoint);
        if (index >= kept.length && !defect) {
          check.note(checkpoint.seq, `the checkpoint of ${checkpoint.at} is gone from the state`);
        }
        if (index % sliceRows === 0) await yieldToLoop();
        signal.throwIfAborted();
      }
      const head = await readHead(db);
      check.expect(head.seq, head.hash);
      let own = 0;
      for (let after = 0; ; ) {
        signal.throwIfAborted();
        const links = await readLinks(db, { after, limit: sliceRows });
        for (const link of links) {
          check.take(link);
          if (isOfScope(link, scope)) own += 1;
        }
        if (links.length < sliceRows) return tell(check.end(), own, scope);
        after = links.at(-1)!.seq;
        await yieldToLoop();
      }
    },

    async checkpoint() {
      const { seq, hash } = await readHead(db);
      const last = await db
        .selectFrom("audit_checkpoints")
        .select("seq")
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      if (last !== undefined && Number(last.seq) >= seq) return undefined;
      const checkpoint = key.sign({ seq, hash, at: formatAuditInstant(clock.nowMs()) });
      const { at, keyId, signature } = checkpoint;
      await db
        .insertInto("audit_checkpoints")
        .values({ signature, seq, hash, signed_at: at, key_id: keyId })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const file of files) await appendCheckpoint(file, checkpoint);
      return checkpoint;
    }
  };
}
