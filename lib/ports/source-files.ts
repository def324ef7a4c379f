/** One file that is to be imported. */
export interface SourceFile {
  /** As the person will know it: relative to what was asked for. */
  readonly name: string;
  /** On disk, compressed where it is. */
  readonly sizeBytes: number;
  /** Its text in pieces, unzipped; `readBytes` in the answer counts bytes on disk. */
  read(): AsyncIterable<{ readonly text: string; readonly readBytes: number }>;
}

/** Files outside the lake that a person points at. */
export interface SourceFiles {
  /** The file itself, or all files in a folder and below, by name. @throws Fault `missing` */
  list(path: string): Promise<readonly SourceFile[]>;
}
