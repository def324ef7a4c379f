import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { LakeFile, LakeTable } from "#lib/ports/catalog.ts";
import type { Kernel, Near } from "#lib/ports/kernel.ts";
import { arrivedSql, lakeViews } from "#lib/sql/view-sql.ts";
import { type KernelOptions, openKernel } from "./kernel.ts";
import { listSearchFiles } from "./kernel-searches.ts";
import type { LakeOptions } from "./lake-options.ts";
import { putReadableFirst } from "./readable-first.ts";
import type { TraceFilters } from "./trace-filters.ts";
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
  readonly filters: TraceFilters;
}

/** Opens a kernel over files of the lake, in the order in which they are given. */
export function openLakeKernel(
  writer: LakeWriter,
  options: LakeOptions,
  scope: Scope,
  files: readonly LakeFile[],
  ground: KernelGround
): Promise<Kernel> {
  const { clock, folder, spillFolder } = options;
  const viewsOf = (some: readonly LakeFile[]) => {
    const parts = {
      first_parts: writer.paths(some, "first_parts"),
      trace_parts: writer.paths(some, "trace_parts")
    };
    const views = lakeViews(
      {
        ...parts,
        spans: writer.paths(some, "spans"),
        scores: writer.paths(some, "scores"),
        placements: writer.paths(some, "placements"),
        embeddings: writer.paths(some, "embeddings")
      },
      ground.masks
    );
    return ground.stateTables ? views : new Map([...views, ["arrived", { needs: [], sql: () => arrivedSql(parts) }]]);
  };
  const traceFiles = files.filter(({ table }) => isOfTraces(table));
  const spanFiles = files.filter(({ table }) => table === "spans");
  const near = (place: Near): ReadonlyMap<string, string> => {
    const [names, some] =
      "traceIds" in place
        ? [["traces", "scores", "score_history"], ground.filters.among(traceFiles, place.traceIds)]
        : [["spans"], spanFiles.filter((file) => isWithin(file, place))];
    const views = viewsOf(some);
    return new Map(names.map((name) => [name, views.get(name)!.sql()]));
  };
  return openKernel({
    ...ground,
    folder,
    owner: scope.userId || scopeKey(scope),
    partitions: scope.businessUnits.flatMap((unit) =>
      tables.map((table) => `${folder}/${table}/business_unit=${unit}/`)
    ),
    views: viewsOf(files),
    readableViews: async () => viewsOf(await putReadableFirst(writer, files)),
    near,
    searchFiles: listSearchFiles(folder, files, ground.masks),
    stateTables: ground.stateTables ?? {},
    spillFolder: `${spillFolder}/${clock.newId()}`,
    spillLimitBytes: 16 * 2 ** 30,
    threads: 2,
    timeoutMs: options.queryTimeoutMs ?? 120_000
  });
}

const isOfTraces = (table: LakeTable): boolean =>
  table === "first_parts" || table === "trace_parts" || table === "scores";

const isWithin = (
  { businessUnit, day }: LakeFile,
  place: Exclude<Near, { readonly traceIds: readonly string[] }>
): boolean => businessUnit === place.businessUnit && day >= place.firstDay && day <= place.lastDay;
