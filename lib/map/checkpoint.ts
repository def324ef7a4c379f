import type { Pack, PackedArray, PackedHead } from "./packed-arrays.ts";

/** Steps of a map that can be kept while the map is not done. */
export type KeptStep = "vectors" | "neighbours" | "layout";

/** All that these steps come from: maps that agree in it agree in them, to the bit, whatever their clusters. */
export interface CheckpointSubject {
  /** Cleaned, distinct. */
  readonly texts: readonly string[];
  readonly seed: number;
  readonly neighbours: number;
  /** Vectors that a model gave; null where they are made here. */
  readonly given: { readonly model: string; readonly d: number; readonly vectors: Float32Array } | null;
  /** Where a refit starts, n x 2; null for a first map. */
  readonly start: Float64Array | null;
}

/** What is kept of one map while it is being made, so that another try goes on from there. */
export interface Checkpoint {
  /** What was kept of a step, whole; undefined where there is nothing, or nothing that can be trusted. */
  find(step: KeptStep): Pack | undefined;
  /** Keeps a finished step, or not: a map that is quickly made is made again as quickly. */
  keep(step: KeptStep, head: PackedHead, arrays: Readonly<Record<string, PackedArray>>): void;
  /** True where so much time has passed since the last keeping that a step under way is worth it. */
  isDue(): boolean;
  /** The map is done. @param stays  steps that another choice of clusters can stand on */
  finish(stays: readonly KeptStep[]): void;
}

/** Opens what is kept of a map. */
export type OpenCheckpoint = (subject: CheckpointSubject) => Checkpoint;

/** Keeps nothing. */
export const openNoCheckpoint: OpenCheckpoint = () => ({
  find: () => undefined,
  keep: () => undefined,
  isDue: () => false,
  finish: () => undefined
});
