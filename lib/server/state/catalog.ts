import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { Catalog, LakeFile, LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { toDiskFault } from "../disk-full.ts";
import type { StateTables } from "./schema.ts";

/** Rows that one statement writes: both databases bound the parameters of a statement. */
const chunkRows = 500;

/** The lake's catalog in the state database. */
export function openCatalog(db: Kysely<StateTables>, clock: Clock): Catalog {
  const newest = async (within: Kysely<StateTables>) => {
    const row = await within
      .selectFrom("snapshots")
      .select(({ fn }) => fn.max("snapshot_id").as("newest"))
      .executeTakeFirst();
    return Number(row?.newest ?? 0);
  };
  const isReadable = async (within: Kysely<StateTables>, snapshotId: number) => {
    if (snapshotId === 0) return true;
    const found = await within
      .selectFrom("snapshots")
      .select("snapshot_id")
      .where("snapshot_id", "=", snapshotId)
      .executeTakeFirst();
    return found !== undefined;
  };
  const oldestPin = async (within: Kysely<StateTables>) => {
    const row = await within
      .selectFrom("lake_readers")
      .select(({ fn }) => fn.min("snapshot_id").as("oldest"))
      .executeTakeFirst();
    return row?.oldest === null || row?.oldest === undefined ? 2 ** 31 - 1 : Number(row.oldest);
  };
  /** Whether what a change was made from is not as it was: the files of the units that it adds to. */
  const hasMovedOn = async (
    within: Kysely<StateTables>,
    expected: number,
    current: number,
    files: readonly NewLakeFile[]
  ) => {
    if (expected === current) return false;
    // What happened since can only be told while nothing of it is forgotten.
    if (expected > current || !(await isReadable(within, expected))) return true;
    const changed = await within
      .selectFrom("lake_files")
      .select("file_id")
      .where("business_unit", "in", [...new Set(files.map(({ businessUnit }) => businessUnit)), ""])
      .where(({ eb, or }) => or([eb("added_snapshot", ">", expected), eb("removed_snapshot", ">", expected)]))
      .limit(1)
      .executeTakeFirst();
    return changed !== undefined;
  };
  /** Null when another writer made the same snapshot first. */
  const commitOnce = ({ add, remove, refuse = [], expectedSnapshot }: Parameters<Catalog["commit"]>[0]) =>
    db.transaction().execute(async (transaction) => {
      const current = await newest(transaction);
      if (
        expectedSnapshot !== undefined &&
        (await hasMovedOn(transaction, expectedSnapshot, current, [...add, ...refuse]))
      ) {
        throw new Fault("conflict", `the lake moved on from snapshot ${expectedSnapshot} to ${current}`, {
          hint: "Try again."
        });
      }
      const snapshotId = current + 1;
      // Two writers that both saw `current` meet here: the second has no row to insert, and begins again.
      const claimed = await transaction
        .insertInto("snapshots")
        .values({ snapshot_id: snapshotId, created_at: clock.nowMs() })
        .onConflict((conflict) => conflict.doNothing())
        .returning("snapshot_id")
        .executeTakeFirst();
      if (!claimed) return null;
      for (let start = 0; start < remove.length; start += chunkRows) {
        const ids = remove.slice(start, start + chunkRows);
        const gone = await transaction
          .updateTable("lake_files")
          .set({ removed_snapshot: snapshotId })
          .where("file_id", "in", ids)
          .where("removed_snapshot", "is", null)
          .returning("file_id")
          .execute();
        if (gone.length !== new Set(ids).size) {
          throw new Fault("conflict", "a file that was to leave the lake has left it already", {
            hint: "Try again."
          });
        }
      }
      const rows = [
        ...add.map((file) => toRow(file, clock.newId(), snapshotId, null)),
        ...refuse.map((file) => toRow(file, clock.newId(), snapshotId, snapshotId))
      ];
      for (let start = 0; start < rows.length; start += chunkRows)
        await transaction
          .insertInto("lake_files")
          .values(rows.slice(start, start + chunkRows))
          .execute();
      return snapshotId;
    });
  return {
    currentSnapshot: () => newest(db),

    async listFiles({ snapshotId, tables, businessUnits }) {
      let query = db
        .selectFrom("lake_files")
        .selectAll()
        .where("added_snapshot", "<=", snapshotId)
        .where(({ eb, or }) => or([eb("removed_snapshot", "is", null), eb("removed_snapshot", ">", snapshotId)]));
      if (tables) query = query.where("lake_table", "in", [...tables, ""]);
      if (businessUnits) query = query.where("business_unit", "in", [...businessUnits, ""]);
      const rows = await query.orderBy("lake_table").orderBy("business_unit").orderBy("day").orderBy("path").execute();
      return rows.map(toFile);
    },

    async listJoinedFiles({ after, businessUnits }) {
      const rows = await db
        .selectFrom("lake_files")
        .selectAll()
        .where("added_snapshot", ">", after)
        .where("business_unit", "in", [...businessUnits, ""])
        // A refused file never was part of the lake.
        .where(({ eb, or, ref }) =>
          or([eb("removed_snapshot", "is", null), eb("removed_snapshot", ">", ref("added_snapshot"))])
        )
        .orderBy("added_snapshot")
        .orderBy("path")
        .execute();
      return rows.map(toFile);
    },

    async listBusinessUnits() {
      const rows = await db
        .selectFrom("lake_files")
        .select("business_unit")
        .distinct()
        .where("removed_snapshot", "is", null)
        .orderBy("business_unit")
        .execute();
      return rows.map((row) => row.business_unit);
    },

    async commit(change) {
      for (;;) {
        const snapshotId = await commitOnce(change).catch((error: unknown) => {
          throw toDiskFault(error);
        });
        if (snapshotId !== null) return snapshotId;
      }
    },

    async listAllFiles() {
      return (await db.selectFrom("lake_files").selectAll().orderBy("path").execute()).map(toFile);
    },

    isReadable: (snapshotId) => isReadable(db, snapshotId),

    async pin(readerId, snapshotId) {
      if (snapshotId === null) {
        await db.deleteFrom("lake_readers").where("reader_id", "=", readerId).execute();
        return;
      }
      const said = { snapshot_id: snapshotId, pinned_at: clock.nowMs() };
      await db
        .insertInto("lake_readers")
        .values({ reader_id: readerId, ...said })
        .onConflict((conflict) => conflict.column("reader_id").doUpdateSet(said))
        .execute();
    },

    async expire({ removedBeforeMs, pinnedSinceMs }) {
      const last = await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("lake_readers").where("pinned_at", "<", pinnedSinceMs).execute();
        const due = await transaction
          .selectFrom("snapshots")
          .select(({ fn }) => fn.max("snapshot_id").as("newest"))
          .where("created_at", "<=", removedBeforeMs)
          .executeTakeFirst();
        const removed = await transaction
          .selectFrom("lake_files")
          .select(({ fn }) => fn.max("removed_snapshot").as("last"))
          .where("removed_snapshot", "<=", Math.min(Number(due?.newest ?? 0), await oldestPin(transaction)))
          .executeTakeFirst();
        const last = Number(removed?.last ?? 0);
        await transaction.deleteFrom("snapshots").where("snapshot_id", "<", last).execute();
        return last;
      });
      // Asked again after the snapshots are gone: a reader that pinned one of them meanwhile either finds it
      // gone, or is heard here and keeps its files.
      const forgotten = await db
        .deleteFrom("lake_files")
        .where("removed_snapshot", "<=", Math.min(last, await oldestPin(db)))
        .returning("path")
        .execute();
      return forgotten.map(({ path }) => path);
    }
  };
}

function toRow(
  file: NewLakeFile,
  fileId: string,
  addedSnapshot: number,
  removedSnapshot: number | null
): StateTables["lake_files"] {
  return {
    file_id: fileId,
    lake_table: file.table,
    business_unit: file.businessUnit,
    day: file.day,
    path: file.path,
    format: file.format,
    row_count: file.rows,
    size_bytes: file.bytes,
    min_start_ms: file.minStartMs,
    max_start_ms: file.maxStartMs,
    added_snapshot: addedSnapshot,
    removed_snapshot: removedSnapshot
  };
}

function toFile(row: Selectable<StateTables["lake_files"]>): LakeFile {
  return {
    fileId: row.file_id,
    table: row.lake_table as LakeTable,
    businessUnit: row.business_unit,
    day: row.day,
    path: row.path,
    format: row.format as LakeFile["format"],
    rows: Number(row.row_count),
    bytes: Number(row.size_bytes),
    minStartMs: Number(row.min_start_ms),
    maxStartMs: Number(row.max_start_ms),
    addedSnapshot: row.added_snapshot,
    removedSnapshot: row.removed_snapshot
  };
}
