import { mkdir, rm } from "node:fs/promises";
import { Fault, isFault } from "#lib/model/fault.ts";
import { hidesAnything, maskKey, type UnitMask } from "#lib/model/mask.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { AppendSummary, Arrival, Arrivals, Lake, LakeProblem } from "#lib/ports/lake.ts";
import { appendBatch, type Batch, checkBatch, requireDisk } from "./append.ts";
import { listAppended } from "./appended-files.ts";
import type { AttemptDoors, InTurn } from "./attempt.ts";
import { compactPartitions } from "./compaction.ts";
import { findSpans } from "./find-spans.ts";
import { openJournals } from "./journal.ts";
import { type KernelGround, openLakeKernel } from "./lake-kernel.ts";
import { defaultKeepRemovedMs, defaultLeastFreeBytes, type LakeOptions } from "./lake-options.ts";
import { OpenTraces } from "./open-traces.ts";
import { SnapshotPins } from "./pins.ts";
import { indexSpans } from "./search-index.ts";
import { SeenTraces } from "./seen-traces.ts";
import { sweepLake } from "./sweep.ts";
import { TraceFilters } from "./trace-filters.ts";
import { uniteTraces } from "./uniting.ts";
import { verifyLake } from "./verification.ts";
import { LakeWriter } from "./writer.ts";

/** How often an append starts over when another process changed the lake meanwhile. */
const attempts = 8;

/** Opens the lake of one folder. */
export async function openLake(options: LakeOptions): Promise<Lake> {
  await mkdir(options.folder, { recursive: true });
  await mkdir(options.spillFolder, { recursive: true });
  await openJournals(options.folder);
  const writer = await LakeWriter.open(options.folder, options.spillFolder);
  const filters = new TraceFilters(await writer.beside());
  const lake = new FolderLake(options, writer, await writer.beside(), filters);
  // Nobody waits for it; what it could not remove is tried again at the next flush.
  lake.sweep().catch((error: unknown) => console.error("what is left over in the lake could not be removed:", error));
  return lake;
}

class FolderLake implements Lake {
  readonly #options: LakeOptions;
  readonly #writer: LakeWriter;
  /** Of flushes alone. */
  readonly #flushWriter: LakeWriter;
  readonly #filters: TraceFilters;
  readonly #seen: SeenTraces;
  readonly #open = new OpenTraces();
  readonly #kernels = new Set<Kernel>();
  readonly #pins: SnapshotPins;
  /** One writer at a time in this process; other processes meet in the catalog. */
  #turn: Promise<unknown> = Promise.resolve();
  /** One flush at a time, beside the writers. */
  #flushing: Promise<unknown> = Promise.resolve();
  #closing = false;

  readonly #doors: AttemptDoors;

  constructor(options: LakeOptions, writer: LakeWriter, flushWriter: LakeWriter, filters: TraceFilters) {
    const { catalog, clock, folder } = options;
    this.#options = options;
    this.#writer = writer;
    this.#flushWriter = flushWriter;
    this.#filters = filters;
    this.#seen = new SeenTraces(writer);
    this.#pins = new SnapshotPins(catalog, clock.newId());
    this.#doors = { catalog, folder, newId: () => clock.newId() };
  }

  snapshotId(): Promise<number> {
    return this.#options.catalog.currentSnapshot();
  }

  listBusinessUnits(): Promise<readonly string[]> {
    return this.#options.catalog.listBusinessUnits();
  }

