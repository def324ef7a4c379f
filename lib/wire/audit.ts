import {
  type AuditAction,
  type AuditFilter,
  type AuditFormat,
  auditActions,
  isAuditAction,
  type SeenAuditEntry
} from "../model/audit.ts";
import { Fault } from "../model/fault.ts";
import { type BusinessUnit, isBusinessUnit } from "../model/scope.ts";

/** Entries that one request gives at most. */
const mostAuditEntries = 200;

/** A part of the audit trail that is asked for. */
export interface AuditRequest {
  readonly filter: AuditFilter;
  /** Only entries before this one. */
  readonly before?: number;
  readonly limit: number;
}

/** Reply of the list: a part of the trail, and the names of those who are in it. */
export interface AuditReply {
  readonly entries: readonly SeenAuditEntry[];
  /** Where to look on, null at the beginning of the trail; a part may be empty and have one. */
  readonly before: number | null;
  /** By user id; one that has no account is left out. */
  readonly names: Readonly<Record<string, string>>;
  /** Units whose trail the reader may see. */
  readonly businessUnits: readonly BusinessUnit[];
}

/** What may be looked for by `action`: each act, and each kind of object as all that is done to it. */
export const auditActionChoices: readonly string[] = [
  ...new Set(Object.keys(auditActions).flatMap((action) => [action.split(".", 1)[0]!, action]))
].sort();

/** What an action says of the one who did it. */
export function describeAction(action: AuditAction): string {
  // An entry of a later version of the program may have one that this one does not know.
  return isAuditAction(action) ? auditActions[action] : action;
}

/** Fields of a filter by their names in addresses and on the command line. */
const names = ["who", "action", "unit", "outcome", "from", "to"] as const;

/** A filter from texts, each of them optional. @throws Fault `invalid` naming the one that is none */
export function parseAuditFilter(read: (name: (typeof names)[number]) => string | null | undefined): AuditFilter {
  const [who, action, unit, outcome] = [read("who"), read("action"), read("unit"), read("outcome")].map(
    (text) => text?.trim() || undefined
  );
  if (action !== undefined && !auditActionChoices.includes(action)) {
    throw new Fault("invalid", `the audit trail knows no action "${action.slice(0, 80)}"`, {
      hint: 'Give one such as "trace.view", or "trace" for all that is done to traces.'
    });
  }
  if (unit !== undefined && !isBusinessUnit(unit)) {
    throw new Fault("invalid", `"${unit.slice(0, 80)}" is no business unit`);
  }
  if (outcome !== undefined && outcome !== "success" && outcome !== "denied" && outcome !== "error") {
    throw new Fault("invalid", `an outcome is success, denied or error, not "${outcome.slice(0, 80)}"`);
  }
  const [fromMs, toMs] = [parseInstant(read("from"), "from", false), parseInstant(read("to"), "to", true)];
  return {
    ...(who === undefined ? {} : { actorId: who }),
    ...(action === undefined ? {} : { action }),
    ...(unit === undefined ? {} : { businessUnit: unit }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs })
  };
}

/** A filter as the texts that `parseAuditFilter` reads. */
export function formatAuditFilter(filter: AuditFilter): URLSearchParams {
  const { actorId, action, businessUnit, outcome, fromMs, toMs } = filter;
  const instant = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const texts = { who: actorId, action, unit: businessUnit, outcome, from: instant(fromMs), to: instant(toMs) };
  return new URLSearchParams(
    Object.entries(texts).filter((field): field is [string, string] => field[1] !== undefined)
  );
}

/** @throws Fault `invalid` */
export function parseAuditRequest(search: URLSearchParams): AuditRequest {
  const before = search.get("before");
  if (before !== null && !/^[1-9]\d{0,14}$/.test(before)) {
    throw new Fault("invalid", `"${before.slice(0, 80)}" is no place in the audit trail`);
  }
  const limit = Number(search.get("limit") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostAuditEntries) {
    throw new Fault("invalid", `the audit trail is given in parts of 1 to ${mostAuditEntries} entries`);
  }
  return {
    filter: parseAuditFilter((name) => search.get(name)),
    ...(before === null ? {} : { before: Number(before) }),
    limit
  };
}

/** @throws Fault `invalid` */
export function parseAuditFormat(text: string | null | undefined): AuditFormat {
  if (text === null || text === undefined || text === "ndjson") return "ndjson";
  if (text === "csv") return "csv";
  throw new Fault("invalid", `the audit trail is taken out as ndjson or csv, not "${text.slice(0, 80)}"`);
}

/** A day stands for its first instant, or as an end for its last. */
function parseInstant(text: string | null | undefined, name: string, isEnd: boolean): number | undefined {
  if (!text?.trim()) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const ms = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new Fault("invalid", `"${name}" is no instant: "${text.slice(0, 80)}"`, {
      hint: "Give a day such as 2026-05-01, or an instant such as 2026-05-01T09:30:00Z."
    });
  }
  return isDay && isEnd ? ms + 86_400_000 - 1 : ms;
}
