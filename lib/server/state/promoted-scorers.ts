import type { Kysely, Transaction } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import {
  checkPromotion,
  type NewPromotion,
  type PromotedScorer,
  type PromotionBase
} from "#lib/model/promoted-scorer.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import { formatInstant } from "#lib/work/report-numbers.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostScorers = 1000;
const mostVersions = 1000;

/** Promoted scorers in the state database; versions are only ever added. */
export function openPromotedScorers(db: Kysely<StateTables>, clock: Clock): PromotedScorers {
  const find = async (scope: Scope, scorerId: string, version?: number): Promise<PromotedScorer> => {
    const [scorer] = await read(db, scope, { scorerId, ...(version === undefined ? { newest: true } : { version }) });
    if (scorer) return scorer;
    if (version === undefined) throw unknown(scorerId);
    const { name } = await find(scope, scorerId);
    throw new Fault("missing", `the scorer "${name}" has no version ${version}`);
  };
  return {
    list: (scope) => read(db, scope, { newest: true }),
    find,

    async versions(scope, scorerId) {
      const versions = await read(db, scope, { scorerId });
      if (versions.length === 0) throw unknown(scorerId);
      return versions;
    },

    async promote(scope, promotion, base) {
      const next = checkPromotion(promotion);
      for (const unit of next.businessUnits) requireUnit(scope, unit);
      const { scorerId, version } = await db.transaction().execute(async (transaction) => {
        const head = base ? await moveOn(transaction, scope, next, base) : await begin(transaction, clock, next);
        await claimUnits(transaction, scope, next, head.scorerId);
        await transaction
          .insertInto("promoted_scorer_versions")
          .values({
            scorer_id: head.scorerId,
            version: head.version,
            kind: next.kind,
            text: next.text,
            options: JSON.stringify(next.options),
            scorer_version: next.scorerVersion,
            origin: JSON.stringify(next.origin),
            evidence: JSON.stringify(next.evidence),
            note: next.note,
            user_id: scope.userId,
            promoted_at: clock.nowMs()
          })
          .execute();
        const object = { kind: "scorer", id: head.scorerId, version: head.version };
        const facts = { kind: next.kind, scorer_version: next.scorerVersion };
        const entry = { action: "scorer.promote", object, units: next.businessUnits, title: next.name, facts } as const;
        await recordIn(transaction, scope, { ...entry, after: { text: next.text, options: next.options } }, clock);
        return head;
      });
      return find(scope, scorerId, version);
    }
  };
}

async function begin(db: Transaction<StateTables>, clock: Clock, { name }: NewPromotion): Promise<PromotionBase> {
  const { count } = await db
    .selectFrom("promoted_scorers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  if (Number(count) >= mostScorers) {
    throw new Fault("limit", `there are ${mostScorers} promoted scorers already`, {
      hint: "Promote a version of one of them."
    });
  }
  const scorerId = clock.newId();
  await db.insertInto("promoted_scorers").values({ scorer_id: scorerId, name, version: 1 }).execute();
  return { scorerId, version: 1 };
}

async function moveOn(
  db: Transaction<StateTables>,
  scope: Scope,
  next: NewPromotion,
  base: PromotionBase
): Promise<PromotionBase> {
  const [seen] = await read(db, scope, { scorerId: base.scorerId, newest: true });
  if (!seen) throw unknown(base.scorerId);
  const { name } = seen;
  const units = await db
    .selectFrom("promoted_scorer_units")
    .select("business_unit")
    .where("scorer_id", "=", base.scorerId)
    .execute();
  if (units.length > seen.businessUnits.length) {
    throw new Fault("denied", `the scorer "${name}" belongs to business units that are not yours, too`, {
      hint: "Ask someone who may see them all, or promote a scorer of another name."
    });
  }
  if (next.name !== name) {
    throw new Fault("invalid", `the scorer is called "${name}" in every version, not "${next.name}"`, {
      hint: "Promote a new scorer to give it another name."
    });
  }
  if (base.version >= mostVersions) throw new Fault("limit", `the scorer "${name}" has ${mostVersions} versions`);
  const moved = await db
    .updateTable("promoted_scorers")
    .set({ version: base.version + 1 })
    .where("scorer_id", "=", base.scorerId)
    .where("version", "=", base.version)
    .returning("scorer_id")
    .executeTakeFirst();
  if (moved) return { scorerId: base.scorerId, version: base.version + 1 };
  const [newest] = await read(db, scope, { scorerId: base.scorerId, newest: true });
  throw new Fault("conflict", `${sayWho(newest ?? seen)} meanwhile`, {
    hint: `Compare yours with version ${(newest ?? seen).version}, and promote it after that one if it is still needed.`
  });
}

