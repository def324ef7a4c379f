import type { ParamValue } from "../model/cell.ts";
import { Fault, type FaultReport } from "../model/fault.ts";
import type { EndedCluster, MapArea } from "../model/kept-map.ts";
import type { BusinessUnit } from "../model/scope.ts";
import type { SeenCluster } from "../model/seen-clusters.ts";
import { object, optional, record, text } from "./parse.ts";

/** POST the map cell to keep: the workbook as it stands in the page. */
export interface KeepMapRequest {
  readonly title: string;
  readonly workbook: string;
  readonly cell: string;
  readonly text: string;
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** A kept map in the list. */
export interface KeptMapRow {
  readonly mapId: string;
  readonly title: string;
  /** Workbook and cell that it was made from. */
  readonly workbook: string;
  readonly cell: string;
  /** Those of its units that the reader sees. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly version: number;
  readonly madeAtMs: number;
  /** Clusters with traces that the reader sees. */
  readonly clusters: number;
}

/** GET the kept maps, the newest first. */
export interface KeptMapsReply {
  readonly maps: readonly KeptMapRow[];
}

/** What a scorer says of a cluster's traces, now and before; a mean is null where it scored none. */
export interface EmergingScore {
  readonly scorer: string;
  readonly n: number;
  /** 0..1. */
  readonly mean: number | null;
  readonly nBefore: number;
  readonly meanBefore: number | null;
}

/** A cluster that has become commoner in one unit than it was there. */
export interface EmergingRow {
  readonly businessUnit: BusinessUnit;
  /** Null for the unit's traces in no cluster. */
  readonly clusterId: number | null;
  readonly label: string;
  /** Traces in the last days, and in those before. */
  readonly recent: number;
  readonly past: number;
  /** How many times as large a share of the unit's traces it is now, with 95 % interval; null where there was none before. */
  readonly ratio: number | null;
  readonly low: number;
  readonly high: number | null;
  /** Mean novelty of the recent traces, 0..1. */
  readonly novelty: number;
  /** Traces by day. */
  readonly trend: readonly number[];
  /** Trace ids. */
  readonly representatives: readonly string[];
  readonly extremes: readonly string[];
  readonly scores: readonly EmergingScore[];
}

/** The traces of a unit in the last days that lie farthest from all that the map was built from, the strangest first. */
export interface StrangestRow {
  readonly businessUnit: BusinessUnit;
  /** At most 5. */
  readonly traces: readonly { readonly traceId: string; readonly novelty: number }[];
}

/** GET a kept map as the reader sees it. */
export interface KeptMapReply extends KeptMapRow {
  /** Traces of the lake up to this snapshot are on it. */
  readonly placedSnapshotId: number;
  readonly vectors: string;
  readonly seed: number;
  readonly movedShare: number | null;
  readonly seen: readonly SeenCluster[];
  readonly ended: readonly EndedCluster[];
  /** True when the reader sees all units of the map and may build it again. */
  readonly isWhole: boolean;
  /** What grew in the last days against the weeks before. */
  readonly emerging: readonly EmergingRow[];
  readonly strangest: readonly StrangestRow[];
  readonly recentDays: number;
  readonly pastDays: number;
  /** Names of the codes in the points' column `unit`. */
  readonly areas: readonly MapArea[];
  readonly units: readonly BusinessUnit[];
}

/** Lines that the building of a map sends, the last of them `kept` or `fault`. */
export type MapEvent =
  | { readonly kind: "progress"; readonly step: string; readonly done: number; readonly total: number }
  | { readonly kind: "kept"; readonly mapId: string; readonly version: number }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** PATCH a kept map: its title, or the name of a cluster; an empty name takes it back. */
export type KeptMapChange = { readonly title: string } | { readonly clusterId: number; readonly name: string };

/** PUT an area of a kept map, in the place of one of the same name. */
export type AreaRequest = Pick<MapArea, "name" | "polygon">;

/** @throws Fault `invalid` */
export function parseAreaRequest(body: unknown): AreaRequest {
  const fields = object(body, "the area");
  const { polygon } = fields;
  if (!Array.isArray(polygon)) throw new Fault("invalid", "the area has no corners", { hint: "Draw it again." });
  const corners = (polygon as unknown[]).map((corner): readonly [number, number] => {
    const [x, y] = Array.isArray(corner) ? (corner as unknown[]) : [];
    // What is no number is refused with the area as a whole.
    return [typeof x === "number" ? x : Number.NaN, typeof y === "number" ? y : Number.NaN];
  });
  return { name: text(fields, "name"), polygon: corners };
}

/** @throws Fault `invalid` */
export function parseKeepMapRequest(body: unknown): KeepMapRequest {
  const fields = object(body, "the map to keep");
  return {
    title: text(fields, "title"),
    workbook: text(fields, "workbook"),
    cell: text(fields, "cell"),
    text: text(fields, "text"),
    params: (optional(fields, "params", record) ?? {}) as KeepMapRequest["params"]
  };
}

/** @throws Fault `invalid` */
export function parseKeptMapChange(body: unknown): KeptMapChange {
  const fields = object(body, "the change of the map");
  const clusterId = fields["clusterId"];
  if (typeof clusterId === "number") return { clusterId, name: text(fields, "name") };
  return { title: text(fields, "title") };
}
