import type { ClusterPart } from "../model/kept-map.ts";
import { listClusters } from "./cluster-list.ts";
import { describeClusters } from "./cluster-words.ts";
import { NOISE } from "./hdbscan.ts";
import type { DistinctTexts } from "./texts.ts";
import type { WordTable } from "./vocabulary.ts";

/** The traces of a map, one entry per trace. */
export interface GroupedTraces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Int32Array;
  readonly traceIds: readonly string[];
  /** Which group a trace is of, such as its business unit. */
  readonly groups: readonly string[];
}

/**
 * Describes every cluster by each group's own traces alone: what the words, counts and places of one group say
 * does not depend on any other group's traces, but for which cluster a trace is in.
 *
 * @param table  of the distinct texts
 * @returns by cluster, by group; groups without a trace in the cluster are absent
 */
export function describeParts(
  traces: GroupedTraces,
  folded: DistinctTexts,
  table: WordTable,
  clusters: number
): readonly Readonly<Record<string, ClusterPart>>[] {
  const parts = Array.from({ length: clusters }, (): Record<string, ClusterPart> => ({}));
  for (const group of new Set(traces.groups)) {
    const own = Int32Array.from(traces.groups.keys()).filter((trace) => traces.groups[trace] === group);
    const owner = own.map((trace) => folded.owner[trace]!);
    // Numbered anew: a group is told apart by the clusters that it has, not by those of others.
    const present = [...new Set(own.map((trace) => traces.cluster[trace]!))]
      .filter((id) => id !== NOISE)
      .sort((a, b) => a - b);
    const cluster = own.map((trace) => present.indexOf(traces.cluster[trace]!));
    const counts = new Int32Array(folded.texts.length);
    const labels = new Int32Array(folded.texts.length).fill(NOISE);
    owner.forEach((text, at) => {
      if (text < 0) return;
      counts[text]! += 1;
      labels[text] = cluster[at]!;
    });
    const listed = listClusters(
      {
        x: Float32Array.from(own, (trace) => traces.x[trace]!),
        y: Float32Array.from(own, (trace) => traces.y[trace]!),
        cluster,
        traceIds: Array.from(own, (trace) => traces.traceIds[trace]!)
      },
      describeClusters(table, labels, counts, present.length),
      owner
    );
    for (const { id, size, label, x, y, representatives } of listed) {
      parts[present[id]!]![group] = { size, label, x, y, representatives };
    }
  }
  return parts;
}
