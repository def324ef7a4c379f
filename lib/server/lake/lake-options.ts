import type { UnitMask } from "#lib/model/mask.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Catalog } from "#lib/ports/catalog.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StateColumns } from "./kernel-relations.ts";

/** See `LakeOptions.leastFreeBytes`. */
export const defaultLeastFreeBytes = 256 * 2 ** 20;

/** See `LakeOptions.keepRemovedMs`. */
export const defaultKeepRemovedMs = 60 * 60_000;

/** What the lake is opened with. */
export interface LakeOptions {
  /** Absolute path of the lake's folder; made where there is none. */
  readonly folder: string;
  /** Absolute path of a folder for what does not fit in memory. */
  readonly spillFolder: string;
  readonly catalog: Catalog;
  readonly clock: Clock;
  /** What units hide, of those that are named; nothing where it is not given. */
  readonly masks?: (units: readonly BusinessUnit[]) => Promise<readonly UnitMask[]>;
  /** Tables of the state that a scope may read, loaded into its kernels when a question names them. */
  readonly stateTables: (scope: Scope) => StateColumns;
  readonly kernelMemoryBytes?: number;
  readonly queryTimeoutMs?: number;
  /**
   * Below this much free disk, in bytes, the lake takes nothing in: reads, the state and a flush still need
   * some. 256 MiB where it is not given.
   */
  readonly leastFreeBytes?: number;
  /**
   * How long a file stays on disk after newer ones took its place, in ms; the snapshots that it was part of
   * can be read as long. One hour where it is not given. While a kernel reads a snapshot its files stay longer.
   */
  readonly keepRemovedMs?: number;
}
