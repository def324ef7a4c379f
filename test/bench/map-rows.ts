import type { MapInput } from "#lib/map/build-map.ts";
import type { BenchRow } from "./row.ts";

/** A map as it is when nobody chooses anything. */
export function inputOf(texts: readonly string[]): MapInput {
  return { texts, traceIds: texts.map((_, i) => String(i)), seed: 1, neighbours: 15, minClusterSize: 0 };
}

/** A figure that no target is set for. */
export function report(name: string, value: number, unit: string): BenchRow {
  return judged(name, value, unit, "none", true);
}

/** A figure with a target of its own, beside no rival. */
export function judged(name: string, value: number, unit: string, target: string, met: boolean): BenchRow {
  return { name, value, unit, against: "absolute", rival: null, ratio: Number.NaN, target, met };
}
