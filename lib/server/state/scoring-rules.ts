import type { Kysely, Selectable, Transaction } from "kysely";
import type { AuditAction, NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import {
  checkRule,
  dayOf,
  type RuleBackfill,
  type RuleCursor,
  type RulePause,
  type ScoringPass,
  type ScoringRule
} from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ScoringRules } from "#lib/ports/scoring-rules.ts";
import { programScope, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostRules = 200;

/** Passes that are kept one by one; all are counted by day. */
const mostPasses = 200;
const mostDays = 400;

/** All that is kept of a rule, what stands on it first. */
const ruleTables = ["scoring_passes", "scoring_days", "scoring_rule_units", "scoring_rules"] as const;

/** Scoring rules in the state database. */
export function openScoringRules(db: Kysely<StateTables>, clock: Clock): ScoringRules {
  const find = async (scope: Scope, ruleId: string): Promise<ScoringRule> => {
    const [rule] = seenBy(scope, await readRules(db, { ruleId }));
    if (rule) return rule;
    throw new Fault("missing", `there is no scoring rule "${ruleId.slice(0, 80)}"`, {
      hint: "It may have been deleted; its scores stay."
    });
  };
  const change = async (
    action: AuditAction,
    scope: Scope,
    rule: ScoringRule,
    set: Partial<StateTables["scoring_rules"]>
  ) => {
    await db.transaction().execute(async (transaction) => {
      await transaction.updateTable("scoring_rules").set(set).where("rule_id", "=", rule.ruleId).execute();
      await recordIn(transaction, scope, entryOf(action, rule), clock);
    });
  };
  return {
    find,
    list: async (scope, scorerId) => seenBy(scope, await readRules(db, { scorerId })),

    async create(scope, asked) {
      const rule = checkRule(asked);
      for (const unit of rule.businessUnits) requireUnit(scope, unit);
      const [ruleId, nowMs] = [clock.newId(), clock.nowMs()];
      const cursor: RuleCursor = { snapshotId: rule.snapshotId, seenAtMs: nowMs, waiting: [], failures: 0 };
      await db.transaction().execute(async (transaction) => {
        const { count } = await transaction
          .selectFrom("scoring_rules")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        if (Number(count) >= mostRules)
          throw new Fault("limit", `there are ${mostRules} scoring rules already`, { hint: "Delete some of them." });
        await transaction
          .insertInto("scoring_rules")
          .values({
            ...{ rule_id: ruleId, scorer_id: rule.scorerId, version: rule.version, predicate: rule.predicate },
            ...{ rate: rule.rate, from_ms: rule.fromMs, daily_cap_usd: rule.dailyCapUsd },
            ...{ user_id: scope.userId, created_at: nowMs, pause: null },
            ...{ snapshot_id: rule.snapshotId, cursor: JSON.stringify(cursor) },
            backfill: rule.scoresOlder ? JSON.stringify(beginBackfill(nowMs)) : null
          })
          .execute();
        const units = rule.businessUnits.map((unit) => ({ rule_id: ruleId, business_unit: unit }));
        await transaction.insertInto("scoring_rule_units").values(units).execute();
        await recordIn(transaction, scope, entryOf("rule.create", { ...rule, ruleId }), clock);
      });
      return find(scope, ruleId);
    },

    async pause(scope, ruleId) {
      const rule = await find(scope, ruleId);
      if (rule.pause) return;
      const pause: RulePause = { atMs: clock.nowMs(), userId: scope.userId, because: null };
      await change("rule.pause", scope, rule, { pause: JSON.stringify(pause) });
    },

    async resume(scope, ruleId) {
      const rule = await find(scope, ruleId);
      const cursor = JSON.stringify({ ...rule.cursor, failures: 0 });
      await change("rule.resume", scope, rule, { pause: null, cursor });
    },

    async scoreOlder(scope, ruleId) {
      const backfill = JSON.stringify(beginBackfill(clock.nowMs()));
      await change("rule.backfill", scope, await find(scope, ruleId), { backfill });
    },

    async remove(scope, ruleId) {
      const rule = await find(scope, ruleId);
      await db.transaction().execute(async (transaction) => {
        for (const table of ruleTables) await transaction.deleteFrom(table).where("rule_id", "=", ruleId).execute();
        await recordIn(transaction, scope, entryOf("rule.remove", rule), clock);
      });
    },

    async readLog(scope, ruleId) {
      await find(scope, ruleId);
      const [passes, days] = await Promise.all([
        db
          .selectFrom("scoring_passes")
          .select("body")
          .where("rule_id", "=", ruleId)
          .orderBy("started_at", "desc")
          .orderBy("pass_id", "desc")
          .limit(mostPasses)
          .execute(),
        db
          .selectFrom("scoring_days")
          .selectAll()
          .where("rule_id", "=", ruleId)
          .orderBy("day", "desc")
          .limit(mostDays)
          .execute()
      ]);
      return {
        passes: passes.map(({ body }) => JSON.parse(body) as ScoringPass),
        days: days.map((row) => ({
          ...{ day: row.day, passes: Number(row.passes), faults: Number(row.faults) },
          ...{ seen: Number(row.seen), sampled: Number(row.sampled) },
          ...{ scored: Number(row.scored), unscored: Number(row.unscored), costUsd: row.cost_usd }
        }))
      };
    },

    listActive: async () => (await readRules(db, {})).filter(({ pause }) => pause === null),

    async findActive(ruleId) {
      const [rule] = await readRules(db, { ruleId });
      return rule?.pause === null ? rule : undefined;
    },

    async notePass(ruleId, pass, { cursor, backfill, pauseBecause }) {
      const pause: RulePause = { atMs: clock.nowMs(), userId: null, because: pauseBecause ?? null };
      const moved = {
        ...(cursor ? { snapshot_id: cursor.snapshotId, cursor: JSON.stringify(cursor) } : {}),
        ...(backfill ? { backfill: JSON.stringify(backfill) } : {}),
        ...(pauseBecause === undefined ? {} : { pause: JSON.stringify(pause) })
      };
      await db.transaction().execute(async (transaction) => {
        // A rule without any change still has to be there.
        let update = transaction
          .updateTable("scoring_rules")
          .set({ rule_id: ruleId, ...moved })
          .where("rule_id", "=", ruleId)
          .returning("rule_id");
        if (cursor) update = update.where("snapshot_id", "<=", cursor.snapshotId);
        if (!((await update.executeTakeFirst()) && pass)) return;
        await insertPass(transaction, ruleId, pass);
        // Most looks find nothing to score: they read no trace.
        if (pass.sampled === 0) return;
        const [rule] = await readRules(transaction, { ruleId });
        const { passId, sampled, scored, unscored } = pass;
        const facts = { pass: passId, sampled, scored, unscored };
        if (rule) await recordIn(transaction, programScope, { ...entryOf("rule.score", rule), facts }, clock);
      });
    },

    async readCost(ruleId, day) {
      const row = await db
        .selectFrom("scoring_days")
        .select("cost_usd")
        .where("rule_id", "=", ruleId)
        .where("day", "=", day)
        .executeTakeFirst();
      return row?.cost_usd ?? 0;
    }
  };
}

function entryOf(
  action: AuditAction,
  { ruleId, scorerId, version, businessUnits }: Pick<ScoringRule, "ruleId" | "scorerId" | "version" | "businessUnits">
): NewAuditEntry {
  const facts = { scorer: scorerId, scorer_version: version };
  return { action, object: { kind: "rule", id: ruleId }, units: businessUnits, facts };
}

const beginBackfill = (askedAtMs: number): RuleBackfill => ({ askedAtMs, after: null, done: 0, isDone: false });

function seenBy(scope: Scope, rules: readonly ScoringRule[]): readonly ScoringRule[] {
  return rules.filter(({ businessUnits }) => businessUnits.every((unit) => scope.businessUnits.includes(unit)));
}

async function insertPass(db: Transaction<StateTables>, ruleId: string, pass: ScoringPass): Promise<void> {
  const { passId, startedAtMs, endedAtMs, seen, sampled, scored, unscored, costUsd, fault } = pass;
  await db
    .insertInto("scoring_passes")
    .values({ pass_id: passId, rule_id: ruleId, started_at: startedAtMs, body: JSON.stringify(pass) })
    .execute();
  const counts = { seen, sampled, scored, unscored, cost_usd: costUsd, passes: 1, faults: fault === null ? 0 : 1 };
  await db
    .insertInto("scoring_days")
    .values({ rule_id: ruleId, day: dayOf(endedAtMs), ...counts })
    .onConflict((conflict) =>
      conflict.columns(["rule_id", "day"]).doUpdateSet(({ eb, ref }) => ({
        seen: eb(ref("scoring_days.seen"), "+", seen),
        sampled: eb(ref("scoring_days.sampled"), "+", sampled),
        scored: eb(ref("scoring_days.scored"), "+", scored),
        unscored: eb(ref("scoring_days.unscored"), "+", unscored),
        cost_usd: eb(ref("scoring_days.cost_usd"), "+", costUsd),
        passes: eb(ref("scoring_days.passes"), "+", 1),
        faults: eb(ref("scoring_days.faults"), "+", counts.faults)
      }))
    )
    .execute();
  const oldest = await db
    .selectFrom("scoring_passes")
    .select("started_at")
    .where("rule_id", "=", ruleId)
    .orderBy("started_at", "desc")
    .offset(mostPasses)
    .limit(1)
    .executeTakeFirst();
  if (oldest) {
    await db
      .deleteFrom("scoring_passes")
      .where("rule_id", "=", ruleId)
      .where("started_at", "<=", oldest.started_at)
      .execute();
  }
}

async function readRules(
  db: Kysely<StateTables>,
  { ruleId, scorerId }: { readonly ruleId?: string; readonly scorerId?: string | undefined }
): Promise<readonly ScoringRule[]> {
  let rows = db.selectFrom("scoring_rules").selectAll();
  if (ruleId !== undefined) rows = rows.where("rule_id", "=", ruleId);
  if (scorerId !== undefined) rows = rows.where("scorer_id", "=", scorerId);
  const [found, units] = await Promise.all([
    rows.orderBy("created_at", "desc").orderBy("rule_id", "desc").execute(),
    db.selectFrom("scoring_rule_units").selectAll().orderBy("business_unit").execute()
  ]);
  return found.map((row) =>
    toRule(
      row,
      units.filter(({ rule_id }) => rule_id === row.rule_id).map(({ business_unit }) => business_unit)
    )
  );
}

function toRule(row: Selectable<StateTables["scoring_rules"]>, businessUnits: readonly string[]): ScoringRule {
  return {
    ...{ ruleId: row.rule_id, scorerId: row.scorer_id, version: row.version, businessUnits },
    ...{ predicate: row.predicate, rate: row.rate, fromMs: row.from_ms === null ? null : Number(row.from_ms) },
    ...{ dailyCapUsd: row.daily_cap_usd, userId: row.user_id, createdAtMs: Number(row.created_at) },
    pause: row.pause === null ? null : (JSON.parse(row.pause) as RulePause),
    cursor: JSON.parse(row.cursor) as RuleCursor,
    backfill: row.backfill === null ? null : (JSON.parse(row.backfill) as RuleBackfill)
  };
}
