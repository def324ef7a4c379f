import type { AuditVerdict, SeenAuditEntry } from "#lib/model/audit.ts";
import { rightsOf } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import { parseEntry, parsePayload } from "./chain.ts";
import type { KeptLink } from "./chain-check.ts";

/** Whether the scope may read the trail of every unit, and of the workbench as a whole. */
export function auditsAll(scope: Scope): boolean {
  return scope.roles.some((role) => rightsOf[role].includes("audit"));
}

/**
 * A link as one who reads the trail may see it.
 *
 * An entry of several units is shown to the auditor of one of them, without what it tells of the others: their names,
 * counts over all of them, and what is kept beside it.
 *
 * @returns undefined where none of its units is theirs
 */
export function showLink(link: KeptLink, scope: Scope): SeenAuditEntry | undefined {
  const entry = parseEntry(JSON.parse(link.body));
  const kept = link.kept === null ? null : { salt: link.kept.salt, ...parsePayload(link.kept.payload) };
  if (auditsAll(scope)) return { ...entry, hash: link.hash, payload: kept, isCut: false };
  const own = new Set(scope.businessUnits);
  const units = entry.units.filter((unit) => own.has(unit));
  if (units.length === 0) return undefined;
  const isWhole = units.length === entry.units.length;
  return {
    ...entry,
    hash: link.hash,
    units,
    actor: {
      ...entry.actor,
      units: entry.actor.units.filter((unit) => own.has(unit)),
      roles: entry.actor.roles.filter((role) => own.has(role.split(":", 1)[0]!))
    },
    payload: isWhole ? kept : null,
    ...(isWhole ? {} : { facts: {}, reason: null, beforeSha256: null, afterSha256: null }),
    isCut: true
  };
}

/** Whether an entry is of a unit that the scope audits, as it is listed. */
export function isOfScope({ columns }: Pick<KeptLink, "columns">, { businessUnits }: Scope): boolean {
  return businessUnits.some((unit) => columns?.businessUnits.includes(`,${unit},`));
}

/**
 * A verdict for who audits some units: whether the trail is intact, and nothing that counts what others did.
 *
 * @param entries  of their units
 * @param seqs     of those entries, the ones with a defect
 */
export function cutVerdict(verdict: AuditVerdict, entries: number, seqs: ReadonlySet<number>): AuditVerdict {
  return {
    ...{ isIntact: verdict.isIntact, isCut: true, entries, first: null, last: null, checkpoints: 0, unsigned: 0 },
    ...{ clockSetBack: 0, erased: 0, erasures: [], defects: verdict.defects.filter(({ seq }) => seqs.has(seq)) }
  };
}
