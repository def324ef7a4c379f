import type { Scope } from "../model/scope.ts";
import type { TestLook } from "../model/test-look.ts";

/** A look as it is kept: its units are those of the scope. */
export type NewTestLook = Pick<TestLook, "test" | "scorer" | "scorerVersion" | "traceIds" | "measured">;

/** Looks at test sets, only ever added. A scope sees the looks of runs that saw no unit but its own. */
export interface TestLooks {
  /** Every look at a test set, the first first. */
  list(scope: Scope, test: string): Promise<readonly TestLook[]>;
  /**
   * Keeps the first look of a version; a later one of the same version and units is not kept.
   *
   * @returns the one that is kept
   * @throws Fault `denied` for a scope without units, `limit` beyond 500 looks at one test set
   */
  keep(scope: Scope, look: NewTestLook): Promise<TestLook>;
}
