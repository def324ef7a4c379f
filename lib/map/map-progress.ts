/** The steps of a map, in order. */
export type MapStep = "vectors" | "neighbours" | "layout" | "clusters" | "words";

/** Where a map goes on that was begun before. */
export interface ResumePoint {
  readonly step: MapStep;
  /** How much of that step had been done, 0..1. */
  readonly share: number;
}

/** Told a step and how much of it is done, of how much; `from` where earlier work was gone on with. */
export type OnProgress = (step: MapStep, done: number, total: number, from?: ResumePoint) => void;
