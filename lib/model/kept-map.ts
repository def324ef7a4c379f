import type { ParamValue } from "./cell.ts";
import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** Where the traces of a kept map come from: a map cell of a workbook as its text and parameters were then. */
export interface MapGround {
  readonly workbook: string;
  readonly cell: string;
  /** The whole workbook. */
  readonly text: string;
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** What happened to a cluster from one version of a map to the next. */
export type ClusterChange = "born" | "grew" | "shrank" | "same" | "split" | "merged" | "died";

/** What one unit's traces say of a cluster: another unit's texts never show in its words. */
export interface ClusterPart {
  readonly size: number;
  /** Phrases and how many of the unit's traces in the cluster hold them, the most telling first. */
  readonly words: readonly (readonly [string, number])[];
  /** Trace ids nearest the centre, at most 5. */
  readonly representatives: readonly string[];
}

/** A cluster of one version of a kept map. */
export interface KeptCluster {
  /** Its identity, which it keeps from version to version: `c1`, `c2`, …. */
  readonly clusterId: string;
  /** Centre in map coordinates. */
  readonly x: number;
  readonly y: number;
  /** Convex outline in map coordinates. */
  readonly outline: readonly (readonly [number, number])[];
  readonly change: ClusterChange;
  /** Clusters of the version before that its members come from, with how many of them came. */
  readonly from: readonly { readonly clusterId: string; readonly shared: number }[];
  readonly parts: Readonly<Record<BusinessUnit, ClusterPart>>;
}

/** A map as it was frozen once. */
export interface MapVersion {
  /** From 1. */
  readonly version: number;
  readonly madeAtMs: number;
  readonly snapshotId: number;
  readonly seed: number;
  /** How the vectors were made. */
  readonly vectors: string;
  readonly points: number;
  /** How far half of the traces that were there before have moved at most, as a share of the width; null for version 1. */
  readonly movedShare: number | null;
  readonly clusters: readonly KeptCluster[];
}

/** A map that stays: traces are placed on it as they come, and its clusters keep their identity. */
export interface KeptMap {
  readonly mapId: string;
  readonly title: string;
  /** Units whose traces it was built from. Who may see one of them sees the map, and on it only what is theirs. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly ground: MapGround;
  readonly userId: string;
  readonly createdAtMs: number;
  /** The newest. */
  readonly version: MapVersion;
  /** Traces of the lake up to this snapshot are on the newest version. */
  readonly placedSnapshotId: number;
  /** What people call its clusters, by identity. */
  readonly names: Readonly<Record<string, string>>;
}

const nameLimit = 80;

/** A name of a map or a cluster as it is kept. @throws Fault `invalid` */
export function checkMapName(name: string): string {
  const kept = name.trim();
  if (kept !== "" && kept.length <= nameLimit) return kept;
  throw new Fault("invalid", `a name has 1 to ${nameLimit} characters, not ${kept.length}`);
}
