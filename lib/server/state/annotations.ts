import { setImmediate as yieldToLoop } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Annotation } from "#lib/model/annotation.ts";
import { Fault } from "#lib/model/fault.ts";
import { requireUnit } from "#lib/model/scope.ts";
import type { AnnotationSummary, Annotations } from "#lib/ports/annotations.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { digestOf, recordIn } from "./audit-rows.ts";
import { isKeptBlindRow } from "./blind-rows.ts";
import type { StateTables } from "./schema.ts";
import { waitingJudgements } from "./waiting-judgements.ts";

const chunkRows = 400;

/** Annotations in the state database; rows are only ever added, but for judgements that wait no longer. */
export function openAnnotations(db: Kysely<StateTables>, clock: Clock): Annotations {
  return {
    tag: (scope, traces, label, note) =>
      db.transaction().execute(async (transaction) => {
        const foreign = traces.find(({ businessUnit }) => !scope.businessUnits.includes(businessUnit));
        if (foreign) throw new Fault("missing", `there is no trace ${foreign.traceId}`);
        const tagged: { readonly traceId: string; readonly businessUnit: string }[] = [];
        for (let start = 0; start < traces.length; start += chunkRows) {
          const part = traces.slice(start, start + chunkRows);
          // What is hidden must not be told by what is not added either.
          const there = await standing(transaction)
            .where(({ not }) => not(isKeptBlindRow("a")))
            .where("a.label", "=", label)
            .where("a.span_id", "is", null)
            .where(
              "a.trace_id",
              "in",
              part.map(({ traceId }) => traceId)
            )
            .execute();
          const carried = new Set(there.map((row) => row.trace_id));
          const fresh = new Map(
            part.filter(({ traceId }) => !carried.has(traceId)).map((trace) => [trace.traceId, trace])
          );
          if (fresh.size === 0) continue;
          await transaction
            .insertInto("annotations")
            .values(
              [...fresh.values()].map(({ traceId, businessUnit }) => ({
                annotation_id: clock.newId(),
                version: 1,
                trace_id: traceId,
                span_id: null,
                business_unit: businessUnit,
                label,
                note,
                user_id: scope.userId,
                created_at: clock.nowMs(),
                ...{ source: null, queue_id: null },
                is_withdrawn: 0
              }))
            )
            .execute();
          tagged.push(...fresh.values());
          // SQLite works on this thread: pages get their turn in between.
          await yieldToLoop();
        }
        if (tagged.length > 0) {
          const ids = tagged.map(({ traceId }) => traceId);
          const entry = {
            action: "trace.tag",
            object: { kind: "traces", id: ids.length === 1 ? ids[0]! : digestOf(ids) },
            units: tagged.map(({ businessUnit }) => businessUnit),
            facts: { traces: ids.length },
            title: label,
            after: { label, note, traces: ids }
          } as const;
          await recordIn(transaction, scope, entry, clock);
        }
        return tagged.length;
      }),

    append: (scope, annotations) =>
      db.transaction().execute(async (transaction) => {
        const counts = { added: 0, changed: 0, unchanged: 0 };
        for (const { businessUnit } of annotations) requireUnit(scope, businessUnit);
        for (let start = 0; start < annotations.length; start += chunkRows)
          await appendChunk(transaction, annotations.slice(start, start + chunkRows), counts);
        const { added, changed } = counts;
        if (added + changed > 0) {
          const entry = {
            action: "annotation.import",
            object: { kind: "annotations", id: digestOf(annotations.map(({ annotationId }) => annotationId)) },
            units: annotations.map(({ businessUnit }) => businessUnit),
            facts: { added, changed }
          } as const;
          await recordIn(transaction, scope, entry, clock);
        }
        return counts;
      }),

    ...waitingJudgements(db),

    async list(scope, filter = {}) {
      let query = standing(db)
        .where("a.business_unit", "in", [...scope.businessUnits, ""])
        .where(({ eb, not, or }) =>
          filter.traceId === undefined
            ? not(isKeptBlindRow("a"))
            : or([eb("a.user_id", "=", scope.userId), not(isKeptBlindRow("a"))])
        )
        .orderBy("a.annotation_id");
      if (filter.traceId !== undefined) query = query.where("a.trace_id", "=", filter.traceId);
      return (await query.execute()).map(readAnnotation);
    }
  };
}

/** The newest version of each annotation that was not taken back. */
function standing(db: Kysely<StateTables>) {
  return db
    .selectFrom("annotations as a")
    .selectAll("a")
    .where("a.is_withdrawn", "=", 0)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("annotations as b")
            .select("b.version")
            .whereRef("b.annotation_id", "=", "a.annotation_id")
            .whereRef("b.version", ">", "a.version")
        )
      )
    );
}

/** Within one chunk the same id counts once, the later of them. */
async function appendChunk(
  db: Kysely<StateTables>,
  annotations: readonly Omit<Annotation, "version">[],
  counts: { -readonly [name in keyof AnnotationSummary]: number }
): Promise<void> {
  const given = new Map(annotations.map((annotation) => [annotation.annotationId, annotation]));
  const rows = await db
    .selectFrom("annotations")
    .selectAll()
    .where("annotation_id", "in", [...given.keys()])
    .orderBy("version")
    .execute();
  const newest = new Map(rows.map((row) => [row.annotation_id, readAnnotation(row)]));
  const fresh = [...given.values()].flatMap((annotation) => {
    const there = newest.get(annotation.annotationId);
    // A version without a source was written by a person here: what the source says does not replace it.
    const stays =
      there && (there.source === null || (there.label === annotation.label && there.note === annotation.note));
    counts[stays ? "unchanged" : there ? "changed" : "added"] += 1;
    return stays ? [] : [{ ...annotation, version: (there?.version ?? 0) + 1 }];
  });
  if (fresh.length === 0) return;
  await db
    .insertInto("annotations")
    .values(
      fresh.map((annotation) => ({
        annotation_id: annotation.annotationId,
        version: annotation.version,
        trace_id: annotation.traceId,
        span_id: annotation.spanId,
        business_unit: annotation.businessUnit,
        label: annotation.label,
        note: annotation.note,
        user_id: annotation.userId,
        created_at: annotation.createdAtMs,
        ...{ source: annotation.source, queue_id: null },
        is_withdrawn: 0
      }))
    )
    .execute();
}

function readAnnotation(row: StateTables["annotations"]): Annotation {
  return {
    annotationId: row.annotation_id,
    version: row.version,
    traceId: row.trace_id,
    spanId: row.span_id,
    businessUnit: row.business_unit,
    label: row.label,
    note: row.note,
    userId: row.user_id,
    createdAtMs: Number(row.created_at),
    source: row.source
  };
}
