import type { BusinessUnit } from "./scope.ts";

/** A person's judgement of one trace or span; a change is a new version, never an update. */
export interface Annotation {
  readonly annotationId: string;
  readonly version: number;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly businessUnit: BusinessUnit;
  readonly label: string;
  /** Why; may be empty only where the rubric allows it. */
  readonly note: string;
  readonly userId: string;
  readonly createdAtMs: number;
}
