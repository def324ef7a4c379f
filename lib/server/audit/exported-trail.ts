import type { KeyObject } from "node:crypto";
import { quoteSafeField } from "#lib/formats/csv-field.ts";
import type { AuditCheckpoint, AuditFilter, AuditVerdict, SeenAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import { canonicalJson } from "#lib/scoring/json-value.ts";
import { integer, object, optional, text } from "#lib/wire/parse.ts";
import { formatEntry, parseEntry, payloadJson } from "./chain.ts";
import { ChainCheck } from "./chain-check.ts";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint-file.ts";
import { findCheckpointDefect } from "./signing-key.ts";

/** What is written before the entries of an export. */
export interface TrailHead {
  readonly filter: AuditFilter;
  /** True where entries between the first and the last are left out. */
  readonly isPartial: boolean;
  readonly publicKey: string;
  readonly checkpoints: readonly AuditCheckpoint[];
  /** Records of erasures that are not among the entries: they tell why nothing is beside some of those. */
  readonly erasures: readonly SeenAuditEntry[];
}

/** A trail as lines of JSON: what it is, checkpoints, erasures recorded elsewhere, then the entries in order. `verifyTrail` reads it. */
export async function* formatTrail(head: TrailHead, entries: AsyncIterable<SeenAuditEntry>): AsyncGenerator<string> {
  const { filter, isPartial, publicKey, checkpoints, erasures } = head;
  yield `${JSON.stringify({ kind: "trail", filter, is_partial: isPartial, public_key: publicKey })}\n`;
  for (const checkpoint of checkpoints) yield `{"kind":"checkpoint","checkpoint":${formatCheckpoint(checkpoint)}}\n`;
  for (const entry of erasures) yield `{"kind":"erasure","entry":${formatEntry(entry)}}\n`;
  for await (const entry of entries) {
    const { hash, isCut, payload } = entry;
    const kept = payload === null ? null : { salt: payload.salt, payload: payloadJson(payload) };
    const line = { kind: "entry", hash, is_cut: isCut, kept };
    yield `${JSON.stringify(line).slice(0, -1)},"entry":${formatEntry(entry)}}\n`;
  }
}

const csvColumns = {
  seq: ({ seq }) => seq,
  ts: ({ at }) => at,
  actor: ({ actor }) => actor.id,
  actor_type: ({ actor }) => actor.kind,
  roles: ({ actor }) => actor.roles.join(" "),
  auth_method: ({ auth }) => auth.method,
  ip: ({ payload }) => payload?.ip,
  action: ({ action }) => action,
  object_type: ({ object: { kind } }) => kind,
  object_id: ({ object: { id } }) => id,
  object_version: ({ object: { version } }) => version,
  object_title: ({ payload }) => payload?.title,
  business_units: ({ units }) => units.join(" "),
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  purpose: ({ payload }) => payload?.purpose,
  facts: ({ facts }) => JSON.stringify(facts),
  hash: ({ hash }) => hash
} as const satisfies Readonly<Record<string, (entry: SeenAuditEntry) => string | number | null | undefined>>;

/** A trail as a table for people: it leaves out what verifying needs. */
export async function* formatTrailCsv(entries: AsyncIterable<SeenAuditEntry>): AsyncGenerator<string> {
  yield `${Object.keys(csvColumns).join(",")}\r\n`;
  const columns = Object.values(csvColumns);
  for await (const entry of entries) {
    yield `${columns.map((read) => quoteSafeField(toText(read(entry)))).join(",")}\r\n`;
  }
}

function toText(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/**
 * Verifies an exported trail by itself: links, what is kept beside them, and signatures.
 *
 * @param trusted      keys whose checkpoints hold; never taken from the file
 * @param checkpoints  more of them, from where the file's maker could not reach
 * @param isPartial    the one who asks knows that entries are left out
 * @throws Fault `invalid` for a line that is none of a trail
 */
export async function verifyTrail(
  lines: AsyncIterable<string>,
  {
    trusted,
    checkpoints = [],
    isPartial = false
  }: {
    readonly trusted: ReadonlyMap<string, KeyObject>;
    readonly checkpoints?: readonly AuditCheckpoint[];
    readonly isPartial?: boolean;
  }
): Promise<AuditVerdict> {
  const check = new ChainCheck({ trusted, isPartial });
  const seen = new Set<string>();
  const sign = (checkpoint: AuditCheckpoint) => {
    if (seen.has(checkpoint.signature)) return;
    seen.add(checkpoint.signature);
    const defect = findCheckpointDefect(checkpoint, trusted);
    if (defect) check.note(checkpoint.seq, defect);
    else check.sign(checkpoint);
  };
  for (const checkpoint of checkpoints) sign(checkpoint);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    const fields = readLine(line, number);
    if (fields.kind === "trail") {
      if (fields.is_partial === true && !isPartial) {
        throw new Fault("invalid", "entries are left out of this export, so its gaps cannot be told from deletions", {
          hint: "Add --partial to check each entry by itself, or export without a filter."
        });
      }
    } else if (fields.kind === "checkpoint") sign(parseCheckpoint(fields.checkpoint));
    else if (fields.kind === "erasure") check.erase(parseEntry(fields.entry));
    else if (fields.kind === "entry") {
      const kept = optional(fields, "kept", (all, name) => object(all[name], `"${name}"`));
      check.take({
        seq: integer(object(fields.entry, '"entry"'), "seq"),
        hash: text(fields, "hash"),
        body: canonicalJson(fields.entry as Json),
        kept: kept ? { salt: text(kept, "salt"), payload: kept.payload as Json } : null,
        isCut: fields.is_cut === true
      });
    } else throw new Fault("invalid", `line ${number} is no line of an exported trail`);
  }
  return check.end();
}

function readLine(line: string, number: number) {
  try {
    return object(JSON.parse(line), `line ${number}`);
  } catch (error) {
    throw new Fault("invalid", `line ${number} is no line of an exported trail`, { cause: error });
  }
}
