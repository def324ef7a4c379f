import type { Annotation } from "../model/annotation.ts";
import type { Scope } from "../model/scope.ts";

/** What people said of traces. Append-only: a change is a new version. */
export interface Annotations {
  /** Adds one label to many traces, all or none. Traces that carry it already are left as they are; returns how many were added. */
  tag(
    scope: Scope,
    traces: readonly { readonly traceId: string; readonly businessUnit: string }[],
    label: string,
    note: string
  ): Promise<number>;
  /** The newest version of each, of the scope's units, oldest first. */
  list(scope: Scope, filter?: { readonly traceId?: string }): Promise<readonly Annotation[]>;
}
