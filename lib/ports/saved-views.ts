import type { SavedView } from "../model/saved-view.ts";
import type { Scope } from "../model/scope.ts";

/** Lists of traces that people named. A scope sees views whose units are all its own. */
export interface SavedViews {
  /** By name. */
  list(scope: Scope): Promise<readonly SavedView[]>;
  /** @throws Fault `invalid`, `conflict` where the scope's units have a view of this name, `limit` beyond 500 */
  save(scope: Scope, view: Pick<SavedView, "name" | "query">): Promise<SavedView>;
  /** Gives a view another name or query; its units stay. @throws Fault `invalid`, `missing`, `conflict` */
  change(scope: Scope, viewId: string, view: Pick<SavedView, "name" | "query">): Promise<SavedView>;
  /** @throws Fault `missing` */
  remove(scope: Scope, viewId: string): Promise<void>;
}
