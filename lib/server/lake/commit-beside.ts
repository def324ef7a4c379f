import { isFault } from "#lib/model/fault.ts";
import type { Catalog } from "#lib/ports/catalog.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import { listAppended } from "./appended-files.ts";
import type { LakeWriter } from "./writer.ts";

type Change = Parameters<Catalog["commit"]>[0];

/** How often a change is put after those of others before it gives up. */
const attempts = 8;

/**
 * A catalog whose commits do not mind what others add to the same units meanwhile, as long as none of it is of the
 * same traces: a long import and a server that takes spans in then need not wait for a moment without each other.
 *
 * @param units     of the change
 * @param traceIds  of the change
 */
export function commitBeside(
  catalog: Catalog,
  writer: LakeWriter,
  units: readonly string[],
  traceIds: readonly string[]
): Catalog {
  /** The change as it is on top of what others did; undefined where it would have been another one. */
  const moveOn = async (change: Change): Promise<Change | undefined> => {
    const { expectedSnapshot } = change;
    if (expectedSnapshot === undefined) return undefined;
    const newest = await catalog.currentSnapshot();
    const appended = await listAppended(catalog, expectedSnapshot, units);
    if (!appended) return undefined;
    const fresh = appended.filter(({ addedSnapshot }) => addedSnapshot <= newest);
    // What has left already cannot be looked into.
    if (fresh.some(({ removedSnapshot }) => removedSnapshot !== null)) return undefined;
    for (const table of ["first_parts", "trace_parts"] as const) {
      const files = writer.paths(fresh, table);
      if (files.ndjson.length === 0) continue;
      const shared = await writer.rows(
        `select 1 from (${readTable(table, files)}) semi join wanted on trace_id = wanted.id limit 1`,
        traceIds
      );
      if (shared.length > 0) return undefined;
    }
    return { ...change, expectedSnapshot: newest };
  };
  return {
    ...catalog,
    async commit(first) {
      let change = first;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await catalog.commit(change);
        } catch (error) {
          if (attempt >= attempts || !isFault(error) || error.code !== "conflict") throw error;
          const moved = await moveOn(change);
          if (!moved) throw error;
          change = moved;
        }
      }
    }
  };
}
