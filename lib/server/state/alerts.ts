import type { Kysely } from "kysely";
import type { Emergence } from "#lib/model/alert.ts";
import { requireUnit } from "#lib/model/scope.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { endIn, raiseIn, toAlert } from "./alert-rows.ts";
import { programScope, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostListed = 100;

/** A sender that has not come back by then has died. */
const leaseMs = 60_000;

/** Alerts in the state database; the messages to send are kept in the same rows, so that none is lost or sent of nothing. */
export function openAlerts(db: Kysely<StateTables>, clock: Clock): Alerts {
  return {
    async note(scope, mapId, grows, isSent) {
      for (const { businessUnit } of grows) requireUnit(scope, businessUnit);
      const nowMs = clock.nowMs();
      return db.transaction().execute(async (transaction) => {
        const known = await transaction
          .selectFrom("alerts")
          .select(["alert_id", "business_unit", "cluster_id", "ended_at"])
          .where("map_id", "=", mapId)
          .where("kind", "=", "emerging")
          .where("business_unit", "in", ["", ...scope.businessUnits])
          .execute();
        const ofCluster = (one: Pick<Emergence, "businessUnit" | "clusterId">) =>
          known.filter((row) => row.business_unit === one.businessUnit && row.cluster_id === one.clusterId);
        const fresh = grows.filter((one) => ofCluster(one).every(({ ended_at }) => ended_at !== null));
        const raised = await Promise.all(
          fresh.map((one) =>
            raiseIn(transaction, mapId, { kind: "emerging", ...one }, ofCluster(one).length, { nowMs, isSent })
          )
        );
        const over = known.filter(
          (row) =>
            row.ended_at === null &&
            !grows.some((one) => one.businessUnit === row.business_unit && one.clusterId === row.cluster_id)
        );
        const ids = over.map(({ alert_id }) => alert_id);
        await endIn(transaction, ids, nowMs);
        return raised.filter(Boolean).length;
      });
    },

    async list(scope) {
      const rows = await db
        .selectFrom("alerts")
        .innerJoin("kept_maps", "kept_maps.map_id", "alerts.map_id")
        .selectAll("alerts")
        .select("kept_maps.title")
        .where("alerts.business_unit", "in", ["", ...scope.businessUnits])
        .orderBy(({ eb }) => eb.case().when("ended_at", "is", null).then(0).else(1).end())
        .orderBy("raised_at", "desc")
        .orderBy("alert_id")
        .limit(mostListed)
        .execute();
      return rows.map(toAlert);
    },

    async takeWaiting() {
      const nowMs = clock.nowMs();
      const waiting = await db
        .selectFrom("alerts")
        .select("alert_id")
        .where("delivery", "=", "waiting")
        .where("next_try", "<=", nowMs)
        .orderBy("next_try")
        .orderBy("alert_id")
        .limit(20)
        .execute();
      for (const { alert_id } of waiting) {
        const taken = await db
          .updateTable("alerts")
          .set(({ eb }) => ({ next_try: nowMs + leaseMs, attempts: eb("attempts", "+", 1) }))
          .where("alert_id", "=", alert_id)
          .where("delivery", "=", "waiting")
          .where("next_try", "<=", nowMs)
          .returningAll()
          .executeTakeFirst();
        if (!taken) continue;
        const map = await db
          .selectFrom("kept_maps")
          .select("title")
          .where("map_id", "=", taken.map_id)
          .executeTakeFirst();
        return { alert: toAlert({ ...taken, title: map?.title ?? "" }), attempt: Number(taken.attempts) };
      }
      return undefined;
    },

    async noteSent(alertId) {
      await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable("alerts")
          .set({ delivery: "sent", problem: null })
          .where("alert_id", "=", alertId)
          .returning(["map_id", "business_unit"])
          .executeTakeFirst();
        if (!row) return;
        const object = { kind: "alert", id: alertId };
        const entry = { action: "alert.send", object, units: [row.business_unit], facts: { map: row.map_id } } as const;
        await recordIn(transaction, programScope, entry, clock);
      });
    },

    async noteUnsent(alertId, problem, retryAtMs) {
      await db
        .updateTable("alerts")
        .set(retryAtMs === null ? { delivery: "failed", problem } : { next_try: retryAtMs, problem })
        .where("alert_id", "=", alertId)
        .where("delivery", "=", "waiting")
        .execute();
    }
  };
}
