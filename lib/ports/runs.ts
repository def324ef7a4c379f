import type { Run, RunHead } from "../model/run.ts";
import type { Scope } from "../model/scope.ts";

/**
 * What runs were and what they found. A scope sees runs of workbooks that it sees whose units are all its own, and
 * those whose report is published to it.
 */
export interface Runs {
  /** Records a run that begins. @throws Fault `conflict` when the id exists */
  begin(scope: Scope, run: Run): Promise<void>;
  /** Records how it ended, once; later calls change nothing. `report` is the self-contained HTML file. */
  end(scope: Scope, run: Run, report: string | null): Promise<void>;
  find(scope: Scope, runId: string): Promise<Run | undefined>;
  findReport(scope: Scope, runId: string): Promise<string | undefined>;
  /** Newest first. `before` is the runId the last page ended with. */
  list(
    scope: Scope,
    options: { readonly workbook?: string; readonly before?: string; readonly limit: number }
  ): Promise<readonly RunHead[]>;
  /** Marks runs that were going when their process died as `stopped`; returns how many. Called at start-up. */
  sweep(olderThanMs: number): Promise<number>;
}
