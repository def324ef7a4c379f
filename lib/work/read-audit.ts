import type { AuditFilter, AuditFormat, AuditVerdict } from "../model/audit.ts";
import type { Scope } from "../model/scope.ts";
import type { Audit } from "../ports/audit.ts";
import type { People } from "../ports/people.ts";
import { type AuditReply, type AuditRequest, formatAuditFilter } from "../wire/audit.ts";

const trail = { kind: "audit", id: "trail" } as const;

/** What the list of the trail is read with. */
export interface AuditDoors {
  readonly audit: Audit;
  readonly people: Pick<People, "namesOf">;
}

/** Some entries, newest first; that they were read is an entry, too, once for the beginning of each list. */
export async function listAudit(
  { audit, people }: AuditDoors,
  scope: Scope,
  request: AuditRequest
): Promise<AuditReply> {
  const { filter, ...part } = request;
  const found = await audit.list(scope, filter, part);
  if (part.before === undefined) {
    const facts = { filter: formatAuditFilter(filter).toString(), entries: found.entries.length };
    await audit.record(scope, { action: "audit.view", object: trail, units: scope.businessUnits, facts });
  }
  const names = await people.namesOf([...new Set(found.entries.map(({ actor }) => actor.id))]);
  return { ...found, names: Object.fromEntries(names), businessUnits: scope.businessUnits };
}

/** The trail as a file; that it was taken out is recorded before its first line leaves. */
export async function exportAudit(
  audit: Audit,
  scope: Scope,
  filter: AuditFilter,
  format: AuditFormat,
  signal: AbortSignal
): Promise<AsyncIterable<string>> {
  const facts = { filter: formatAuditFilter(filter).toString(), format };
  await audit.record(scope, { action: "audit.export", object: trail, units: scope.businessUnits, facts });
  return audit.export(scope, filter, format, signal);
}

/** Verifies the trail, signs where it stands if it is intact, and records what was found. */
export async function verifyAudit(audit: Audit, scope: Scope, signal: AbortSignal): Promise<AuditVerdict> {
  const verdict = await audit.verify(scope, signal);
  const { isIntact, entries, checkpoints, defects } = verdict;
  await audit.record(scope, {
    action: "audit.verify",
    object: trail,
    units: [],
    outcome: isIntact ? "success" : "error",
    facts: { entries, checkpoints, defects: defects.length, first_bad: defects[0]?.seq ?? null }
  });
  if (!isIntact) return verdict;
  const signed = await audit.checkpoint();
  return signed && !verdict.isCut ? { ...verdict, checkpoints: checkpoints + 1, unsigned: 0 } : verdict;
}

/** What a verdict says, in a sentence or two. */
export function formatVerdict(verdict: AuditVerdict): string {
  const { isIntact, entries, first, last, checkpoints, unsigned, clockSetBack, erased, erasures, defects } = verdict;
  const count = (n: number, one: string, many: string) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
  if (!isIntact) {
    const [defect] = defects;
    if (!defect) return "The audit trail was tampered with, at entries that are not of your business units.";
    return `The audit trail was tampered with, from entry ${defect.seq} on: ${defect.problem}.`;
  }
  if (verdict.isCut)
    return `The audit trail is intact; it has ${count(entries, "entry", "entries")} of your business units.`;
  if (entries === 0) return "The audit trail is empty.";
  const behind =
    clockSetBack === 0 ? "" : ` At ${count(clockSetBack, "entry", "entries")} the clock had been set back.`;
  const open =
    unsigned === 0 ? "" : ` The last ${count(unsigned, "entry is", "entries are")} in order and not signed yet.`;
  const records = erasures.length === 1 ? `entry ${erasures[0]} records` : `entries ${erasures.join(", ")} record`;
  const gone =
    erased === 0 ? "" : ` What was kept beside ${count(erased, "entry", "entries")} was erased, as ${records}.`;
  const range = first === 1 ? "" : ` from ${first} to ${last}`;
  return `The audit trail is intact: ${count(entries, "entry", "entries")}${range}, held against ${count(checkpoints, "checkpoint", "checkpoints")}.${open}${gone}${behind}`;
}
