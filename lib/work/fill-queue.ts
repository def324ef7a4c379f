import { LowestRanks, type StratumShare, seededShare, shareSample } from "#lib/math/stratified-sample.ts";
import { Fault } from "#lib/model/fault.ts";
import { checkRule, type Queue, type Reviewing, type SampleRule } from "#lib/model/queue.ts";
import type { Rubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Selection } from "#lib/model/selection.ts";
import type { SqlValues } from "#lib/ports/kernel.ts";
import type { NewQueue, Queues } from "#lib/ports/queues.ts";
import type { SamplePlanReply } from "#lib/wire/selections.ts";
import { keyedSql, nameStratum, strataValues } from "./sample-strata.ts";
import { type OpenSelection, requireSome, type SelectionDoors, withSelection } from "./selection.ts";

/** Most strata that are told apart. */
const mostStrata = 2000;

/** Most traces of a selection that a sample is drawn from. */
const mostTraces = 5_000_000;

/** What a sample of a selection would be: nothing is drawn yet. */
export function planSample(
  doors: SelectionDoors,
  scope: Scope,
  { selection, rule }: { readonly selection: Selection; readonly rule: SampleRule }
): Promise<SamplePlanReply> {
  return withSelection(doors, scope, selection, async (open) => {
    const plan = await share(open, rule);
    return {
      title: open.title,
      sql: open.origin.sql,
      traces: plan.traces,
      strata: plan.shares.map(({ group, name, size, take, probability }) => ({
        businessUnit: group,
        stratum: name,
        traces: size,
        taken: take,
        inclusionProbability: probability
      })),
      scorers: await listScorers(open)
    };
  });
}

/**
 * Draws a stratified sample of a selection and makes it a queue. Each item keeps the chance it had; the same seed
 * draws the same traces of the same selection.
 *
 * @throws Fault `invalid` for no traces or an odd rubric, `limit` for fewer places than units
 */
export function fillQueue(
  doors: SelectionDoors & { readonly queues: Pick<Queues, "create"> },
  scope: Scope,
  asked: {
    readonly title: string;
    readonly selection: Selection;
    readonly rule: SampleRule;
    readonly rubric: Rubric;
    readonly reviewing?: Partial<Reviewing>;
  }
): Promise<Queue> {
  const { title, selection, rule, rubric, reviewing = {} } = asked;
  return withSelection(doors, scope, selection, async (open) => {
    const { items } = await drawSample(open, rule);
    return doors.queues.create(scope, { title, origin: open.origin, rule, rubric, reviewing, items });
  });
}

/** Draws a stratified sample of what is selected; the same seed draws the same traces. @throws Fault `invalid`, `limit` */
export async function drawSample(
  open: OpenSelection,
  rule: SampleRule
): Promise<{ readonly traces: number; readonly items: NewQueue["items"] }> {
  const plan = await share(open, rule);
  return { traces: plan.traces, items: await draw(open, rule, plan) };
}

interface SamplePlan {
  readonly traces: number;
  readonly shares: readonly StratumShare[];
  /** Of a row of `keyed`: the stratum it is in. */
  readonly stratumOf: (row: Readonly<Record<string, unknown>>) => StratumShare | undefined;
  /** SELECT of trace_id, business_unit and the stratum's key. */
  readonly keyed: string;
  readonly values: SqlValues;
}

async function share(open: OpenSelection, rule: SampleRule): Promise<SamplePlan> {
  const { count, by, spread } = checkRule(rule);
  const keyed = keyedSql(open, by);
  const values = { ...open.values, ...strataValues(by) };
  const rows = await open.kernel.rows(
    `select business_unit, key, count(*)::double as traces from (${keyed}) group by business_unit, key order by traces desc, business_unit, key`,
    values,
    mostStrata + 1
  );
  if (rows.length > mostStrata) {
    throw new Fault("limit", `the selection has more than ${mostStrata.toLocaleString("en-US")} strata`, {
      hint: "Tell them apart by something with fewer values."
    });
  }
  const nameOf = (row: Readonly<Record<string, unknown>>) => nameStratum(open, by, row);
  const strata = rows.map((row) => ({
    group: String(row["business_unit"]),
    name: nameOf(row),
    size: Number(row["traces"])
  }));
  const traces = strata.reduce((sum, { size }) => sum + size, 0);
  requireSome(traces, mostTraces, "a sample is drawn from");
  const shares = shareSample(strata, count, spread);
  if (!shares) {
    const units = new Set(strata.map(({ group }) => group)).size;
    throw new Fault("limit", `${count} traces cannot stand for ${units} business units`, {
      hint: `Ask for at least ${units}: no stratum holds traces of two.`
    });
  }
  const places = new Map(shares.flatMap((part) => part.members.map((name) => [`${part.group}\n${name}`, part])));
  const stratumOf: SamplePlan["stratumOf"] = (row) => places.get(`${String(row["business_unit"])}\n${nameOf(row)}`);
  return { traces, shares, stratumOf, keyed, values };
}

async function draw(open: OpenSelection, rule: SampleRule, plan: SamplePlan): Promise<NewQueue["items"]> {
  const lowest = new Map(plan.shares.map((part) => [part, new LowestRanks<NewQueue["items"][number]>(part.take)]));
  for await (const rows of open.kernel.stream(plan.keyed, plan.values)) {
    for (const row of rows) {
      const part = plan.stratumOf(row);
      // Between the count and this nothing changes: the kernel stands on one snapshot.
      if (!part) throw new Fault("broken", "the strata of the selection changed while it was drawn from");
      const [traceId, businessUnit] = [String(row["trace_id"]), String(row["business_unit"])];
      const item = { traceId, businessUnit, stratum: part.name, inclusionProbability: part.probability };
      lowest.get(part)?.offer(seededShare(rule.seed, traceId), traceId, item);
    }
  }
  // By rank over all strata, so that the first few of a queue are a mixture already.
  const drawn = [...lowest.values()].flatMap((part) => part.list());
  drawn.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
  return drawn.map(({ value }) => value);
}

async function listScorers(open: OpenSelection): Promise<readonly string[]> {
  const sql = `select distinct scorer from scores where span_id is null and (trace_id, business_unit) in (select trace_id, business_unit from (${open.traces})) order by scorer`;
  return (await open.kernel.rows(sql, open.values, 100)).map(({ scorer }) => String(scorer));
}
