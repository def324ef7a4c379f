import { Fault } from "../model/fault.ts";
import type { BusinessUnit } from "../model/scope.ts";

/** Some traces of a map, to be compared with others. */
export type Population =
  | { readonly kind: "unit"; readonly unit: BusinessUnit }
  | { readonly kind: "agent"; readonly agent: string }
  | { readonly kind: "version"; readonly agent: string; readonly agentVersion: string }
  /** Began from the first inclusive to the second exclusive, in ms since 1970 UTC. */
  | { readonly kind: "time"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "pass" | "fail"; readonly scorer: string }
  /** Every trace that is not in the other population. */
  | { readonly kind: "others" };

/** Days, of the week that begins on a Monday. */
export const weekMs = 7 * 86_400_000;

/** A population as an address holds it; `parsePopulation` gives it back. */
export function formatPopulation(population: Population): string {
  const steps = (): readonly (string | number)[] => {
    switch (population.kind) {
      case "unit":
        return [population.unit];
      case "agent":
        return [population.agent];
      case "version":
        return [population.agent, population.agentVersion];
      case "time":
        return [population.fromMs, population.toMs];
      case "pass":
      case "fail":
        return [population.scorer];
      case "others":
        return [];
      default:
        return population satisfies never;
    }
  };
  return [population.kind, ...steps().map((step) => encodeURIComponent(step))].join("/");
}

/** @throws Fault `invalid` */
export function parsePopulation(text: string): Population {
  const [kind, one, other, ...rest] = text.split("/").map(readStep);
  const wrong = new Fault("invalid", `"${text}" names no traces to compare`, { hint: "Choose A and B again." });
  if (rest.length > 0) throw wrong;
  if (kind === "others" && one === undefined) return { kind };
  if (kind === "version" && one && other !== undefined) return { kind, agent: one, agentVersion: other };
  if (kind === "time" && one && other) {
    const [fromMs, toMs] = [Number(one), Number(other)];
    if (Number.isFinite(fromMs) && Number.isFinite(toMs)) return { kind, fromMs, toMs };
  }
  if (!one || other !== undefined) throw wrong;
  if (kind === "unit") return { kind, unit: one };
  if (kind === "agent") return { kind, agent: one };
  if (kind === "pass" || kind === "fail") return { kind, scorer: one };
  throw wrong;
}

function readStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return "";
  }
}

/** A population as a sentence names it. */
export function namePopulation(population: Population, formatDay: (ms: number) => string): string {
  switch (population.kind) {
    case "unit":
      return population.unit;
    case "agent":
      return population.agent;
    case "version":
      return `${population.agent} ${population.agentVersion}`;
    case "time":
      return population.toMs - population.fromMs === weekMs
        ? `week of ${formatDay(population.fromMs)}`
        : `${formatDay(population.fromMs)} to ${formatDay(population.toMs - 1)}`;
    case "pass":
      return `passed ${population.scorer}`;
    case "fail":
      return `failed ${population.scorer}`;
    case "others":
      return "all others";
    default:
      return population satisfies never;
  }
}

/** A population that can be chosen, with its traces on the map. */
export interface PopulationChoice {
  readonly population: Exclude<Population, { readonly kind: "others" }>;
  readonly traces: number;
}

/** GET what can be compared on a map. */
export interface PopulationsReply {
  readonly choices: readonly PopulationChoice[];
}

/** A cluster of which two populations hold shares. */
export interface ComparedCluster {
  /** Null for traces in no cluster. */
  readonly clusterId: number | null;
  readonly label: string;
  /** Traces of each population in it. */
  readonly first: number;
  readonly second: number;
  /** Share of the first less share of the second, with 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** p-value, adjusted over all clusters. */
  readonly q: number;
  /** Trace ids of each population, the most typical first. */
  readonly firstSamples: readonly string[];
  readonly secondSamples: readonly string[];
}

/** GET ?a&b: two populations against each other. */
export interface CompareReply {
  /** Traces of each population on the map that are not in the other one. */
  readonly first: number;
  readonly second: number;
  /** Traces in both: they say nothing of a difference, and count in neither. */
  readonly both: number;
  /** Clusters that differ beyond chance, the surest first. */
  readonly differing: readonly ComparedCluster[];
  /** Clusters that were compared in all, those in no cluster counted as one. */
  readonly compared: number;
}

/** What the column `side` of `mapSides` says of a point. */
export const sides = { first: 0, second: 1, both: 2, neither: -1 } as const;
