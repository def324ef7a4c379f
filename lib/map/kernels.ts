import type { ForceTables } from "./force-tables.ts";
import type { Neighbours } from "./neighbour-table.ts";
import type { SparseMatrix } from "./sparse-matrix.ts";
import type { WholeScale } from "./whole-scale.ts";

/**
 * The loops in which nearly all time of a map goes. Every implementation gives the same bits; sums are of
 * 32-bit numbers in an order that each keeps.
 */
export interface Kernels {
  readonly name: "webassembly" | "plain";
  /**
   * @param vectors  n x d, finite; read until the search is finished
   * @param others   neighbours held per point, itself not counted; 1..n - 1
   * @param scale    where given, points are compared as whole numbers and only what is held is measured in full
   */
  searchNeighbours(
    vectors: Float32Array,
    n: number,
    d: number,
    others: number,
    seed: number,
    scale?: WholeScale
  ): NeighbourSearch;
  startLayout(task: LayoutTask): LayoutRun;
  readonly matrix: MatrixKernels;
}

/** Products of matrices; dense ones lie row after row. */
export interface MatrixKernels {
  /**
   * @param dense  matrix.columns x width
   * @returns matrix.rows x width; each sum runs over a row's entries in order, in 32-bit numbers
   */
  multiplySparse(matrix: SparseMatrix, dense: Float32Array, width: number): Float32Array;
  /**
   * @param left   rows x inner
   * @param dense  inner x width
   * @returns rows x width, summed alike
   */
  multiplyDense(left: Float32Array, inner: number, dense: Float32Array, width: number): Float32Array;
  /**
   * The transpose of a matrix times itself.
   *
   * @param dense  rows x width
   * @returns width x width; each sum runs over the rows in order, in 64-bit numbers
   */
  gram(dense: Float32Array, width: number): Float64Array;
}

/** The state of a search: per point the nearest others found so far. */
export interface NeighbourSearch {
  /** Orders the points by random planes until at most 64 are together. */
  growTree(): void;
  /** Lays points of one leaf beside each other in memory, once, before anything is compared. */
  reorder(): void;
  /** Compares all points of each leaf with one another. */
  joinLeaves(): void;
  /** Compares the points from..to - 1 with all points before each. */
  joinAll(from: number, to: number): void;
  /** Gives points that still lack neighbours some at random. */
  fillRandomly(): void;
  /** Draws the candidates of a round: up to 32 new neighbours of each point, both ways, and 32 known ones where there are new ones. */
  sampleCandidates(): void;
  /** Compares the candidates of the points from..to - 1. @returns entries that changed */
  joinCandidates(from: number, to: number): number;
  /** The table of the k - 1 nearest others, k at most one more than the search held; the search is over. */
  finish(k: number): Neighbours;
}

/** What a layout starts from. */
export interface LayoutTask {
  readonly n: number;
  /** n + 1 offsets into `tail` and `uses`: the edges of each point. */
  readonly rows: Int32Array;
  /** The other end of each edge, never the point itself. */
  readonly tail: Int32Array;
  /** Uses of each edge per epoch, 0..1. */
  readonly uses: Float32Array;
  /** n x 2, finite; not changed. */
  readonly start: Float64Array;
  readonly tables: ForceTables;
  /** Points to push away from per use of an edge. */
  readonly negatives: number;
  readonly seed: number;
}

/** A layout under way. */
export interface LayoutRun {
  /**
   * Moves all points by one epoch, each by its edges one after another. What a point is pushed from is judged where
   * that stood when the epoch began, and from the place before its own pulls; each pull is followed by an equal share
   * of the pushes, since all of them after all pulls keep fewer neighbours.
   *
   * @param epoch  from 0
   * @param rate   learning rate of this epoch
   */
  runEpoch(epoch: number, rate: number): void;
  /** n x 2, a copy. */
  positions(): Float64Array;
}
