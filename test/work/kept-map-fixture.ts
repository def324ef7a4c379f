import type { ClusterPart, KeptCluster } from "#lib/model/kept-map.ts";
import { hexId } from "../spans.ts";
import { openDesk, scope } from "./desk-fixture.ts";

/** The map that `keepGrid` keeps. */
export const gridMap = "grid";

/**
 * A desk of 40 traces, even ones of support and odd ones of claims, and a kept map on which trace n stands at
 * (n mod 10, n div 10), in cluster n mod 3.
 */
export async function openKeptMap(real: Parameters<typeof openDesk>[1] = {}) {
  const bench = await openDesk({}, real);
  const part = (label: string): ClusterPart => ({ size: 7, label, x: 0, y: 0, representatives: [] });
  const clusters = [0, 1, 2].map(
    (clusterId): KeptCluster => ({
      clusterId,
      change: "born",
      from: [],
      parts: { support: part(`support words ${clusterId}`), claims: part(`claims words ${clusterId}`) }
    })
  );
  await bench.lake.append(scope, {
    spans: [],
    scores: [],
    placements: Array.from({ length: 40 }, (_, index) => ({
      mapId: gridMap,
      version: 1,
      traceId: hexId(`t${index}`, 32),
      businessUnit: index % 2 === 0 ? "support" : "claims",
      day: `2026-11-${10 + (index % 10)}`,
      startedAtMs: Date.UTC(2026, 10, 10 + (index % 10), 9, index),
      x: index % 10,
      y: Math.floor(index / 10),
      clusterId: index % 3,
      arrivalClusterId: index % 3,
      novelty: 0
    }))
  });
  await bench.state.keptMaps.keep(scope, {
    mapId: gridMap,
    title: "It's a grid",
    businessUnits: ["claims", "support"],
    ground: { workbook: "weekly", cell: "topics", text: "", params: {} },
    version: {
      version: 1,
      madeAtMs: 1000,
      snapshotId: 1,
      seed: 1,
      vectors: "double",
      points: 40,
      movedShare: null,
      nextClusterId: 3,
      clusters,
      ended: []
    }
  });
  return {
    ...bench,
    doors: {
      ...bench.doors,
      desk: bench.desk,
      keptMaps: bench.state.keptMaps,
      datasets: bench.state.datasets,
      queues: bench.state.queues
    }
  };
}
