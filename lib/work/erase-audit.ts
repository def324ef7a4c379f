import type { Erasure, ErasureTarget } from "../model/audit.ts";
import { Fault } from "../model/fault.ts";
import type { Scope } from "../model/scope.ts";
import type { Audit } from "../ports/audit.ts";
import type { Erasures } from "../ports/erasures.ts";
import type { People } from "../ports/people.ts";

/** What an erasure needs. */
export interface ErasureDoors {
  readonly audit: Pick<Audit, "checkpoint">;
  readonly erasures: Erasures;
  readonly people: Pick<People, "findByEmail">;
}

/** What is asked for; one of person and object. */
export interface ErasureRequest {
  /** Id or e-mail address. */
  readonly person?: string | undefined;
  /** `kind:id`. */
  readonly object?: string | undefined;
  readonly reason?: string | undefined;
  /** True where it is only counted. */
  readonly isDryRun: boolean;
}

const longestReason = 500;

/**
 * Erases what is kept beside the entries of somebody or something, and signs the trail with the record of it.
 *
 * @throws Fault `invalid` without one target or a reason, `missing` for an address that nobody has
 */
export async function eraseAudit(
  { audit, erasures, people }: ErasureDoors,
  scope: Scope,
  asked: ErasureRequest,
  signal: AbortSignal
): Promise<Erasure> {
  const target = await findTarget(people, asked);
  if (asked.isDryRun) return erasures.count(scope, target, signal);
  const reason = asked.reason?.trim() ?? "";
  if (reason === "" || reason.length > longestReason)
    throw new Fault("invalid", `an erasure needs a reason of up to ${longestReason} characters`, {
      hint: 'Say it with --reason "…"; it is kept beside the record.'
    });
  const erasure = await erasures.erase(scope, target, reason, signal);
  if (erasure.payloads > 0) await audit.checkpoint();
  return erasure;
}

/** What an erasure did, or would do, in a sentence. */
export function formatErasure({ entries, payloads }: Erasure, isDryRun: boolean): string {
  const count = (n: number) => `${n.toLocaleString("en-US")} ${n === 1 ? "entry" : "entries"}`;
  if (entries === 0) return "The audit trail has no such entry.";
  if (payloads === 0) return `${count(entries)} found; nothing is kept beside them any more.`;
  const of = payloads === entries ? "" : ` of the ${entries.toLocaleString("en-US")} found`;
  if (isDryRun) return `What is kept beside ${count(payloads)}${of} would be erased. Nothing was changed.`;
  return `What was kept beside ${count(payloads)}${of} is erased, and recorded.`;
}

async function findTarget(people: ErasureDoors["people"], { person, object }: ErasureRequest): Promise<ErasureTarget> {
  if ((person === undefined) === (object === undefined))
    throw new Fault("invalid", "an erasure is of one person or of one object", {
      hint: "Give --person <id or e-mail>, or --object <kind>:<id> such as trace:4bf92f35."
    });
  if (object !== undefined) {
    const [, kind, id] = /^([a-z][a-z -]*):(.+)$/s.exec(object) ?? [];
    if (kind !== undefined && id !== undefined) return { kind: "object", object: { kind, id } };
    throw new Fault("invalid", `"${object.slice(0, 80)}" names no object`, {
      hint: "Give <kind>:<id>, as the trail lists it."
    });
  }
  const name = person!.trim();
  const userId = name.includes("@") ? (await people.findByEmail(name))?.userId : name;
  if (userId !== undefined && userId !== "") return { kind: "person", userId };
  throw new Fault("missing", `nobody has the address "${name.slice(0, 80)}"`, {
    hint: "Whose account was closed is found by their id, which the trail lists."
  });
}
