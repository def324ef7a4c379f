import { Fault } from "#lib/model/fault.ts";
import type { KeptMap } from "#lib/model/kept-map.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import { seenClusters } from "#lib/model/seen-clusters.ts";
import type { Origin, Selection } from "#lib/model/selection.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { Kernel, SqlValues } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { pickedCondition } from "#lib/sql/picked-sql.ts";
import { quoteName, quoteText } from "#lib/sql/quote.ts";
import type { Desk } from "./desk.ts";

/** What selections are read through. */
export interface SelectionDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly keptMaps: Pick<KeptMaps, "find">;
  readonly desk: Pick<Desk, "withMap">;
}

/** A selection as questions that the engine answers, within the scope that asked. */
export interface OpenSelection {
  readonly kernel: Kernel;
  readonly origin: Origin;
  /** What people call it. */
  readonly title: string;
  /** Everything on the map: a relation named `p` with trace_id, business_unit, x, y and cluster, as a text that people keep. */
  readonly map: string;
  /** SELECT of trace_id, business_unit, agent, input, output, tool_names and cluster of the selected traces, a row each. */
  readonly traces: string;
  /** The same of the other traces on the map. */
  readonly rest: string;
  readonly values: SqlValues;
  /** What a cluster is called by the traces of one unit alone; null is none. */
  clusterName(unit: BusinessUnit, clusterId: number | null): string;
}

/**
 * Works on what a person has picked. The traces are found anew, in the scope of the one who asks: ids that a page
 * may hold play no part.
 *
 * @throws Fault `missing` for a map, area or cluster that the scope does not have, `conflict` where the map was built again
 */
export async function withSelection<T>(
  doors: SelectionDoors,
  scope: Scope,
  selection: Selection,
  work: (open: OpenSelection) => Promise<T>
): Promise<T> {
  if (selection.kind === "cell") {
    return doors.desk.withMap(scope, selection.workbook, selection.cell, (kernel, key) =>
      work(openCell(kernel, key, selection))
    );
  }
  const map = await doors.keptMaps.find(scope, selection.mapId);
  const part = describePart(map, scope, selection);
  const kernel = await doors.lake.openKernel(scope);
  try {
    return await work(openKept(kernel, map, selection, part));
  } finally {
    await kernel.close();
  }
}

const columns = "t.trace_id, t.business_unit, t.agent, t.input, t.output, t.tool_names";
const withTraces = "join traces t on t.trace_id = p.trace_id and t.business_unit = p.business_unit";

/** Part of a kept map: its condition over `p`, the text for people, and what it is called. */
interface MapPart {
  readonly condition: string;
  readonly sql: string;
  readonly title: string;
}

function describePart(map: KeptMap, scope: Scope, selection: Exclude<Selection, { kind: "cell" }>): MapPart {
  const placed = `select p.trace_id, p.business_unit, p.cluster, p.cluster_label, p.novelty\nfrom placements p\nwhere p.map_id = ${quoteText(map.mapId)}`;
  const partOf = (condition: string) => ({
    condition,
    sql: `${placed}\n  and ${condition}`,
    title: `part of ${map.title}`
  });
  switch (selection.kind) {
    case "lasso": {
      if (selection.version !== map.version.version) {
        throw new Fault("conflict", `the map "${map.title}" was built again since this was drawn`, {
          hint: "Open it again and draw anew, or keep an area: areas stay from version to version."
        });
      }
      return partOf(pickedCondition("p", selection));
    }
    case "traces":
      return partOf(pickedCondition("p", selection));
    case "area": {
      const area = map.areas.find(({ name }) => name === selection.area);
      if (!area) throw new Fault("missing", `the map "${map.title}" has no area "${selection.area.slice(0, 80)}"`);
      const sql = `select trace_id, business_unit, cluster, cluster_label, novelty\nfrom areas\nwhere map_id = ${quoteText(map.mapId)} and area = ${quoteText(area.name)}`;
      return { condition: pickedCondition("p", area), sql, title: area.name };
    }
    case "cluster": {
      const id = selection.clusterId;
      const cluster = seenClusters(map, scope).find(({ clusterId }) => clusterId === id);
      if (!cluster) throw new Fault("missing", `the map "${map.title}" has no cluster "${id}"`);
      return { condition: `p.cluster = ${id}`, sql: `${placed} and p.cluster = ${id}`, title: cluster.label };
    }
    default:
      throw new Fault("invalid", "a selection is of no known kind", { detail: selection satisfies never });
  }
}

function openKept(kernel: Kernel, map: KeptMap, selection: Selection, part: MapPart): OpenSelection {
  const from = `select ${columns}, p.cluster from placements p ${withTraces} where p.map_id = $map`;
  const labels = new Map<string, string>();
  for (const unit of map.businessUnits) {
    const alone: Scope = { userId: "", roles: [], businessUnits: [unit] };
    for (const { clusterId, label } of seenClusters(map, alone)) labels.set(`${unit} ${clusterId}`, label);
  }
  return {
    kernel,
    origin: { selection, mapVersion: map.version.version, sql: part.sql, snapshotId: kernel.snapshotId },
    title: part.title,
    map: `(select * from placements where map_id = ${quoteText(map.mapId)}) p`,
    traces: `${from} and ${part.condition}`,
    rest: `${from} and not coalesce(${part.condition}, false)`,
    values: { map: map.mapId },
    clusterName: (unit, id) => nameCluster(id, id === null ? undefined : labels.get(`${unit} ${id}`))
  };
}

function openCell(kernel: Kernel, key: string, selection: Extract<Selection, { kind: "cell" }>): OpenSelection {
  const condition = pickedCondition("p", selection);
  const from = `select ${columns}, case when p.cluster >= 0 then p.cluster end as cluster from ${quoteName(key)} p ${withTraces}`;
  const sql = `select p.*\nfrom ${quoteName(key)} p\nwhere ${condition}`;
  return {
    kernel,
    origin: { selection, mapVersion: null, sql, snapshotId: kernel.snapshotId },
    title: `part of ${key}`,
    map: `${quoteName(key)} p`,
    traces: `${from} where ${condition}`,
    rest: `${from} where not coalesce(${condition}, false)`,
    values: {},
    // Its words are of all units together, and so are nobody's to read who sees only some.
    clusterName: (_, id) => nameCluster(id, undefined)
  };
}

function nameCluster(id: number | null, label: string | undefined): string {
  if (id === null) return "in no cluster";
  return label === undefined || label === "" ? `cluster ${id + 1}` : `cluster ${id + 1}: ${label}`;
}

/** How many traces are selected, and of which units. */
export async function countSelection(
  open: OpenSelection
): Promise<{ readonly traces: number; readonly units: readonly BusinessUnit[] }> {
  const sql = `select business_unit, count(*)::double as traces from (${open.traces}) group by business_unit order by business_unit`;
  const rows = await open.kernel.rows(sql, open.values, 10_000);
  return {
    traces: rows.reduce((sum, row) => sum + Number(row["traces"]), 0),
    units: rows.map((row) => String(row["business_unit"]))
  };
}

/** Refuses more traces than something can take. @throws Fault `limit`, `invalid` for none */
export function requireSome(traces: number, most: number, what: string): void {
  if (traces === 0) throw new Fault("invalid", "no trace is selected", { hint: "Draw around some points." });
  if (traces <= most) return;
  const [limit, given] = [most.toLocaleString("en-US"), traces.toLocaleString("en-US")];
  throw new Fault("limit", `${what} ${limit} traces at most, and ${given} are selected`, {
    hint: "Draw a smaller part, or send a sample to a queue."
  });
}
