import { type ClusterCounts, listDifferences } from "#lib/map/compare.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { seenClusters } from "#lib/model/seen-clusters.ts";
import type { SqlValue } from "#lib/model/table.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import {
  type CompareReply,
  type Population,
  type PopulationChoice,
  type PopulationsReply,
  sides,
  weekMs
} from "#lib/wire/map-compare.ts";
import { maxMapTraces } from "#lib/workbook/cell-settings.ts";
import { idHalves, isOnMap, placedTraces } from "./map-columns.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

/** Populations of one kind that can be chosen, the largest first. */
const mostChoices = 200;
/** Sample traces of each population in a cluster. */
const mostSamples = 5;
/** Clusters of one map, beyond the last. */
const mostClusters = 100_000;
const mostBytes = 64 * 2 ** 20;

/** Two populations of traces on one map; a reader sees only traces of own units in both. */
export class CompareMap {
  readonly #keptMaps: KeptMaps;
  readonly #kernels: ScopeKernels;

  constructor(keptMaps: KeptMaps, kernels: ScopeKernels) {
    this.#keptMaps = keptMaps;
    this.#kernels = kernels;
  }

  /** What can be compared on a map. @throws Fault `missing` */
  async choices(scope: Scope, mapId: string): Promise<PopulationsReply> {
    await this.#keptMaps.find(scope, mapId);
    return this.#kernels.use(scope, async (kernel) => ({ choices: await listChoices(kernel, mapId) }));
  }

  /** @throws Fault `missing`, `invalid` */
  async compare(scope: Scope, mapId: string, a: Population, b: Population): Promise<CompareReply> {
    const map = await this.#keptMaps.find(scope, mapId);
    const labels = new Map(seenClusters(map, scope).map(({ clusterId, label }) => [clusterId, label]));
    const { sql, values } = sidesSql(mapId, a, b);
    return this.#kernels.use(scope, async (kernel) => {
      const rows = await kernel.rows(
        `select cluster, side, count(*) as n from (${sql}) where side >= 0 group by cluster, side`,
        values,
        3 * mostClusters
      );
      const counts = new Map<number, { first: number; second: number }>();
      const total = { first: 0, second: 0, both: 0 };
      for (const row of rows) {
        const [cluster, n] = [row["cluster"] === null ? NOISE : Number(row["cluster"]), Number(row["n"])];
        const side = sideNames[Number(row["side"])]!;
        total[side] += n;
        if (side === "both") continue;
        const own = counts.get(cluster) ?? { first: 0, second: 0 };
        own[side] += n;
        counts.set(cluster, own);
      }
      const all = [...counts].map(([cluster, own]): ClusterCounts => ({ cluster, ...own }));
      const found = total.first > 0 && total.second > 0 ? listDifferences(all) : [];
      const samples = found.length > 0 ? await readSamples(kernel, sql, values) : new Map<string, readonly string[]>();
      return {
        ...total,
        compared: all.length,
        differing: found.map(({ cluster, ...rest }) => ({
          clusterId: cluster === NOISE ? null : cluster,
          label: cluster === NOISE ? "in no cluster" : (labels.get(cluster) ?? `cluster ${cluster + 1}`),
          firstSamples: samples.get(`${cluster} ${sides.first}`) ?? [],
          secondSamples: samples.get(`${cluster} ${sides.second}`) ?? [],
          ...rest
        }))
      };
    });
  }

  /**
   * Which population each point that the reader sees is in: `side` INTEGER as `sides` says, and the trace's id as `high`
   * and `low`, as points have it.
   *
   * @throws Fault `missing`, `invalid`
   */
  async sides(scope: Scope, mapId: string, a: Population, b: Population, signal?: AbortSignal): Promise<ArrowAnswer> {
    await this.#keptMaps.find(scope, mapId);
    const { sql, values } = sidesSql(mapId, a, b);
    const question = `select side as code, ${idHalves} from (${sql}) p order by p.trace_id, p.business_unit`;
    return this.#kernels.use(scope, (kernel) => kernel.query(question, values, maxMapTraces, signal, mostBytes));
  }
}

const sideNames = ["first", "second", "both"] as const;

/** A SELECT of `trace_id`, `business_unit`, `cluster`, `x`, `y` and `side` of every trace on the map. */
function sidesSql(mapId: string, a: Population, b: Population) {
  if (a.kind === "others" && b.kind === "others") {
    throw new Fault("invalid", "all others are others than one chosen population", { hint: "Choose A or B." });
  }
  const values: Record<string, SqlValue> = { map: mapId };
  const conditions = { a: conditionOf(a, "a", values), b: conditionOf(b, "b", values) };
  const inA = a.kind === "others" ? `not ${conditions.b}` : conditions.a;
  const inB = b.kind === "others" ? `not ${conditions.a}` : conditions.b;
  const told = `select p.trace_id, p.business_unit, p.cluster, p.x, p.y, ${inA} as in_a, ${inB} as in_b
    from ${placedTraces} where p.map_id = $map`;
  return {
    sql: `select trace_id, business_unit, cluster, x, y,
      case when in_a and in_b then ${sides.both} when in_a then ${sides.first} when in_b then ${sides.second} else ${sides.neither} end::integer as side
      from (${told})`,
    values
  };
}

