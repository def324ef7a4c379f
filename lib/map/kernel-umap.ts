import { UMAP } from "umap-js";
import { chooseKernels } from "./choose-kernels.ts";
import { forceTables } from "./force-tables.ts";
import { buildFuzzyGraph, type FuzzyGraph } from "./fuzzy-graph.ts";
import type { Kernels, LayoutRun } from "./kernels.ts";
import { layoutEdges } from "./layout-edges.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { walkOrder } from "./walk-order.ts";

interface OptimizationState {
  readonly a: number;
  readonly b: number;
  readonly nEpochs: number;
  currentEpoch: number;
}

/** What umap-js would keep of each edge; the layout has its own. */
const noEdges = { head: [], tail: [], epochsPerSample: [] };

/** The parts of umap-js's UMAP that a fit goes through; its declarations call them private. */
interface UmapInside {
  graph: { readonly nRows: number; readonly nCols: number };
  embedding: readonly (readonly [number, number])[];
  knnIndices: unknown;
  knnDistances: unknown;
  learningRate: number;
  negativeSampleRate: number;
  repulsionStrength: number;
  optimizationState: OptimizationState;
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
 * umap-js's UMAP with the graph and the step of this program: compiled loops, tables in place of powers,
 * a seeded stream. Curve fit, epoch rule and the order of a fit stay umap-js's own.
 */
export class KernelUmap extends UmapBase {
  private readonly neighbours: Neighbours;
  private readonly positions: Float64Array;
  private readonly seed: number;
  private fuzzy: FuzzyGraph | undefined;
  private readonly kernels: Kernels;
  private readonly done: number;
  private run: LayoutRun | undefined;
  /** The point that has each place in the layout. */
  private order: Int32Array = new Int32Array(0);

  /**
   * @param neighbours  of all points, each itself first
   * @param positions   n x 2, where the layout starts; after the last `step` where it ends
   * @param settings    `nEpochs` 0 lets umap-js choose by size; `done` epochs have led to the positions
   */
  constructor(
    neighbours: Neighbours,
    positions: Float64Array,
    settings: {
      readonly seed: number;
      readonly nEpochs?: number;
      readonly minDist?: number;
      readonly kernels?: Kernels;
      readonly done?: number;
    }
  ) {
    const { seed, kernels = chooseKernels(), done = 0, ...rest } = settings;
    // umap-js refuses as many points as neighbours; small maps have no more than that.
    super({ nNeighbors: Math.min(neighbours.k, neighbours.n - 1), ...rest });
    this.neighbours = neighbours;
    this.positions = positions;
    this.seed = seed;
    this.kernels = kernels;
    this.done = done;
    this.knnIndices = neighbours.index;
    this.knnDistances = neighbours.distance;
  }

  /** Prepares the fit and returns how many epochs it takes. */
  prepare(): number {
    return this.initializeFit({ length: this.neighbours.n });
  }

  /** Where the points are now, n x 2, all of them numbers of 32 bits; what is given changes with the next look. */
  look(): Float64Array {
    this.takePositions(this.run!.positions());
    return this.positions;
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

  protected initializeSimplicialSetEmbedding(): typeof noEdges {
    this.embedding = [];
    return noEdges;
  }

  protected prepareForOptimizationLoop(): void {
    const { a, b, nEpochs } = this.optimizationState;
    const { n } = this.neighbours;
    this.optimizationState.currentEpoch = this.done;
    this.order = walkOrder(this.neighbours);
    const edges = layoutEdges(this.fuzzyGraph, this.order, nEpochs);
    // The edges say it all from here on, and the graph of a large map is large.
    this.fuzzy = undefined;
    const start = new Float64Array(n * 2);
    this.order.forEach((id, place) => {
      start[place * 2] = this.positions[id * 2]!;
      start[place * 2 + 1] = this.positions[id * 2 + 1]!;
    });
    this.run = this.kernels.startLayout({
      n,
      ...edges,
      start,
      tables: forceTables(a, b, this.repulsionStrength),
      negatives: this.negativeSampleRate,
      seed: this.seed
    });
  }

  protected optimizeLayoutStep(epoch: number): readonly (readonly [number, number])[] {
    const { nEpochs } = this.optimizationState;
    this.run!.runEpoch(epoch, this.learningRate * (1 - epoch / nEpochs));
    this.optimizationState.currentEpoch += 1;
    if (epoch + 1 === nEpochs) this.takePositions(this.run!.positions());
    return this.embedding;
  }

  private takePositions(places: Float64Array): void {
    this.order.forEach((id, place) => {
      this.positions[id * 2] = places[place * 2]!;
      this.positions[id * 2 + 1] = places[place * 2 + 1]!;
    });
  }
}
