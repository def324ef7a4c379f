import { Fault } from "#lib/model/fault.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ScoringRule } from "#lib/model/scoring-rule.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { People } from "#lib/ports/people.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import type { ScoringRules } from "#lib/ports/scoring-rules.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { quoteText } from "#lib/sql/quote.ts";
import type { RatePoint, RuleReply, RuleRequest, ScoredRate, ScorerReply, ScorersReply } from "#lib/wire/scorers.ts";
import { tellApart } from "./name-people.ts";
import { ruleScope } from "./rule-window.ts";
import type { ScopeKernels } from "./scope-kernels.ts";
import { number, type Row, text } from "./trace-rows.ts";
import { matchingTraces, parsePredicate, withPredicate } from "./traffic-predicate.ts";

/** What the pages of promoted scorers are read with. */
export interface ScorerPageDoors {
  readonly lake: Pick<Lake, "snapshotId" | "listArrivals">;
  readonly kernels: Pick<ScopeKernels, "use">;
  readonly parser: SqlParser;
  readonly clock: Pick<Clock, "nowMs">;
  readonly promotedScorers: PromotedScorers;
  readonly scoringRules: ScoringRules;
  readonly keptMaps: Pick<KeptMaps, "list">;
  readonly people: Pick<People, "namesOf">;
}

const dayMs = 86_400_000;
const mostScorers = 1_000;
const mostDays = 20_000;

/** What rules scored says which rule it was. */
const ofRules = "status = 'ok' and contains(detail, '\"rule\"')";
const rated = `count(v) as n, weighted_rate(v, sampling_probability) as rate, weighted_low(v, sampling_probability) as low,
  weighted_high(v, sampling_probability) as high, effective_n(v, sampling_probability) as effective`;

/** Every promoted scorer that a scope sees, with how it does. */
export async function readScorers(doors: ScorerPageDoors, scope: Scope): Promise<ScorersReply> {
  const [scorers, rules] = await Promise.all([doors.promotedScorers.list(scope), doors.scoringRules.list(scope)]);
  const since = doors.clock.nowMs() - dayMs;
  const rows = await doors.kernels.use(scope, (kernel) =>
    kernel.rows(
      `select scorer, ${rated} from (select scorer, sampling_probability, coalesce(pass::double, value) as v from scores
        where scored_at >= make_timestamp_ms($since::bigint) and ${ofRules}) group by scorer`,
      { since },
      mostScorers
    )
  );
  return {
    scorers: scorers.map(({ scorerId, name, kind, version, businessUnits, promotedAtMs, evidence }) => {
      const own = rules.filter((rule) => rule.scorerId === scorerId);
      const rulesActive = own.filter(({ pause }) => pause === null).length;
      return {
        ...{ scorerId, name, kind, version, businessUnits, promotedAtMs, evidence },
        ...{ rulesActive, rulesPaused: own.length - rulesActive },
        lastDay: readRate(rows.find((row) => text(row, "scorer") === name) ?? {})
      };
    })
  };
}

/** A promoted scorer: its versions, its rules with what they did, and its scores over time. */
export async function readScorer(doors: ScorerPageDoors, scope: Scope, scorerId: string): Promise<ScorerReply> {
  const versions = await doors.promotedScorers.versions(scope, scorerId);
  const [rules, days, maps] = await Promise.all([
    doors.scoringRules
      .list(scope, scorerId)
      .then((list) => Promise.all(list.map((rule) => readRule(doors, scope, rule)))),
    readDays(doors, scope, versions[0]!.name),
    doors.keptMaps.list(scope)
  ]);
  const named = [...versions, ...rules.flatMap(({ rule }) => rule.pause ?? [])].flatMap(({ userId }) => userId ?? []);
  const names = tellApart(await doors.people.namesOf([...new Set(named)], scope));
  return { versions, rules, days, areas: maps.flatMap(listAreas), names };
}

/** Makes a rule from where the lake is now. @throws Fault `invalid`, `missing`, `denied` */
export async function makeRule(
  doors: ScorerPageDoors,
  scope: Scope,
  scorerId: string,
  request: RuleRequest
): Promise<ScoringRule> {
  const promoted = await doors.promotedScorers.find(scope, scorerId, request.version ?? undefined);
  const foreign = request.businessUnits.find((unit) => !promoted.businessUnits.includes(unit));
  if (foreign !== undefined) {
    throw new Fault("invalid", `the scorer "${promoted.name}" does not belong to the business unit "${foreign}"`, {
      hint: `It belongs to ${promoted.businessUnits.join(", ")}.`
    });
  }
  const { sql: predicate } = await parsePredicate(doors.parser, request.predicate);
  // The engine is asked once before, so that a wrong column is said here and not in the log.
  await askOnce(doors, scope, { ...request, predicate });
  return doors.scoringRules.create(scope, {
    ...request,
    ...{ scorerId, predicate, snapshotId: await doors.lake.snapshotId() }
  });
}

async function askOnce({ kernels }: ScorerPageDoors, scope: Scope, { predicate, businessUnits }: RuleRequest) {
  const own = { ...scope, businessUnits: scope.businessUnits.filter((unit) => businessUnits.includes(unit)) };
  await withPredicate(predicate, () =>
    kernels.use(own, (kernel) => kernel.rows(`select 1 from ${matchingTraces(predicate)} limit 1`, {}, 1))
  );
}

async function readRule(doors: ScorerPageDoors, scope: Scope, whole: ScoringRule): Promise<RuleReply> {
  const { cursor, ...rule } = whole;
  const log = await doors.scoringRules.readLog(scope, rule.ruleId);
  return { rule: { ...rule, waiting: cursor.waiting.length }, log, lagMs: await readLag(doors, whole) };
}

/** How long traces have been there that a rule has not dealt with. */
async function readLag({ lake, clock }: ScorerPageDoors, rule: ScoringRule): Promise<number | null> {
  if (rule.pause) return null;
  const { snapshotId, seenAtMs } = rule.cursor;
  const arrived = await lake.listArrivals(ruleScope(rule), snapshotId);
  const isBehind = arrived === undefined || arrived.some(({ table }) => table === "spans");
  return isBehind ? Math.max(0, clock.nowMs() - seenAtMs) : 0;
}

async function readDays({ kernels }: ScorerPageDoors, scope: Scope, scorer: string): Promise<readonly RatePoint[]> {
  const rows = await kernels.use(scope, (kernel) =>
    kernel.rows(
      `select day, version, ${rated} from (
        select "date"::varchar as day, json_extract_string(detail, '$.version')::integer as version,
          sampling_probability, coalesce(pass::double, value) as v
        from scores where scorer = $scorer and ${ofRules}) where version is not null
      group by day, version order by day, version`,
      { scorer },
      mostDays
    )
  );
  return rows.map((row) => ({
    ...readRate(row),
    ...{ day: text(row, "day") ?? "", version: number(row, "version") ?? 0 }
  }));
}

function readRate(row: Row): ScoredRate {
  return {
    rate: number(row, "rate"),
    interval: [number(row, "low") ?? 0, number(row, "high") ?? 1],
    n: number(row, "n") ?? 0,
    effectiveN: number(row, "effective") ?? 0
  };
}

function listAreas({ mapId, title, areas }: KeptMap): ScorerReply["areas"] {
  return areas.map(({ name }) => ({
    title: `${name} (${title})`,
    predicate: `(business_unit, trace_id) in (\n  select business_unit, trace_id from areas\n  where map_id = ${quoteText(mapId)} and area = ${quoteText(name)}\n)`
  }));
}
