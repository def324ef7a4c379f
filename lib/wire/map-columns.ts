/** A property of the traces on a kept map, which its points are coloured, sized and hidden by. */
export interface MapColumn {
  /** Unique on the map; what the column is asked for by. */
  readonly name: string;
  readonly label: string;
  readonly kind: "number" | "category";
  /** The value between good and bad, where there is one. */
  readonly middle: number | null;
  /** What a trace without a value is called. */
  readonly none: string;
}

/** GET the columns that some trace of the map has a value in; the points' own are not among them. */
export interface MapColumnsReply {
  readonly columns: readonly MapColumn[];
}

/** Header of a column of codes: JSON of the names that they stand for, percent-encoded; a code beyond the last is any other. */
export const wordsHeader = "x-words";

/** GET how far the map has come: what changes when traces were placed on it or it was built again. */
export interface MapProgressReply {
  readonly version: number;
  readonly placedSnapshotId: number;
}
