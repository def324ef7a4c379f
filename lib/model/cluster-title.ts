import type { BusinessUnit } from "./scope.ts";

/** Characters of a title and of a description that are kept. */
export const titleLimit = 60;
export const descriptionLimit = 160;

/** What a model wrote about one unit's part of a cluster, from that unit's traces alone. */
export interface ClusterTitle {
  readonly clusterId: number;
  readonly businessUnit: BusinessUnit;
  /** 1 to 60 characters. */
  readonly title: string;
  /** At most 160 characters. */
  readonly description: string;
  /** Who wrote it. */
  readonly modelId: string;
  /** Ids of the traces it was written from. */
  readonly sample: readonly string[];
  /** Traces of the unit in the cluster when it was written. */
  readonly size: number;
  /** The version of the map that it holds for. */
  readonly version: number;
}

/** A part of a cluster as a later version of its map has it. */
export interface LaterPart {
  /** Traces of the unit in the cluster. */
  readonly size: number;
  /** How many traces of the title's sample are among them. */
  readonly kept: number;
}

/** Share of the sample that must still be in the cluster. */
const keptShare = 2 / 3;

/** How many times larger or smaller the cluster may have become. */
const mostGrowth = 2;

/**
 * Whether a title still fits its cluster in a later version: two thirds of the traces it was written from are still
 * there, and the unit has between half and twice as many traces in it.
 */
export function titleStands({ sample, size }: ClusterTitle, { size: later, kept }: LaterPart): boolean {
  return kept >= sample.length * keptShare && later <= size * mostGrowth && later * mostGrowth >= size;
}
