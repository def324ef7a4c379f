import type { FieldLoss } from "../formats/imported.ts";

/** The next part of a file. */
export interface SourcePiece {
  /** As it stands in the file, unzipped; the rows of a table as JSON lines. */
  readonly text: string;
  /** Bytes on disk that were read until now; of a table about so many. */
  readonly readBytes: number;
  /** What the text leaves out of a table's rows. */
  readonly losses?: readonly FieldLoss[];
  /** Lines of a table that are no rows, as sentences. */
  readonly rejected?: readonly string[];
}

/** One file that is to be imported. */
export interface SourceFile {
  /** As the person will know it: relative to what was asked for. */
  readonly name: string;
  /** The name alone of the folder it lies in, however it was asked for; empty at the root. */
  readonly folder: string;
  /** On disk, compressed where it is. */
  readonly sizeBytes: number;
  /** What is in it, in pieces. A reader that stops early closes the file. */
  read(): AsyncIterable<SourcePiece>;
}

/** Files outside the lake that a person points at. */
export interface SourceFiles {
  /** The file itself, or all files in a folder and below, by name. @throws Fault `missing` */
  list(path: string): Promise<readonly SourceFile[]>;
}