/** The name in each of the units, for this scorer alone. */
async function claimUnits(
  db: Transaction<StateTables>,
  scope: Scope,
  { name, businessUnits }: NewPromotion,
  scorerId: string
): Promise<void> {
  const key = nameKey(name);
  const rows = businessUnits.map((unit) => ({ business_unit: unit, name_key: key, scorer_id: scorerId }));
  await db
    .insertInto("promoted_scorer_units")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const other = await db
    .selectFrom("promoted_scorer_units")
    .selectAll()
    .where("name_key", "=", key)
    .where("business_unit", "in", businessUnits)
    .where("scorer_id", "<>", scorerId)
    .executeTakeFirst();
  if (!other) return;
  const [newest] = await read(db, scope, { scorerId: other.scorer_id, newest: true });
  throw new Fault(
    "invalid",
    `the business unit "${other.business_unit}" has a scorer "${newest?.name ?? name}" already${newest ? `: ${sayWho(newest)}` : ""}`,
    { hint: "Promote a version of that one, or call this one something else." }
  );
}

function sayWho({ name, version, userId, promotedAtMs }: PromotedScorer): string {
  return `version ${version} of the scorer "${name}" was promoted by ${userId} at ${formatInstant(promotedAtMs)}`;
}

function unknown(scorerId: string): Fault {
  return new Fault("missing", `there is no promoted scorer "${scorerId.slice(0, 80)}"`, {
    hint: "The page Scorers lists those there are."
  });
}

/** Which versions of which scorer are read: all where nothing is said. */
interface Wanted {
  readonly scorerId?: string;
  readonly version?: number;
  readonly newest?: boolean;
}

/** By name, the newest version first. */
async function read(
  db: Kysely<StateTables>,
  scope: Scope,
  { scorerId, version, newest }: Wanted
): Promise<readonly PromotedScorer[]> {
  if (scope.businessUnits.length === 0) return [];
  let query = db
    .selectFrom("promoted_scorers as s")
    .innerJoin("promoted_scorer_versions as v", "v.scorer_id", "s.scorer_id")
    .selectAll("v")
    .select("s.name")
    .where("s.scorer_id", "in", (units) =>
      units.selectFrom("promoted_scorer_units").select("scorer_id").where("business_unit", "in", scope.businessUnits)
    );
  if (scorerId !== undefined) query = query.where("s.scorer_id", "=", scorerId);
  if (version !== undefined) query = query.where("v.version", "=", version);
  if (newest) query = query.whereRef("v.version", "=", "s.version");
  const rows = await query.orderBy("s.name").orderBy("s.scorer_id").orderBy("v.version", "desc").execute();
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map(({ scorer_id }) => scorer_id))];
  const units = await db
    .selectFrom("promoted_scorer_units")
    .selectAll()
    .where("scorer_id", "in", ids)
    .orderBy("business_unit")
    .execute();
  const ofScorer = Map.groupBy(units, ({ scorer_id }) => scorer_id);
  return rows.map((row) => {
    const all = (ofScorer.get(row.scorer_id) ?? []).map(({ business_unit }) => business_unit);
    const businessUnits = all.filter((unit) => scope.businessUnits.includes(unit));
    // What was measured counts traces of all units.
    const evidence = all.length === businessUnits.length ? row.evidence : "null";
    return {
      scorerId: row.scorer_id,
      name: row.name,
      businessUnits,
      version: row.version,
      kind: row.kind as PromotedScorer["kind"],
      text: row.text,
      options: JSON.parse(row.options) as PromotedScorer["options"],
      scorerVersion: row.scorer_version,
      origin: JSON.parse(row.origin) as PromotedScorer["origin"],
      evidence: JSON.parse(evidence) as PromotedScorer["evidence"],
      note: row.note,
      userId: row.user_id,
      promotedAtMs: Number(row.promoted_at)
    };
  });
}
