import type { BusinessUnit } from "./scope.ts";
import type { SourceScore } from "./score.ts";

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
  /** Who judged; of one that was imported `imported`, or `imported:` and the name that the source gives. */
  readonly userId: string;
  readonly createdAtMs: number;
  /** The format in which this version was imported; null for one that was written here. */
  readonly source: string | null;
}

/** A person's judgement as it comes with an export: of a trace whose id is known. */
export interface ImportedAnnotation {
  readonly traceId: string;
  /** Null for the whole trace. */
  readonly spanId: string | null;
  readonly businessUnit: BusinessUnit;
  readonly label: string;
  /** Why; may be empty. */
  readonly note: string;
  /** Who judged, as the source names them; null where it does not. */
  readonly rater: string | null;
  /** The format it comes in. */
  readonly source: string;
  /** What tells it from other judgements of the same trace and span there: its id, or its name. */
  readonly key: string;
  /** When it was given; the time of the import where the source does not say. Milliseconds since 1970 UTC. */
  readonly atMs: number;
}

/** What somebody, or some program, said of a run that only its source can name. */
export interface RunJudgement {
  readonly businessUnit: BusinessUnit;
  /** The format it comes in. */
  readonly source: string;
  /** What the source calls the run or span. */
  readonly run: string;
  /** The step that is meant, as the source counts; null for all of it. */
  readonly step: number | null;
  /** As for `ImportedAnnotation`. */
  readonly key: string;
  /** As for `ImportedAnnotation`. */
  readonly atMs: number;
  readonly said:
    | ({ readonly kind: "annotation" } & Pick<ImportedAnnotation, "label" | "note" | "rater">)
    | { readonly kind: "score"; readonly score: SourceScore };
}
