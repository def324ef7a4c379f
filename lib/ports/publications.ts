import type { Scope } from "../model/scope.ts";
import type { Grantee } from "../model/share.ts";

/** That the report of a run is let out, to whom, by whom and when. */
export interface Publication {
  readonly grantees: readonly Grantee[];
  readonly userId: string;
  readonly publishedAtMs: number;
}

/** The reports that are let out beyond those who see the workbook. */
export interface Publications {
  /** Of a run that the scope sees; undefined where it is not published. */
  find(scope: Scope, runId: string): Promise<Publication | undefined>;
  /**
   * Lets a report out, in place of whatever was let out of it before.
   *
   * @param scope     of the right `administer`
   * @param grantees  at least one; people, units of the scope, or everyone
   * @throws Fault `missing` for a run that the scope does not see
   * @throws Fault `denied` where one of the run's units, or a unit among the grantees, is not in the scope
   * @throws Fault `conflict` for a run that has no report
   */
  publish(scope: Scope, runId: string, grantees: readonly Grantee[]): Promise<Publication>;
  /** Takes it back at once. @throws Fault `missing`, `denied` as in `publish` */
  retract(scope: Scope, runId: string): Promise<void>;
}
