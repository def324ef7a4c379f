import { mkdir, rm, statfs } from "node:fs/promises";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { isBusinessUnit } from "#lib/model/scope.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import type { Catalog, LakeFile, LakeTable } from "#lib/ports/catalog.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Kernel, LoadColumn } from "#lib/ports/kernel.ts";
import type { AppendSummary, Lake, LakeProblem } from "#lib/ports/lake.ts";
import { readTable, viewStatements } from "#lib/sql/view-sql.ts";
import { type AttemptDoors, changeLake } from "./attempt.ts";
import { BatchWriter, scoreDigest } from "./batch.ts";
import { compactPartitions } from "./compaction.ts";
import { mergeSpans } from "./identity.ts";
import { openKernel } from "./kernel.ts";
import { uniteTraces } from "./uniting.ts";
import { verifyLake } from "./verification.ts";
import { LakeWriter } from "./writer.ts";

const tables: readonly LakeTable[] = ["spans", "first_parts", "trace_parts", "scores"];

/** See `LakeOptions.leastFreeBytes`. */
const defaultLeastFreeBytes = 256 * 2 ** 20;

/** How often an append starts over when another process changed the lake meanwhile. */
const attempts = 8;

/** What the lake is opened with. */
export interface LakeOptions {
  /** Absolute path of the lake's folder; made where there is none. */
  readonly folder: string;
  /** Absolute path of a folder for what does not fit in memory. */
  readonly spillFolder: string;
  readonly catalog: Catalog;
  readonly clock: Clock;
  /** Tables of the state that a scope may read, loaded into each of its kernels. */
  readonly stateTables: (scope: Scope) => Promise<Readonly<Record<string, readonly LoadColumn[]>>>;
  readonly kernelMemoryBytes?: number;
  readonly queryTimeoutMs?: number;
  /**
   * Below this much free disk, in bytes, the lake takes nothing in: reads, the state and a flush still need
   * some. 256 MiB where it is not given.
   */
  readonly leastFreeBytes?: number;
}

/** Opens the lake of one folder. */
export async function openLake(options: LakeOptions): Promise<Lake> {
  await mkdir(options.folder, { recursive: true });
  await mkdir(options.spillFolder, { recursive: true });
  return new FolderLake(options, await LakeWriter.open(options.folder, options.spillFolder));
}

class FolderLake implements Lake {
  readonly #options: LakeOptions;
  readonly #writer: LakeWriter;
  /** Snapshots that open kernels read, so that their files stay. */
  readonly #pins = new Map<Kernel, number>();
  /** One writer at a time in this process; other processes meet in the catalog. */
  #turn: Promise<unknown> = Promise.resolve();

  readonly #doors: AttemptDoors;

  constructor(options: LakeOptions, writer: LakeWriter) {
    const { catalog, clock, folder } = options;
    this.#options = options;
    this.#writer = writer;
    this.#doors = { catalog, folder, newId: () => clock.newId() };
  }

  snapshotId(): Promise<number> {
    return this.#options.catalog.currentSnapshot();
  }

  listBusinessUnits(): Promise<readonly string[]> {
    return this.#options.catalog.listBusinessUnits();
  }

  async append(
    scope: Scope,
    batch: { readonly spans: readonly Span[]; readonly scores: readonly ScoreRecord[] }
  ): Promise<AppendSummary> {
    checkUnits(scope, batch);
    return this.#inTurn(() => this.#retry(() => this.#append(batch)));
  }

  flush(): Promise<void> {
    return this.#inTurn(() =>
      this.#retry(async () => {
        await uniteTraces({ ...this.#doors, writer: this.#writer, nowMs: this.#options.clock.nowMs() });
        await compactPartitions(this.#doors, this.#writer);
      })
    );
  }

