import type { DuckDBInstance } from "@duckdb/node-api";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import { boundedFunctions } from "#lib/sql/bounded-functions.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { statistics } from "#lib/sql/statistics.ts";
import type { LakeView } from "#lib/sql/view-sql.ts";
import { engineFault } from "./engine-fault.ts";
import { runList } from "./kernel-connection.ts";
import { loadState } from "./kernel-load.ts";
import type { Relation } from "./kernel-questions.ts";

/** Tables of the state, by name; each is read when a question first names it. */
export type StateColumns = Readonly<Record<string, () => Promise<readonly LoadColumn[]>>>;

/** What the relations of a kernel are made from. */
export interface RelationOptions {
  /** Views by name. */
  readonly views: ReadonlyMap<string, LakeView>;
  /** The same views with a file in front that can be read. */
  readonly readableViews: () => Promise<ReadonlyMap<string, LakeView>>;
  readonly stateTables: StateColumns;
  /** What the units hide. */
  readonly masks: readonly UnitMask[];
}

/** Views, functions and tables of the state: each is made when a question first names it. */
export function listRelations(
  instance: DuckDBInstance,
  { views, readableViews, stateTables, masks }: RelationOptions
): ReadonlyMap<string, Relation> {
  const relations = new Map<string, Relation>();
  const define = (name: string, view: LakeView) =>
    runList(instance, [`create view ${quoteName(name)} as ${view.sql()}`]);
  for (const [name, view] of views) {
    const make = () =>
      define(name, view).catch(async (error: unknown) => {
        if (engineFault(error, "", "", false).code !== "broken") throw error;
        await define(name, (await readableViews()).get(name) ?? view);
      });
    relations.set(name, { needs: view.needs, make });
  }
  for (const { name, sql } of [...statistics, ...boundedFunctions])
    relations.set(name, { needs: [], make: () => runList(instance, [sql]) });
  for (const [name, columns] of Object.entries(stateTables)) {
    relations.set(name, { needs: [], make: async () => loadState(instance, masks, name, await columns()) });
  }
  return relations;
}
