/** What traces are placed on kept maps with: one run of bytes per version of a map. */
export interface Projections {
  /** When it resolves the bytes are synced to disk. @throws Fault `limit` when the disk is full */
  write(mapId: string, version: number, bytes: Uint8Array): Promise<void>;
  /** @throws Fault `missing` */
  read(mapId: string, version: number): Promise<Uint8Array>;
  /** Removes every version of a map; nothing where there is none. */
  remove(mapId: string): Promise<void>;
}