  async openKernel(
    scope: Scope,
    request: { readonly snapshotId?: number; readonly memoryLimitBytes?: number } = {}
  ): Promise<Kernel> {
    const { catalog, clock, folder, spillFolder } = this.#options;
    const snapshotId = request.snapshotId ?? (await catalog.currentSnapshot());
    // The newest day first: a question for the newest then skips the files of all others.
    const files = (await catalog.listFiles({ snapshotId, businessUnits: scope.businessUnits })).toReversed();
    const stateTables = await this.#options.stateTables(scope);
    const open = (ordered: readonly LakeFile[]) =>
      openKernel({
        folder,
        partitions: scope.businessUnits.flatMap((unit) =>
          tables.map((table) => `${folder}/${table}/business_unit=${unit}/`)
        ),
        views: viewStatements({
          spans: this.#writer.paths(ordered, "spans"),
          first_parts: this.#writer.paths(ordered, "first_parts"),
          trace_parts: this.#writer.paths(ordered, "trace_parts"),
          scores: this.#writer.paths(ordered, "scores")
        }),
        stateTables,
        snapshotId,
        spillFolder: `${spillFolder}/${clock.newId()}`,
        memoryLimitBytes: request.memoryLimitBytes ?? this.#options.kernelMemoryBytes ?? 2 ** 30,
        spillLimitBytes: 16 * 2 ** 30,
        threads: 2,
        timeoutMs: this.#options.queryTimeoutMs ?? 120_000,
        onClose: (closed) => void this.#pins.delete(closed)
      });
    const kernel = await open(files).catch(async (error: unknown) => {
      if (!isFault(error) || error.code !== "broken") throw error;
      return open(await this.#readableFirst(files));
    });
    this.#pins.set(kernel, snapshotId);
    return kernel;
  }

  verify(): Promise<readonly LakeProblem[]> {
    return verifyLake(this.#options.folder, this.#options.catalog, this.#writer);
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => undefined);
    for (const kernel of [...this.#pins.keys()]) await kernel.close();
    this.#writer.close();
    await rm(this.#options.spillFolder, { recursive: true, force: true });
  }

  async #append(batch: {
    readonly spans: readonly Span[];
    readonly scores: readonly ScoreRecord[];
  }): Promise<AppendSummary> {
    const { catalog, clock } = this.#options;
    await this.#requireDisk();
    const snapshotId = await catalog.currentSnapshot();
    const units = [...new Set([...batch.spans, ...batch.scores].map(({ businessUnit }) => businessUnit))];
    const files = await catalog.listFiles({ snapshotId, businessUnits: units });
    const scores = await this.#newScores(files, batch.scores);
    let [added, replaced] = [0, 0];
    const made = await changeLake(this.#doors, async (attempt) => {
      const merged = await mergeSpans(this.#writer, files, batch.spans, attempt);
      [added, replaced] = [merged.added, merged.replaced];
      if (merged.traces.length + merged.continued.length + scores.length === 0) return null;
      const output = new BatchWriter(snapshotId * 2 ** 24, clock.nowMs());
      for (const spans of merged.traces) output.addTrace(spans, "first_parts");
      for (const spans of merged.continued) output.addTrace(spans, "trace_parts");
      for (const score of scores) output.addScore(score);
      const add = [...merged.rewritten, ...(await output.write(attempt))];
      return { add, remove: merged.removed, expectedSnapshot: snapshotId };
    });
    return {
      spansAdded: added,
      spansReplaced: replaced,
      spansUnchanged: batch.spans.length - added - replaced,
      scoresAdded: scores.length,
      scoresUnchanged: batch.scores.length - scores.length,
      snapshotId: made ?? snapshotId
    };
  }

  async #newScores(files: readonly LakeFile[], records: readonly ScoreRecord[]): Promise<readonly ScoreRecord[]> {
    if (records.length === 0) return [];
    const byId = new Map(records.map((record) => [scoreDigest(record), record]));
    const rows = await this.#writer.rows(
      `select score_id from (${readTable("scores", this.#writer.paths(files, "scores"))}) semi join wanted on score_id = wanted.id`,
      [...byId.keys()]
    );
    for (const row of rows) byId.delete(String(row.score_id));
    return [...byId.values()];
  }

  async #requireDisk(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    if (bavail * bsize >= (this.#options.leastFreeBytes ?? defaultLeastFreeBytes)) return;
    throw new Fault(
      "limit",
      `the disk of the lake has only ${Math.round((bavail * bsize) / 2 ** 20)} MiB left, so nothing is taken in`,
      {
        hint: "Free some space; what was taken in before is safe and can be read."
      }
    );
  }

  /**
   * The engine takes a table's columns from its first file. Where that one is damaged, a readable one goes
   * first: questions that the damaged file does not touch are answered, the others name it.
   */
  async #readableFirst(files: readonly LakeFile[]): Promise<readonly LakeFile[]> {
    const first: LakeFile[] = [];
    for (const table of tables) {
      for (const file of files.filter((candidate) => candidate.table === table && candidate.format === "parquet")) {
        const readable = await this.#writer.countRows(file).then(
          () => true,
          (error: unknown) => {
            console.error(`the file ${file.path} of the lake cannot be read:`, error);
            return false;
          }
        );
        if (readable) {
          first.push(file);
          break;
        }
      }
    }
    return [...first, ...files.filter((file) => !first.includes(file))];
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

function checkUnits(
  scope: Scope,
  batch: { readonly spans: readonly Span[]; readonly scores: readonly ScoreRecord[] }
): void {
  const own = new Set(scope.businessUnits);
  for (const unit of new Set([...batch.spans, ...batch.scores].map(({ businessUnit }) => businessUnit))) {
    if (!isBusinessUnit(unit)) {
      throw new Fault("invalid", `"${unit.slice(0, 80)}" cannot be a business unit`, {
        hint: "Use 1 to 63 lower-case letters, digits and dashes."
      });
    }
    if (!own.has(unit) && !scope.roles.includes("admin")) {
      throw new Fault("denied", `the business unit "${unit}" is not yours to write to`);
    }
  }
}
