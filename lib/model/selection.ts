import { Fault } from "./fault.ts";

/** Corners in map coordinates, the last joined to the first. */
export type Polygon = readonly (readonly [number, number])[];

/** Points of a map that a person has picked: what is encircled, or these very traces where their places say nothing. */
export type Picked = { readonly polygon: Polygon } | { readonly traceIds: readonly string[] };

/** Traces that are named one by one, or laid out alone, at most: every pair of them is compared while a page waits. */
export const mostPicked = 5_000;

/** The traces that a person has picked, as what holds for them: the same question later finds those that came since, too. */
export type Selection =
  /** What is encircled on a version of a kept map. */
  | { readonly kind: "lasso"; readonly mapId: string; readonly version: number; readonly polygon: Polygon }
  /** An area of a kept map that people named. */
  | { readonly kind: "area"; readonly mapId: string; readonly area: string }
  /** A cluster of a kept map, by its identity. */
  | { readonly kind: "cluster"; readonly mapId: string; readonly clusterId: number }
  /** Traces of a kept map, one by one: picked where they were laid out alone. None is ever added. */
  | { readonly kind: "traces"; readonly mapId: string; readonly traceIds: readonly string[] }
  /** What is picked on the map cell of a workbook. */
  | ({ readonly kind: "cell"; readonly workbook: string; readonly cell: string } & Picked);

/** Where a dataset or a queue took its traces from. */
export interface Origin {
  readonly selection: Selection;
  /** Version of the kept map that it was asked of; null for a map cell. */
  readonly mapVersion: number | null;
  /** The question as an SQL text that people can run. */
  readonly sql: string;
  /** Of the lake. */
  readonly snapshotId: number;
}

/** Where a queue took its items from: a selection, or a question that somebody wrote. */
export type QueueOrigin = Omit<Origin, "selection"> & { readonly selection: Selection | null };

const titleLimit = 120;

/** A title of a dataset or a queue as it is kept. @throws Fault `invalid` */
export function checkTitle(title: string): string {
  const kept = title.trim();
  if (kept !== "" && kept.length <= titleLimit) return kept;
  throw new Fault("invalid", `a title has 1 to ${titleLimit} characters, not ${kept.length}`);
}
