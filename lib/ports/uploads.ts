import type { Scope } from "../model/scope.ts";

/** Files that a person's browser sent, on their way into the lake. */
export interface Upload {
  readonly uploadId: string;
  /** Absolute path of the folder that holds the files, and nothing else. */
  readonly folder: string;
  /** Names as the browser gave them, with the folders they lay in. */
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
}

/** Keeps uploaded files on disk until they are imported. What nobody touches for an hour is removed. */
export interface Uploads {
  /** @throws Fault `limit` while too many are open */
  begin(scope: Scope): Promise<Upload>;
  /**
   * Writes a file as it comes in; nothing of one that is refused stays.
   *
   * @throws Fault `missing` for an upload that is not the person's, `invalid` for a name that cannot be one,
   *         `conflict` for a name that is there already, `limit` beyond the bounds or when the disk is full
   */
  add(scope: Scope, uploadId: string, name: string, body: AsyncIterable<Uint8Array>): Promise<Upload>;
  /** @throws Fault `missing` for an upload that is not the person's, or is gone */
  find(scope: Scope, uploadId: string): Upload;
  /** Removes the files; one that is gone already is no fault. */
  remove(scope: Scope, uploadId: string): Promise<void>;
  /** Removes all. */
  close(): Promise<void>;
}
