import type { ParamValue } from "./cell.ts";
import type { ClusterTitle } from "./cluster-title.ts";
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

/** What happened to a cluster from the version before to this one; `born` in a first version. */
export type ClusterChange = "born" | "stayed" | "grew" | "shrank" | "merged" | "split";

/** What one unit's traces say of a cluster, so that no other unit's texts show in its words. */
export interface ClusterPart {
  /** Traces, at least 1. */
  readonly size: number;
  /** Describing words. */
  readonly label: string;
  /** Their centre in map coordinates. */
  readonly x: number;
  readonly y: number;
  /** Trace ids nearest the centre, at most 5. */
  readonly representatives: readonly string[];
}

/** A cluster of one version of a kept map. */
export interface KeptCluster {
  /** Its identity, from 0, which it keeps from version to version; none is given twice. */
  readonly clusterId: number;
  readonly change: ClusterChange;
  /** Clusters of the version before that its members come from, most first. */
  readonly from: readonly number[];
  /** By business unit; units without a trace in it are absent. */
  readonly parts: Readonly<Record<BusinessUnit, ClusterPart>>;
}

/** A cluster of the version before that is no more, and where most of its members went. */
export interface EndedCluster {
  readonly clusterId: number;
  readonly change: "merged" | "split" | "died";
  readonly into: readonly number[];
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
  /** Model that gives them, which placing and building again need; null, or absent in older ones, where they are made here. */
  readonly model?: string | null;
  readonly points: number;
  /** How far a trace that was there before has moved in the median, as a share of the width; null for version 1. */
  readonly movedShare: number | null;
  /** Above every identity ever given. */
  readonly nextClusterId: number;
  readonly clusters: readonly KeptCluster[];
  readonly ended: readonly EndedCluster[];
}

/** A part of a map that somebody encircled and named. It holds for traces that arrive later, too. */
export interface MapArea {
  readonly name: string;
  /** Corners in map coordinates, 3 to 2,000, the last joined to the first. */
  readonly polygon: readonly (readonly [number, number])[];
  /** The version it was drawn on: later ones lie nearly as that one does. */
  readonly version: number;
  readonly userId: string;
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
  readonly names: Readonly<Record<number, string>>;
  /** What a model calls them, by the traces of units that are seen; those of the newest version hold. */
  readonly titles: readonly ClusterTitle[];
  /** By name. */
  readonly areas: readonly MapArea[];
}

const nameLimit = 80;

/** A name of a map or a cluster as it is kept. @throws Fault `invalid` */
export function checkMapName(name: string): string {
  const kept = name.trim();
  if (kept !== "" && kept.length <= nameLimit) return kept;
  throw new Fault("invalid", `a name has 1 to ${nameLimit} characters, not ${kept.length}`);
}
