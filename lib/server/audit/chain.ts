import { createHash } from "node:crypto";
import type { AuditEntry, AuditPayload } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import { canonicalJson } from "#lib/scoring/json-value.ts";
import { type Fields, integer, object, optional, record, text } from "#lib/wire/parse.ts";

/** SHA-256 in hex. */
export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What the chain holds of something that is kept apart: to be checked while its salt is there, and by nobody after. */
export function saltedDigest(salt: string, value: Json): string {
  return sha256(salt + canonicalJson(value));
}

/**
 * The hash of a link: SHA-256 of the hash before it and the entry's canonical JSON.
 *
 * @param body  see `formatEntry`
 * @see RFC 8785
 */
export function linkHash(previousHash: string, body: string): string {
  return sha256(previousHash + body);
}

/** An instant as the trail writes it. */
export function formatAuditInstant(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000000Z");
}

const actorTypes = { user: "user", key: "api_key", system: "system" } as const;

/** An entry as the canonical JSON that is hashed, kept and exported; `parseEntry` reads it. */
export function formatEntry(entry: AuditEntry): string {
  const { actor, auth, object: thing } = entry;
  return canonicalJson({
    seq: entry.seq,
    ts: entry.at,
    clock_ts: entry.clockAt,
    actor: {
      type: actorTypes[actor.kind],
      id: actor.id.toWellFormed(),
      roles_at_time: actor.roles,
      bu_scope: actor.units
    },
    auth: { method: auth.method, session_id: auth.sessionId, mfa: auth.mfa },
    origin: { request_id: entry.requestId },
    action: entry.action,
    object: {
      type: thing.kind,
      id: thing.id.toWellFormed(),
      version: thing.version ?? null,
      business_units: entry.units
    },
    outcome: entry.outcome,
    reason: entry.reason?.toWellFormed() ?? null,
    facts: entry.facts,
    before_sha256: entry.beforeSha256,
    after_sha256: entry.afterSha256,
    payload_sha256: entry.payloadSha256,
    policy_version: entry.policyVersion,
    prev_hash: entry.previousHash
  });
}

/** @throws Fault `invalid` for what `formatEntry` did not write */
export function parseEntry(body: unknown): AuditEntry {
  const fields = object(body, "the entry");
  const [actor, auth, thing] = [record(fields, "actor"), record(fields, "auth"), record(fields, "object")];
  const kind = text(actor, "type");
  const version = thing.version as number | string | null;
  return {
    seq: integer(fields, "seq"),
    at: text(fields, "ts"),
    clockAt: optional(fields, "clock_ts", text) ?? null,
    actor: {
      kind: kind === "api_key" ? "key" : (kind as "user" | "system"),
      id: text(actor, "id"),
      roles: texts(actor, "roles_at_time"),
      units: texts(actor, "bu_scope")
    },
    auth: {
      method: text(auth, "method") as AuditEntry["auth"]["method"],
      sessionId: optional(auth, "session_id", text) ?? null,
      mfa: auth.mfa as boolean | null
    },
    requestId: optional(record(fields, "origin"), "request_id", text) ?? null,
    action: text(fields, "action") as AuditEntry["action"],
    object: { kind: text(thing, "type"), id: text(thing, "id"), ...(version === null ? {} : { version }) },
    units: texts(thing, "business_units"),
    outcome: text(fields, "outcome") as AuditEntry["outcome"],
    reason: optional(fields, "reason", text) ?? null,
    facts: record(fields, "facts") as AuditEntry["facts"],
    beforeSha256: optional(fields, "before_sha256", text) ?? null,
    afterSha256: optional(fields, "after_sha256", text) ?? null,
    payloadSha256: optional(fields, "payload_sha256", text) ?? null,
    policyVersion: text(fields, "policy_version"),
    previousHash: text(fields, "prev_hash")
  };
}

/** What is kept beside the chain, as it is digested and exported. */
export function payloadJson({ ip, userAgent, title, purpose, diff }: AuditPayload): Json {
  return { ip, user_agent: userAgent, title, purpose, diff };
}

/** @throws Fault `invalid` for what `payloadJson` did not write */
export function parsePayload(value: unknown): AuditPayload {
  const fields = object(value, "what is kept beside the entry");
  return {
    ip: optional(fields, "ip", text) ?? null,
    userAgent: optional(fields, "user_agent", text) ?? null,
    title: optional(fields, "title", text) ?? null,
    purpose: optional(fields, "purpose", text) ?? null,
    diff: (fields.diff ?? null) as Json
  };
}

function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new Fault("invalid", `"${name}" is not a list of texts`);
}
