import type { Annotation, RunJudgement } from "../model/annotation.ts";
import type { Scope } from "../model/scope.ts";

/** What bringing in annotations did. */
export interface AnnotationSummary {
  readonly added: number;
  /** The source says something else than it did; a new version was added. */
  readonly changed: number;
  /** Known already, or changed by a person here since, which stays. */
  readonly unchanged: number;
}

/** What people said of traces. Append-only: a change is a new version. */
export interface Annotations {
  /** Adds one label to many traces, all or none. Traces that carry it already are left as they are; returns how many were added. */
  tag(
    scope: Scope,
    traces: readonly { readonly traceId: string; readonly businessUnit: string }[],
    label: string,
    note: string
  ): Promise<number>;
  /**
   * Brings in annotations from elsewhere, all or none, each known by its id: what is here already is not added again.
   *
   * @throws Fault `denied` for a unit outside the scope, unless the scope holds `admin`
   */
  append(scope: Scope, annotations: readonly Omit<Annotation, "version">[]): Promise<AnnotationSummary>;
  /**
   * The newest version of each, of the scope's units, oldest first. A label of a blind queue is among them once all
   * have judged its item; of one trace, those that the asker gave are there before.
   */
  list(scope: Scope, filter?: { readonly traceId?: string }): Promise<readonly Annotation[]>;
  /** Keeps judgements until their runs come, each once. @throws Fault `denied` as `append` does */
  appendWaiting(scope: Scope, judgements: readonly RunJudgement[]): Promise<void>;
  /** The judgements of the scope's units whose runs have not come. */
  listWaiting(scope: Scope): Promise<readonly RunJudgement[]>;
  /** Forgets judgements that wait no longer. */
  removeWaiting(scope: Scope, judgements: readonly RunJudgement[]): Promise<void>;
}
