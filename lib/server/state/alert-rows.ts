import type { Selectable, Transaction } from "kysely";
import type { Alert, AlertCause, AlertDelivery } from "#lib/model/alert.ts";
import { sha256 } from "../audit/chain.ts";
import type { StateTables } from "./schema.ts";

/** When an alert is raised, and whether a message of it is to be sent. */
export interface AlertTimes {
  readonly nowMs: number;
  readonly isSent: boolean;
}

/**
 * Raises an alert, within a transaction.
 *
 * @param before  how many there were of the same cause: all who raise the next one at once raise it once
 * @returns whether it was raised here
 */
export async function raiseIn(
  transaction: Transaction<StateTables>,
  mapId: string,
  cause: AlertCause,
  before: number,
  { nowMs, isSent }: AlertTimes
): Promise<boolean> {
  const { kind, businessUnit, clusterId, ...numbers } = cause;
  const raised = await transaction
    .insertInto("alerts")
    .values({
      // Growth was alerted of first, and goes by the ids that it had when it was alone.
      alert_id: sha256(
        JSON.stringify([mapId, businessUnit, clusterId, ...(kind === "emerging" ? [] : [kind]), `${before + 1}`])
      ),
      ...{ map_id: mapId, business_unit: businessUnit, cluster_id: clusterId, kind, numbers: JSON.stringify(numbers) },
      ...{ raised_at: nowMs, ended_at: null, delivery: isSent ? "waiting" : "off", attempts: 0, next_try: nowMs },
      problem: null
    })
    .onConflict((conflict) => conflict.column("alert_id").doNothing())
    .returning("alert_id")
    .executeTakeFirst();
  return raised !== undefined;
}

/** Ends alerts that stand, within a transaction. */
export async function endIn(
  transaction: Transaction<StateTables>,
  alertIds: readonly string[],
  nowMs: number
): Promise<void> {
  if (alertIds.length === 0) return;
  await transaction.updateTable("alerts").set({ ended_at: nowMs }).where("alert_id", "in", alertIds).execute();
}

/** An alert of the row that keeps it, with the title of its map. */
export function toAlert(row: Selectable<StateTables["alerts"]> & { readonly title: string }): Alert {
  return {
    ...({
      kind: row.kind,
      businessUnit: row.business_unit,
      clusterId: row.cluster_id,
      ...JSON.parse(row.numbers)
    } as AlertCause),
    ...{ alertId: row.alert_id, mapId: row.map_id, mapTitle: row.title },
    raisedAtMs: Number(row.raised_at),
    endedAtMs: row.ended_at === null ? null : Number(row.ended_at),
    delivery: row.delivery as AlertDelivery,
    problem: row.problem
  };
}
