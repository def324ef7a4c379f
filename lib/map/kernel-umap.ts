import { UMAP } from "umap-js";
import { buildFuzzyGraph, type FuzzyGraph } from "./fuzzy-graph.ts";
import { forceTables, type LayoutState, runEpoch } from "./layout-kernel.ts";
import type { Neighbours } from "./neighbour-table.ts";

/** The parts of umap-js's UMAP that a fit goes through; its declarations call them private. */
interface UmapInside {
  graph: { readonly nRows: number; readonly nCols: number };
  embedding: readonly (readonly [number, number])[];
  knnIndices: unknown;
  knnDistances: unknown;
  learningRate: number;
  negativeSampleRate: number;
  repulsionStrength: number;
  optimizationState: { a: number; b: number; nEpochs: number; currentEpoch: number };
  initializeFit(points: { readonly length: number }): number;
  initializeOptimization(): void;
  getNEpochs(): number;
  step(): number;
}

const UmapBase = UMAP as unknown as new (settings: {
  readonly nNeighbors: number;
  readonly nEpochs?: number;
  readonly minDist?: number;
  readonly spread?: number;
}) => UmapInside;

/**
 * umap-js's UMAP with the graph and the step of this program: typed arrays, tables in place of powers,
 * a seeded stream. Curve fit, epoch rule and the order of a fit stay umap-js's own.
 */
export class KernelUmap extends UmapBase {
  private readonly neighbours: Neighbours;
  private readonly positions: Float64Array;
  private readonly seed: number;
  private fuzzy: FuzzyGraph | undefined;
  private state: LayoutState | undefined;

  /**
   * @param neighbours  of all points, each itself first
   * @param positions   n x 2, where the layout starts; changed by `step`
   * @param settings    `nEpochs` 0 lets umap-js choose by size
   */
  constructor(
    neighbours: Neighbours,
    positions: Float64Array,
    settings: { readonly seed: number; readonly nEpochs?: number; readonly minDist?: number }
  ) {
    const { seed, ...rest } = settings;
    // umap-js refuses as many points as neighbours; small maps have no more than that.
    super({ nNeighbors: Math.min(neighbours.k, neighbours.n - 1), ...rest });
    this.neighbours = neighbours;
    this.positions = positions;
    this.seed = seed;
    this.knnIndices = neighbours.index;
    this.knnDistances = neighbours.distance;
  }

  /** Prepares the fit and returns how many epochs it takes. */
  prepare(): number {
    return this.initializeFit({ length: this.neighbours.n });
  }

  /** The fuzzy graph the fit stands on. */
  get fuzzyGraph(): FuzzyGraph {
    this.fuzzy ??= buildFuzzyGraph(this.neighbours);
    return this.fuzzy;
  }

  protected fuzzySimplicialSet(): { readonly nRows: number; readonly nCols: number } {
    const { n } = this.fuzzyGraph;
    return { nRows: n, nCols: n };
  }

  protected makeSearchFns(): void {
    // Placing new points has a path of its own; the search structures would cost more than the layout.
  }

  protected makeSearchGraph(): undefined {
    return undefined;
  }

  protected initializeSimplicialSetEmbedding(): { head: Int32Array; tail: Int32Array; epochsPerSample: Float32Array } {
    const { n, start, target, weight } = this.fuzzyGraph;
    const epochs = this.getNEpochs();
    let most = 0;
    for (const value of weight) if (value > most) most = value;
    let edges = 0;
    for (const value of weight) if (value >= most / epochs) edges++;
    const head = new Int32Array(edges);
    const tail = new Int32Array(edges);
    const epochsPerSample = new Float32Array(edges);
    let edge = 0;
    for (let i = 0; i < n; i++) {
      for (let at = start[i]!; at < start[i + 1]!; at++) {
        if (weight[at]! < most / epochs) continue;
        head[edge] = i;
        tail[edge] = target[at]!;
        epochsPerSample[edge++] = most / weight[at]!;
      }
    }
    this.embedding = [];
    return { head, tail, epochsPerSample };
  }

  protected prepareForOptimizationLoop(): void {
    const { a, b } = this.optimizationState;
    const { head, tail, epochsPerSample } = this.optimizationState as unknown as {
      head: Int32Array;
      tail: Int32Array;
      epochsPerSample: Float32Array;
    };
    this.state = {
      n: this.neighbours.n,
      head,
      tail,
      every: epochsPerSample,
      next: epochsPerSample.slice(),
      positions: this.positions,
      tables: forceTables(a, b, this.repulsionStrength),
      negatives: this.negativeSampleRate,
      random: Int32Array.of(this.seed | 0 || 0x9e3779b9 | 0)
    };
  }

  protected optimizeLayoutStep(epoch: number): readonly (readonly [number, number])[] {
    const rate = this.learningRate * (1 - epoch / this.optimizationState.nEpochs);
    runEpoch(this.state!, epoch, rate);
    this.optimizationState.currentEpoch += 1;
    return this.embedding;
  }
}
