import type { FillingTerms, QueueFilling } from "#lib/model/queue-filling.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { matchingTraces, parsePredicate, withPredicate } from "./traffic-predicate.ts";

/** What a rule for a queue is made with. */
export interface FillByRuleDoors {
  readonly lake: Pick<Lake, "openKernel" | "snapshotId">;
  readonly parser: SqlParser;
  readonly queues: Pick<Queues, "find">;
  readonly queueFillings: Pick<QueueFillings, "put">;
}

/**
 * Has a queue filled with what arrives from now on, once the engine has taken the condition.
 *
 * @throws Fault `invalid` with the engine's sentence; as `QueueFillings`
 */
export async function fillByRule(
  doors: FillByRuleDoors,
  scope: Scope,
  queueId: string,
  terms: FillingTerms
): Promise<QueueFilling> {
  const { businessUnits } = await doors.queues.find(scope, queueId);
  const { sql } = await parsePredicate(doors.parser, terms.predicate);
  const kernel = await doors.lake.openKernel({ ...scope, businessUnits });
  try {
    await withPredicate(terms.predicate, () => kernel.rows(`select 1 from ${matchingTraces(sql)} limit 1`, {}, 1));
  } finally {
    await kernel.close();
  }
  return doors.queueFillings.put(scope, queueId, terms, await doors.lake.snapshotId());
}