/** True or false for a row of `placements p join traces t`; what a person chose is bound. */
function conditionOf(population: Population, name: "a" | "b", values: Record<string, SqlValue>): string {
  const bind = (value: string | number, part = ""): string => {
    values[`${name}${part}`] = value;
    return `$${name}${part}`;
  };
  switch (population.kind) {
    case "unit":
      return `(p.business_unit = ${bind(population.unit)})`;
    case "agent":
      return `coalesce(t.agent = ${bind(population.agent)}, false)`;
    case "version":
      return `coalesce(t.agent = ${bind(population.agent)} and t.agent_version = ${bind(population.agentVersion, "Version")}, false)`;
    case "time":
      return `coalesce(epoch_ms(t.started_at) >= ${bind(population.fromMs, "From")} and epoch_ms(t.started_at) < ${bind(population.toMs, "To")}, false)`;
    case "pass":
    case "fail":
      return `((p.business_unit, p.trace_id) in (${verdictSql(population.kind, bind(population.scorer))}))`;
    case "others":
      return "false";
    default:
      return population satisfies never;
  }
}

/** Traces that failed hold a failing verdict of the scorer; those that passed hold a passing one and none that fails. */
function verdictSql(kind: "pass" | "fail", scorer: string): string {
  const holds = kind === "fail" ? "bool_or(not s.pass)" : "bool_and(s.pass)";
  return `select s.business_unit, s.trace_id from scores s where s.scorer = ${scorer} and s.pass is not null
    group by s.business_unit, s.trace_id having ${holds}`;
}

async function readSamples(
  kernel: Kernel,
  sql: string,
  values: Readonly<Record<string, SqlValue>>
): Promise<ReadonlyMap<string, readonly string[]>> {
  const away = (axis: "x" | "y") => `(${axis} - avg(${axis}) over (partition by cluster)) ** 2`;
  const rows = await kernel.rows(
    `select coalesce(cluster, ${NOISE}) as cluster, side, trace_id from (
       select *, ${away("x")} + ${away("y")} as away from (${sql}) where side in (${sides.first}, ${sides.second}))
     qualify row_number() over (partition by cluster, side order by away, trace_id) <= ${mostSamples}
     order by cluster, side, away, trace_id`,
    values,
    2 * mostSamples * mostClusters
  );
  const samples = new Map<string, string[]>();
  for (const row of rows) {
    const key = `${Number(row["cluster"])} ${Number(row["side"])}`;
    samples.set(key, [...(samples.get(key) ?? []), String(row["trace_id"])]);
  }
  return samples;
}

async function listChoices(kernel: Kernel, mapId: string): Promise<readonly PopulationChoice[]> {
  const counted = `select p.trace_id, p.business_unit, t.agent, t.agent_version,
      epoch_ms(date_trunc('week', t.started_at)) as week from ${placedTraces} where p.map_id = $map`;
  const count = (
    kind: string,
    one: string,
    other: string
  ) => `(select '${kind}' as kind, ${one} as one, ${other} as other,
    count(*) as n from (${counted}) where ${one} is not null and ${other} is not null group by one, other
    order by ${kind === "week" ? "one desc" : "n desc, one, other"} limit ${mostChoices})`;
  const rows = await kernel.rows(
    `${count("unit", "business_unit", "''")} union all ${count("agent", "agent", "''")}
     union all ${count("version", "agent", "agent_version")} union all ${count("week", "week::varchar", "''")}`,
    { map: mapId },
    4 * mostChoices
  );
  const verdicts = await kernel.rows(
    `select scorer as one, case when pass then 'pass' else 'fail' end as kind, count(*) as n from (
       select s.scorer, s.business_unit, s.trace_id, bool_and(s.pass) as pass from scores s
       where s.pass is not null and ${isOnMap("s")} group by all)
     group by all order by n desc, one, kind limit ${mostChoices}`,
    { map: mapId },
    mostChoices
  );
  return [...rows, ...verdicts].map((row): PopulationChoice => {
    const [kind, one, other] = [String(row["kind"]), String(row["one"]), String(row["other"])];
    return { population: readPopulation(kind, one, other), traces: Number(row["n"]) };
  });
}

function readPopulation(kind: string, one: string, other: string): PopulationChoice["population"] {
  switch (kind) {
    case "unit":
      return { kind, unit: one };
    case "agent":
      return { kind, agent: one };
    case "version":
      return { kind, agent: one, agentVersion: other };
    case "pass":
    case "fail":
      return { kind, scorer: one };
    default:
      return { kind: "time", fromMs: Number(one), toMs: Number(one) + weekMs };
  }
}
