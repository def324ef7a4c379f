import type { KeyObject } from "node:crypto";
import type { AuditEntry, AuditObject } from "#lib/model/audit.ts";
import { isFault } from "#lib/model/fault.ts";
import { text } from "#lib/wire/parse.ts";
import { countSeqs, formatRanges, parseRanges, type SeqRange } from "./seq-ranges.ts";
import { findSignatureDefect, type SigningKey } from "./signing-key.ts";

/**
 * What an entry says of the payloads that were destroyed. It is signed by itself: who may write the database could
 * otherwise delete what is kept beside an entry, and add a record that covers it.
 *
 * @param object  whose entries they were
 */
export function erasureFacts(key: SigningKey, object: AuditObject, ranges: readonly SeqRange[]) {
  const seqs = formatRanges(ranges);
  const signature = key.signJson(signedValue(object, seqs));
  return { payloads: countSeqs(ranges), seqs, key_id: key.keyId, signature };
}

/** The places that the record of an erasure covers; a sentence where it covers none. */
export function findErased(
  { seq, object, facts }: Pick<AuditEntry, "seq" | "object" | "facts">,
  trusted: ReadonlyMap<string, KeyObject>
): readonly SeqRange[] | string {
  try {
    const seqs = text(facts, "seqs");
    const signed = { keyId: text(facts, "key_id"), signature: text(facts, "signature") };
    const defect = findSignatureDefect(signedValue(object, seqs), signed, trusted);
    if (defect) return `the record of an erasure ${defect}`;
    const ranges = parseRanges(seqs);
    return ranges.at(-1)![1] < seq ? ranges : "the record tells of the erasure of entries that came after it";
  } catch (error) {
    if (isFault(error)) return `the record of an erasure cannot be read: ${error.message}`;
    throw error;
  }
}

function signedValue({ kind, id }: AuditObject, seqs: string) {
  return { erased: seqs, object: { type: kind, id } };
}
