import { randomBytes } from "node:crypto";
import type { Kysely, Selectable, Transaction } from "kysely";
import type { AuditEntry, AuditFilter, AuditPayload, NewAuditEntry } from "#lib/model/audit.ts";
import { rightsOf } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { canonicalJson, readJson } from "#lib/scoring/json-value.ts";
import { formatAuditInstant, formatEntry, linkHash, payloadJson, saltedDigest, sha256 } from "../audit/chain.ts";
import { type KeptLink, linkColumns } from "../audit/chain-check.ts";
import { systemClock } from "../clock.ts";
import type { StateTables } from "./schema.ts";

/** Longest text of a person or a program that an entry keeps. */
const longestText = 1000;

/** Changes when the table of roles and rights does. */
const policyVersion = sha256(canonicalJson(rightsOf)).slice(0, 16);

/** One id for what an act did to many things at once. */
export function digestOf(ids: Json): string {
  return sha256(canonicalJson(ids));
}

/** What acts of itself, asked by nobody. */
export const programScope: Scope = { userId: "tracebook", roles: [], businessUnits: [] };

/**
 * Adds an entry to the audit trail, within the transaction that does what it tells of: both are kept or neither is.
 *
 * Call it last. From its first statement on the head of the chain is this transaction's alone, so a transaction that
 * goes on writing would keep all others waiting, and on PostgreSQL two that write in another order would block each other.
 */
export async function recordIn(
  transaction: Transaction<StateTables>,
  scope: Scope,
  entry: NewAuditEntry,
  clock: Clock = systemClock
): Promise<void> {
  const { via } = scope;
  const salt = randomBytes(16).toString("hex");
  const payload = payloadJson(payloadOf(scope, entry));
  const payloadSha256 = saltedDigest(salt, payload);
  await transaction
    .insertInto("audit_payloads")
    .values({ digest: payloadSha256, salt, payload: canonicalJson(payload) })
    .execute();
  const head = await transaction
    .updateTable("audit_head")
    .set(({ eb }) => ({ seq: eb("seq", "+", 1) }))
    .where("head_id", "=", 1)
    .returning(["seq", "hash", "at_ms"])
    .executeTakeFirstOrThrow();
  const [nowMs, seq] = [clock.nowMs(), Number(head.seq)];
  const atMs = Math.max(nowMs, Number(head.at_ms));
  const link: AuditEntry = {
    seq,
    at: formatAuditInstant(atMs),
    clockAt: nowMs < atMs ? formatAuditInstant(nowMs) : null,
    actor: {
      kind: via?.kind ?? "system",
      id: scope.userId,
      roles: via?.roles ?? scope.roles.map((role) => `*:${role}`),
      units: scope.businessUnits
    },
    auth: { method: via?.method ?? "program", sessionId: via?.sessionId ?? null, mfa: null },
    requestId: via?.requestId ?? null,
    action: entry.action,
    object: { ...entry.object, id: cut(entry.object.id) ?? "" },
    units: [...new Set(entry.units)].sort(),
    outcome: entry.outcome ?? "success",
    reason: cut(entry.reason),
    facts: entry.facts ?? {},
    beforeSha256: entry.before === undefined ? null : saltedDigest(salt, entry.before),
    afterSha256: entry.after === undefined ? null : saltedDigest(salt, entry.after),
    payloadSha256,
    policyVersion,
    previousHash: head.hash
  };
  const body = formatEntry(link);
  const hash = linkHash(head.hash, body);
  const { actorId, action, outcome, businessUnits } = linkColumns(link);
  await transaction
    .insertInto("audit_entries")
    .values({
      ...{ seq, at_ms: atMs, actor_id: actorId, action, outcome, business_units: businessUnits },
      ...{ payload_digest: payloadSha256, body, hash }
    })
    .execute();
  await transaction.updateTable("audit_head").set({ hash, at_ms: atMs }).where("head_id", "=", 1).execute();
}

function payloadOf({ via }: Scope, { title, purpose, diff }: NewAuditEntry): AuditPayload {
  return {
    ip: via?.ip ?? null,
    userAgent: cut(via?.userAgent),
    title: cut(title),
    purpose: cut(purpose),
    diff: diff ?? null
  };
}

/** A text that JSON can carry to anyone, no longer than the trail keeps. */
function cut(text: string | null | undefined): string | null {
  return text?.slice(0, longestText).toWellFormed() ?? null;
}

/** Some links by place in the chain, the oldest first: those after `after` and before `before`. */
export async function readLinks(
  db: Kysely<StateTables>,
  part: { readonly after: number; readonly before?: number; readonly limit?: number },
  filter: AuditFilter = {}
): Promise<readonly (KeptLink & { readonly columns: object })[]> {
  let query = db
    .selectFrom("audit_entries as e")
    .leftJoin("audit_payloads as p", "p.digest", "e.payload_digest")
    .selectAll("e")
    .select(["p.salt", "p.payload"])
    .where("e.seq", ">", part.after)
    .orderBy("e.seq");
  if (part.before !== undefined) query = query.where("e.seq", "<", part.before);
  if (part.limit !== undefined) query = query.limit(part.limit);
  const { actorId, action, businessUnit, outcome, fromMs, toMs } = filter;
  if (actorId !== undefined) query = query.where("e.actor_id", "=", actorId);
  if (action !== undefined) {
    query = action.includes(".")
      ? query.where("e.action", "=", action)
      : query.where("e.action", "like", `${action}.%`);
  }
  if (businessUnit !== undefined) query = query.where("e.business_units", "like", `%,${businessUnit},%`);
  if (outcome !== undefined) query = query.where("e.outcome", "=", outcome);
  if (fromMs !== undefined) query = query.where("e.at_ms", ">=", fromMs);
  if (toMs !== undefined) query = query.where("e.at_ms", "<=", toMs);
  return (await query.execute()).map(toLink);
}

/** Number, hash and time of the newest link; number 0 and the hash that the first begins at where there is none. */
export async function readHead(db: Kysely<StateTables>): Promise<{ readonly seq: number; readonly hash: string }> {
  const head = await db.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
  return { seq: Number(head.seq), hash: head.hash };
}

/** The first place whose entry is not before an instant; one past the end where there is none. Times only rise along the chain. */
export async function findPlace(db: Kysely<StateTables>, atMs: number): Promise<number> {
  let [low, high] = [1, (await readHead(db)).seq + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await db
      .selectFrom("audit_entries")
      .select(["seq", "at_ms"])
      .where("seq", ">=", middle)
      .orderBy("seq")
      .limit(1)
      .executeTakeFirst();
    if (row && Number(row.at_ms) < atMs) low = Number(row.seq) + 1;
    else high = middle;
  }
  return low;
}

function toLink(
  row: Selectable<StateTables["audit_entries"]> & { readonly salt: string | null; readonly payload: string | null }
) {
  return {
    seq: Number(row.seq),
    hash: row.hash,
    body: row.body,
    kept: row.salt === null || row.payload === null ? null : { salt: row.salt, payload: readJson(row.payload) },
    columns: {
      atMs: Number(row.at_ms),
      actorId: row.actor_id,
      action: row.action,
      outcome: row.outcome,
      businessUnits: row.business_units
    }
  };
}
