/** The nearest points of every point, itself first at distance 0. */
export interface Neighbours {
  readonly n: number;
  /** Columns: the point itself and its k - 1 nearest others. */
  readonly k: number;
  /** n x k ids. */
  readonly index: Int32Array;
  /** n x k Euclidean distances, ascending in each row. */
  readonly distance: Float32Array;
}
