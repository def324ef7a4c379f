import { deriveId } from "../formats/run-spans.ts";
import type { Annotation, ImportedAnnotation } from "../model/annotation.ts";

/** The id stands for what is meant and who says it, not for what is said: a source may change its mind. */
export function formatAnnotation(given: ImportedAnnotation): Omit<Annotation, "version"> {
  const { traceId, spanId, businessUnit, label, note, rater, source, key, atMs } = given;
  return {
    annotationId: deriveId(`annotation/${JSON.stringify([businessUnit, source, traceId, spanId, key])}`, 32),
    traceId,
    spanId,
    businessUnit,
    label,
    note,
    userId: rater === null ? "imported" : `imported:${rater}`,
    createdAtMs: atMs,
    source
  };
}
