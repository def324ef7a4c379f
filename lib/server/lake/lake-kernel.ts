import { isFault } from "#lib/model/fault.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { LakeFile, LakeTable } from "#lib/ports/catalog.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { arrivedSql, viewStatements } from "#lib/sql/view-sql.ts";
import { type KernelOptions, openKernel } from "./kernel.ts";
import { listSearchFiles } from "./kernel-searches.ts";
import type { LakeOptions } from "./lake-options.ts";
import { putReadableFirst } from "./readable-first.ts";
import type { LakeWriter } from "./writer.ts";

const tables: readonly LakeTable[] = [
  "spans",
  "first_parts",
  "trace_parts",
  "scores",
  "placements",
  "embeddings",
  "terms"
];

/** What one kernel is opened on. */
export interface KernelGround extends Pick<KernelOptions, "snapshotId" | "masks" | "memoryLimitBytes" | "onClose"> {
  /** Null for what arrived. */
  readonly stateTables: KernelOptions["stateTables"] | null;
}

/** Opens a kernel over files of the lake, in the order in which they are given. */
export async function openLakeKernel(
  writer: LakeWriter,
  options: LakeOptions,
  scope: Scope,
  files: readonly LakeFile[],
  ground: KernelGround
): Promise<Kernel> {
  const { clock, folder, spillFolder } = options;
  const open = (ordered: readonly LakeFile[]) => {
    const parts = {
      first_parts: writer.paths(ordered, "first_parts"),
      trace_parts: writer.paths(ordered, "trace_parts")
    };
    const views = viewStatements(
      {
        ...parts,
        spans: writer.paths(ordered, "spans"),
        scores: writer.paths(ordered, "scores"),
        placements: writer.paths(ordered, "placements"),
        embeddings: writer.paths(ordered, "embeddings")
      },
      ground.masks
    );
    const own = ground.stateTables ? [] : ([["arrived", arrivedSql(parts)]] as const);
    return openKernel({
      ...ground,
      folder,
      owner: scope.userId || scopeKey(scope),
      partitions: scope.businessUnits.flatMap((unit) =>
        tables.map((table) => `${folder}/${table}/business_unit=${unit}/`)
      ),
      views: { ...views, whenRead: new Map([...views.whenRead, ...own]) },
      searchFiles: listSearchFiles(folder, files, ground.masks),
      stateTables: ground.stateTables ?? {},
      spillFolder: `${spillFolder}/${clock.newId()}`,
      spillLimitBytes: 16 * 2 ** 30,
      threads: 2,
      timeoutMs: options.queryTimeoutMs ?? 120_000
    });
  };
  return open(files).catch(async (error: unknown) => {
    if (!isFault(error) || error.code !== "broken") throw error;
    return open(await putReadableFirst(writer, files));
  });
}
