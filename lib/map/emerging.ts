import { adjustFalseDiscovery } from "../math/false-discovery.ts";
import { compareRates } from "../math/rate-ratio.ts";
import { NOISE } from "./hdbscan.ts";

/** Placed traces of some days; one entry per trace. */
export interface PlacedTraces {
  /** A number per business unit, from 0. */
  readonly unit: Int32Array;
  /** Whole days since any fixed one. */
  readonly day: Int32Array;
  /** Cluster on one version of the map, from 0, or NOISE; for traces the map was built from as `voteAnew` has it. */
  readonly cluster: Int32Array;
  /** 0..1. */
  readonly novelty: Float32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** What counts as now and what as before. */
export interface GrowthWindow {
  /** The last day that counts as now. */
  readonly today: number;
  /** Days that are now, `today` the last of them; at least 1. */
  readonly recentDays: number;
  /** Days before those that are compared; at least 1. */
  readonly pastDays: number;
}

/** A cluster that has become commoner in one unit than it was there. */
export interface EmergingCluster {
  readonly unit: number;
  /** NOISE stands for the unit's traces in no cluster. */
  readonly cluster: number;
  /** Traces of the unit in the cluster, now and before. */
  readonly recent: number;
  readonly past: number;
  /** How many times as large a share of the unit's traces it is now, with 95 % interval; Infinity without a past. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Adjusted p-value over all clusters and units, see `adjustFalseDiscovery`. */
  readonly q: number;
  /** Mean novelty of the recent traces, 0..1. */
  readonly novelty: number;
  /** Traces by day, from the first day before to today. */
  readonly trend: readonly number[];
  /** Recent traces nearest the middle of them, and the most novel ones of the others: numbers of traces, at most 5 each. */
  readonly representatives: readonly number[];
  readonly extremes: readonly number[];
}

/** Share of the list that may be false, on average. */
const FALSE_SHARE = 0.05;
/** With fewer traces in all, no growth could ever be told from chance. */
const LEAST = 5;
const SAMPLES = 5;

/**
 * Clusters that grew in a unit beyond chance, each against its own past there. What is compared are shares of the
 * unit's traces, so a busy week is no growth. Over all units and clusters with at least five traces a Benjamini and
 * Hochberg limit holds false finds to 5 % of the list; ranked by the lower end of the interval of growth, which is high
 * for what grew much and surely. Each look has its own 5 %: who looks daily sees a false find now and then.
 */
export function listEmerging(traces: PlacedTraces, window: GrowthWindow): readonly EmergingCluster[] {
  const groups = groupTraces(traces, window);
  const totals = new Map<number, { recent: number; past: number }>();
  for (const { unit, recent, past } of groups) {
    const total = totals.get(unit) ?? { recent: 0, past: 0 };
    totals.set(unit, { recent: total.recent + recent.length, past: total.past + past });
  }
  const tested = groups
    .filter(({ recent, past }) => recent.length + past >= LEAST)
    .map((group) => {
      const { recent, past } = totals.get(group.unit)!;
      return {
        group,
        growth: compareRates({ events: group.recent.length, trials: recent }, { events: group.past, trials: past })
      };
    });
  const q = adjustFalseDiscovery(tested.map(({ growth }) => growth.pHigher));
  return tested
    .flatMap(({ group, growth }, at): EmergingCluster[] => {
      if (q[at]! > FALSE_SHARE) return [];
      const { unit, cluster, recent, past, trend } = group;
      const { ratio, low, high } = growth;
      const novelty = recent.reduce((sum, trace) => sum + traces.novelty[trace]!, 0) / recent.length;
      return [
        {
          unit,
          cluster,
          recent: recent.length,
          past,
          ratio,
          low,
          high,
          q: q[at]!,
          novelty,
          trend,
          ...pickSamples(traces, recent)
        }
      ];
    })
    .sort((a, b) => b.low - a.low || a.q - b.q || a.unit - b.unit || a.cluster - b.cluster);
}

/** The most novel traces of each unit in the last days, by unit; at most 5 each, the most novel first. */
export function listStrangest(
  { unit, day, novelty }: PlacedTraces,
  { today, recentDays }: GrowthWindow
): readonly { readonly unit: number; readonly traces: readonly number[] }[] {
  const byUnit = new Map<number, number[]>();
  unit.forEach((of, trace) => {
    if (day[trace]! > today || day[trace]! <= today - recentDays) return;
    const list = byUnit.get(of) ?? [];
    byUnit.set(of, list);
    const at = list.findIndex((other) => novelty[trace]! > novelty[other]!);
    list.splice(at < 0 ? list.length : at, 0, trace);
    list.length = Math.min(list.length, SAMPLES);
  });
  return [...byUnit].sort(([a], [b]) => a - b).map(([of, traces]) => ({ unit: of, traces }));
}

interface Group {
  readonly unit: number;
  readonly cluster: number;
  readonly recent: number[];
  past: number;
  readonly trend: number[];
}

function groupTraces({ unit, day, cluster }: PlacedTraces, { today, recentDays, pastDays }: GrowthWindow): Group[] {
  const groups = new Map<string, Group>();
  const days = recentDays + pastDays;
  const first = today - days + 1;
  unit.forEach((of, trace) => {
    const at = day[trace]! - first;
    if (at < 0 || at >= days) return;
    const key = `${of} ${cluster[trace]!}`;
    const group = groups.get(key) ?? {
      unit: of,
      cluster: cluster[trace]! < 0 ? NOISE : cluster[trace]!,
      recent: [],
      past: 0,
      trend: new Array<number>(days).fill(0)
    };
    groups.set(key, group);
    group.trend[at]!++;
    if (at >= pastDays) group.recent.push(trace);
    else group.past++;
  });
  return [...groups.values()];
}

function pickSamples(
  { x, y, novelty }: PlacedTraces,
  recent: readonly number[]
): Pick<EmergingCluster, "representatives" | "extremes"> {
  const middle = (values: Float32Array) =>
    recent.map((trace) => values[trace]!).sort((a, b) => a - b)[recent.length >> 1]!;
  const [cx, cy] = [middle(x), middle(y)];
  const away = (trace: number) => Math.hypot(x[trace]! - cx, y[trace]! - cy);
  const representatives = [...recent].sort((a, b) => away(a) - away(b) || a - b).slice(0, SAMPLES);
  const extremes = recent
    .filter((trace) => !representatives.includes(trace))
    .sort((a, b) => novelty[b]! - novelty[a]! || a - b)
    .slice(0, SAMPLES);
  return { representatives, extremes };
}
