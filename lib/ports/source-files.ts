/** A file to be imported. */
export interface SourceFile {
  /** As the person would name it. */
  readonly path: string;
  /** On disk, before decompression. */
  readonly sizeBytes: number;
}

/** Where traces are imported from: files and folders that someone else wrote. */
export interface SourceFiles {
  /**
   * The file itself, or every regular file below a folder, sorted by path; hidden ones are left out.
   *
   * @throws Fault `missing` when there is nothing at the path
   */
  list(path: string): Promise<readonly SourceFile[]>;

  /**
   * The bytes of a file, piece by piece; gzip is unpacked where the content is gzip, whatever the name.
   *
   * @param onRead  told the bytes read from disk so far
   * @throws Fault `broken` when the file cannot be read or unpacked to its end
   */
  read(path: string, onRead: (bytes: number) => void): AsyncIterable<Uint8Array>;
}