  async append(scope: Scope, batch: Batch): Promise<AppendSummary> {
    checkBatch(scope, batch);
    const { clock, leastFreeBytes } = this.#options;
    return this.#inTurn(() =>
      this.#retry(async () => {
        await requireDisk(this.#options.folder, leastFreeBytes ?? defaultLeastFreeBytes);
        return appendBatch(
          { ...this.#doors, writer: this.#writer, seen: this.#seen, open: this.#open, nowMs: clock.nowMs() },
          batch
        );
      })
    );
  }

  async findSpans(scope: Scope, businessUnit: string, wanted: Parameters<Lake["findSpans"]>[2]) {
    requireUnit(scope, businessUnit);
    return this.#inTurn(async () => {
      const { catalog } = this.#options;
      const snapshotId = await catalog.currentSnapshot();
      const files = await catalog.listFiles({ snapshotId, businessUnits: [businessUnit] });
      return findSpans({ writer: this.#writer, seen: this.#seen }, files, wanted);
    });
  }

  flush(): Promise<boolean> {
    const flushing = this.#flushing.then(() => this.#flush());
    this.#flushing = flushing.catch(() => undefined);
    return flushing;
  }

  /** Others append meanwhile: only what changes the lake waits for its turn. */
  async #flush(): Promise<boolean> {
    const inTurn: InTurn = (work) => this.#inTurn(() => this.#retry(work));
    await uniteTraces({
      ...this.#doors,
      writer: this.#writer,
      open: this.#open,
      nowMs: this.#options.clock.nowMs(),
      inTurn
    });
    const background = {
      ...this.#doors,
      writer: this.#flushWriter,
      elapsedMs: () => performance.now(),
      stopped: () => this.#closing,
      inTurn: <T>(work: () => Promise<T>) => this.#inTurn(work)
    };
    await compactPartitions(background);
    await this.sweep();
    return indexSpans({ ...background, inTurn, masks: (units) => this.#masks(units) });
  }

  async maskKey(scope: Scope): Promise<string> {
    return maskKey(await this.#masks(scope.businessUnits));
  }

  async openUnmasked(scope: Scope): Promise<Kernel> {
    const { catalog } = this.#options;
    const snapshotId = await catalog.currentSnapshot();
    const release = this.#pins.hold(snapshotId);
    try {
      const files = await catalog.listFiles({ snapshotId, businessUnits: scope.businessUnits });
      return await this.#openKernel(scope, files.toReversed(), release, { snapshotId, stateTables: {}, masks: [] });
    } catch (error) {
      release();
      throw error;
    }
  }

  async openKernel(scope: Scope, request: Parameters<Lake["openKernel"]>[1] = {}): Promise<Kernel> {
    const newest = await this.#options.catalog.currentSnapshot();
    const snapshotId = request.snapshotId ?? newest;
    const release = this.#pins.hold(snapshotId);
    try {
      if (snapshotId !== newest) await this.#requireSnapshot(snapshotId);
      // The newest day first: a question for the newest then skips the files of all others.
      const { firstDay = "", only } = request;
      const all = await this.#options.catalog.listFiles({ snapshotId, businessUnits: scope.businessUnits });
      const files = all.filter(({ day, table }) => day >= firstDay && (only ?? table) === table);
      const stateTables = only ? {} : this.#options.stateTables(scope);
      return await this.#openKernel(scope, files.toReversed(), release, {
        snapshotId,
        stateTables,
        masks: await this.#masks(scope.businessUnits),
        memoryLimitBytes: request.memoryLimitBytes
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  async listArrivals(scope: Scope, since: number): Promise<readonly Arrival[] | undefined> {
    const appended = await listAppended(this.#options.catalog, since, scope.businessUnits);
    return appended?.map(({ addedSnapshot, table, rows }) => ({ snapshotId: addedSnapshot, table, rows }));
  }

  async openArrivals(scope: Scope, since: number, until?: number): Promise<Arrivals | undefined> {
    const { catalog } = this.#options;
    const newest = await catalog.currentSnapshot();
    const snapshotId = Math.min(newest, until ?? newest);
    const release = this.#pins.hold(snapshotId);
    try {
      const appended = await listAppended(catalog, since, scope.businessUnits);
      if (!appended) {
        release();
        return undefined;
      }
      const fresh = appended.filter(({ addedSnapshot }) => addedSnapshot <= snapshotId);
      const masks = await this.#masks(scope.businessUnits);
      const kernel = await this.#openKernel(scope, fresh, release, { snapshotId, stateTables: null, masks });
      // Where a file has left since, a trace of it may stand in a later one again.
      const areWhole = fresh.every(
        ({ table, removedSnapshot }) =>
          table !== "trace_parts" && (removedSnapshot === null || removedSnapshot > snapshotId)
      );
      return { kernel, areWhole };
    } catch (error) {
      release();
      throw error;
    }
  }

  verify(): Promise<readonly LakeProblem[]> {
    return verifyLake(this.#options.folder, this.#options.catalog, this.#writer);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#flushing;
    await this.#turn.catch(() => undefined);
    for (const kernel of [...this.#kernels]) await kernel.close();
    await this.#pins.close();
    await this.#filters.close();
    this.#flushWriter.close();
    this.#writer.close();
    await rm(this.#options.spillFolder, { recursive: true, force: true });
  }

  /** Removes what nobody needs any more, after all that was asked before. */
  sweep(): Promise<void> {
    return this.#inTurn(() => this.#retry(() => this.#sweep()));
  }

  async #sweep(): Promise<void> {
    const { catalog, clock, folder, keepRemovedMs } = this.#options;
    await this.#pins.say();
    await sweepLake({ catalog, folder, nowMs: clock.nowMs(), keepRemovedMs: keepRemovedMs ?? defaultKeepRemovedMs });
  }

  /** The files of an older snapshot stay while it is pinned; pinned first, so that none goes in between. */
  async #requireSnapshot(snapshotId: number): Promise<void> {
    await this.#pins.say();
    if (await this.#options.catalog.isReadable(snapshotId)) return;
    throw new Fault("missing", `snapshot ${snapshotId} of the lake can no longer be read`, {
      hint: "Its files were replaced a while ago and are gone. Run the whole workbook: it then reads the lake as it is now."
    });
  }

  /** @param wanted.stateTables  null for what arrived */
  async #openKernel(
    scope: Scope,
    files: readonly LakeFile[],
    release: () => void,
    wanted: Pick<KernelGround, "snapshotId" | "stateTables" | "masks"> & {
      readonly memoryLimitBytes?: number | undefined;
    }
  ): Promise<Kernel> {
    const { memoryLimitBytes = this.#options.kernelMemoryBytes ?? 2 ** 30 } = wanted;
    const kernel = await openLakeKernel(this.#writer, this.#options, scope, files, {
      ...wanted,
      filters: this.#filters,
      memoryLimitBytes,
      onClose: (closed) => {
        this.#kernels.delete(closed);
        release();
      }
    });
    this.#kernels.add(kernel);
    return kernel;
  }

  async #masks(businessUnits: readonly string[]): Promise<readonly UnitMask[]> {
    const masks = (await this.#options.masks?.(businessUnits)) ?? [];
    return masks.filter(({ rules }) => hidesAnything(rules));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Starts over when another process moved the lake on: what was compared with the lake is stale then. */
  async #retry<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || !isFault(error) || error.code !== "conflict") throw error;
      }
    }
  }
}
