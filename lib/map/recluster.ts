import { type DensityTree, NOISE } from "./hdbscan.ts";
import { type ClusterGround, densityTreeFor, labelTexts, samplesFor } from "./label-texts.ts";
import { type Outline, outlineGroups } from "./outline.ts";

/** What is drawn of the points that are clustered anew; arrays by point. */
export interface DrawnPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The clusters that they have now, and what these are called by id. */
  readonly cluster: Int32Array;
  readonly labels: readonly string[];
}

/** A cluster as it would be. */
export interface CoarseCluster {
  readonly id: number;
  /** That of the cluster which more than half of its points are in now; else its number. */
  readonly label: string;
  readonly size: number;
  readonly x: number;
  readonly y: number;
}

/** The points of a map at another smallest cluster. */
export interface Reclustering {
  readonly least: number;
  /** By point; NOISE in none. */
  readonly cluster: Int32Array;
  /** By id, the largest first. */
  readonly clusters: readonly CoarseCluster[];
  readonly outlines: readonly Outline[];
  /** Points in none. */
  readonly noise: number;
}

/** Clusters the points of a map anew, for one smallest cluster after another; the same clusters that the map would have. */
export class Reclusterer {
  private readonly ground: ClusterGround;
  private readonly drawn: DrawnPoints;
  private readonly trees = new Map<number, DensityTree>();

  constructor(ground: ClusterGround, drawn: DrawnPoints) {
    this.ground = ground;
    this.drawn = drawn;
  }

  /** @param least  traces of the smallest cluster, at least 2 */
  cut(least: number): Reclustering {
    const { near, k, owner } = this.ground;
    const { clusterOf, count } = labelTexts(this.treeFor(least), { k, index: near }, least);
    const cluster = owner.map((text) => (text < 0 ? NOISE : clusterOf[text]!));
    const { x, y } = this.drawn;
    return {
      least,
      cluster,
      clusters: this.describe(cluster, count),
      outlines: outlineGroups(x, y, cluster),
      noise: cluster.reduce((sum, id) => sum + (id < 0 ? 1 : 0), 0)
    };
  }

  private treeFor(least: number): DensityTree {
    const samples = samplesFor(least);
    const known = this.trees.get(samples);
    if (known) return known;
    const tree = densityTreeFor(this.ground.positions, this.ground.counts, least);
    this.trees.set(samples, tree);
    return tree;
  }

  private describe(cluster: Int32Array, count: number): readonly CoarseCluster[] {
    const { x, y, cluster: before, labels } = this.drawn;
    const sums = Array.from({ length: count }, () => ({ size: 0, x: 0, y: 0, from: new Map<number, number>() }));
    cluster.forEach((id, at) => {
      const sum = sums[id];
      if (!sum) return;
      sum.size++;
      sum.x += x[at]!;
      sum.y += y[at]!;
      sum.from.set(before[at]!, (sum.from.get(before[at]!) ?? 0) + 1);
    });
    return sums.map(({ size, from, ...sum }, id) => {
      const most = [...from].find(([old, points]) => old >= 0 && points * 2 > size);
      return { id, label: (most && labels[most[0]]) || `group ${id + 1}`, size, x: sum.x / size, y: sum.y / size };
    });
  }
}
