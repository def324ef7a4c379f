import { quoteField, quoteSafeField } from "#lib/formats/csv-field.ts";
import { formatTraceAnnotations, type SaidOfTrace } from "#lib/formats/openinference-annotations.ts";
import type { Adjudication } from "#lib/model/adjudication.ts";
import { decidedUnits, hideVerdict, isKeptBlind, type Queue, type QueueItem } from "#lib/model/queue.ts";
import type { Review } from "#lib/model/review.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { Audit } from "#lib/ports/audit.ts";
import type { Queues } from "#lib/ports/queues.ts";
import type { Reviews } from "#lib/ports/reviews.ts";
import { formatSlug } from "./edit-workbooks.ts";

/** What taking the judgements of a queue out needs. */
export interface ExportQueueDoors {
  readonly queues: Pick<Queues, "find" | "listItems">;
  readonly reviews: Pick<Reviews, "list" | "listAll">;
  readonly adjudications: Pick<Adjudications, "list">;
  readonly audit: Pick<Audit, "record">;
}

/** An item with all that was said of it. */
interface SaidItem {
  readonly item: QueueItem;
  readonly reviews: readonly Review[];
  readonly decided: Adjudication | null;
}

const partRows = 100;

/**
 * All that was said in a queue as a file that is written while it is read: a row of a table, or an OpenInference
 * annotation, by item and person, and one by decision. Of what is kept blind there is what the asker said alone.
 *
 * @param administered  units that the one who asks administers
 * @throws Fault `missing`
 */
export async function exportQueue(
  doors: ExportQueueDoors,
  scope: Scope,
  administered: readonly BusinessUnit[],
  queueId: string,
  format: "csv" | "jsonl"
): Promise<{ readonly parts: AsyncIterable<Uint8Array>; readonly contentType: string; readonly name: string }> {
  const queue = await doors.queues.find(scope, queueId);
  const decided = decidedUnits(queue, scope.userId, administered);
  const decides = ({ businessUnit }: QueueItem) => decided.includes(businessUnit);
  await doors.audit.record(scope, {
    action: "queue.export",
    object: { kind: "queue", id: queueId },
    units: queue.businessUnits,
    facts: { format, items: queue.items }
  });
  async function* parts(): AsyncIterable<Uint8Array> {
    const encoder = new TextEncoder();
    const write = format === "csv" ? formatRows : formatLine;
    if (format === "csv") yield encoder.encode(formatHead(queue));
    for (let offset = 0; ; offset += partRows) {
      const items = await doors.queues.listItems(scope, queueId, { offset, limit: partRows });
      for (const item of items) {
        const text = write(queue, await readSaid(doors, scope, queue, item, decides(item)));
        if (text !== "") yield encoder.encode(text);
      }
      if (items.length < partRows) return;
    }
  }
  return {
    parts: parts(),
    contentType: format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
    name: `${formatSlug(queue.title)}-judgements.${format}`
  };
}

/** @param decides  whether the asker decides in the item's unit, so that nothing of it is kept blind from them */
async function readSaid(
  doors: ExportQueueDoors,
  scope: Scope,
  { queueId, reviewing }: Queue,
  item: QueueItem,
  decides: boolean
): Promise<SaidItem> {
  if (!decides && isKeptBlind(item, reviewing))
    return { item: hideVerdict(item), reviews: await doors.reviews.list(scope, queueId, item), decided: null };
  const [reviews, decisions] = await Promise.all([
    doors.reviews[decides ? "listAll" : "list"](scope, queueId, item),
    doors.adjudications.list(scope, queueId, item)
  ]);
  return { item, reviews, decided: decisions[0] ?? null };
}

const columns = [
  ...["trace_id", "other_trace_id", "business_unit", "position", "stratum", "inclusion_probability"],
  ...["kind", "user_id", "label", "reason", "quotes", "corrected_output", "flags", "shown_left"],
  ...["version", "rubric_version", "duration_ms", "made_at", "verdict", "final_label"]
];

function formatHead({ rubric }: Queue): string {
  return `${[...columns, ...extraNames(rubric)].map(quoteSafeField).join(",")}\r\n`;
}

const extraNames = ({ scales, fields }: Queue["rubric"]) => [...scales, ...fields].map(({ name }) => name);

function formatRows(queue: Queue, { item, reviews, decided }: SaidItem): string {
  const rows = reviews.map((review) => {
    const { judgement } = review;
    const isLabelled = judgement.kind === "labelled";
    return formatRow(item, {
      ...{ kind: judgement.kind, userId: review.userId, version: review.version, rubric: review.rubricVersion },
      ...{ label: isLabelled ? judgement.label : null, durationMs: review.durationMs, atMs: review.madeAtMs },
      reason: isLabelled ? judgement.note : judgement.kind === "skipped" ? judgement.reason : null,
      more: isLabelled
        ? [judgement.quotes.join("\n"), judgement.correctedOutput, judgement.flags.join(", "), judgement.left ?? null]
        : [null, null, null, null],
      extras: isLabelled
        ? [
            ...queue.rubric.scales.map(({ name }) => String(judgement.scales[name] ?? "")),
            ...queue.rubric.fields.map(({ name }) => judgement.fields[name] ?? "")
          ]
        : []
    });
  });
  if (decided) {
    rows.push(
      formatRow(item, {
        ...{ kind: decided.label === null ? "undecided" : "adjudicated", userId: decided.userId },
        ...{ version: decided.version, rubric: decided.rubricVersion, label: decided.label, reason: decided.reason },
        ...{ durationMs: null, atMs: decided.madeAtMs, more: [null, null, null, null], extras: [] }
      })
    );
  }
  return rows.join("");
}

function formatRow(
  item: QueueItem,
  said: {
    readonly kind: string;
    readonly userId: string;
    readonly version: number;
    readonly rubric: number;
    readonly label: string | null;
    readonly reason: string | null;
    readonly durationMs: number | null;
    readonly atMs: number;
    readonly more: readonly (string | null)[];
    readonly extras: readonly string[];
  }
): string {
  const { traceId, otherTraceId, businessUnit, position, stratum, inclusionProbability, verdict } = item;
  const number = (value: number | null) => quoteField(value === null ? null : String(value));
  return `${[
    ...[traceId, otherTraceId, businessUnit].map(quoteSafeField),
    ...[number(position), quoteSafeField(stratum), number(inclusionProbability)],
    ...[said.kind, said.userId, said.label, said.reason, ...said.more].map(quoteSafeField),
    ...[number(said.version), number(said.rubric), number(said.durationMs)],
    ...[new Date(said.atMs).toISOString(), verdict.kind, quoteSafeField(verdict.label)],
    ...said.extras.map(quoteSafeField)
  ].join(",")}\r\n`;
}

/** A trace with what people said of it; what is no label is left out, and so is a trace without any. */
function formatLine(queue: Queue, { item, reviews, decided }: SaidItem): string {
  const { traceId, otherTraceId, businessUnit, stratum, inclusionProbability, verdict } = item;
  const common = { queue_id: queue.queueId, stratum, inclusion_probability: inclusionProbability };
  const said = reviews.flatMap((review): SaidOfTrace[] => {
    const { judgement, userId: identifier, version, rubricVersion, durationMs, madeAtMs } = review;
    if (judgement.kind !== "labelled") return [];
    const { label, note, quotes, correctedOutput, flags, scales, fields, left } = judgement;
    const metadata = {
      ...{ ...common, version, rubric_version: rubricVersion, duration_ms: durationMs },
      ...{ made_at: new Date(madeAtMs).toISOString(), quotes, flags, fields, corrected_output: correctedOutput },
      ...(left === undefined ? {} : { shown_left: left })
    };
    return [
      { name: queue.title, label, score: null, explanation: note, identifier, metadata },
      ...Object.entries(scales).map(([name, score]) => ({
        ...{ name, label: null, score, explanation: "", identifier },
        metadata: { ...common, version, rubric_version: rubricVersion }
      }))
    ];
  });
  if (decided && decided.label !== null) {
    const { label, reason: explanation, userId: identifier, version, rubricVersion, madeAtMs } = decided;
    const made = { version, rubric_version: rubricVersion, made_at: new Date(madeAtMs).toISOString() };
    const metadata = { ...common, ...made, adjudicated: true };
    said.push({ name: queue.title, label, score: null, explanation, identifier, metadata });
  }
  if (said.length === 0) return "";
  const pair = otherTraceId === null ? {} : { other_trace_id: otherTraceId };
  const final = { verdict: verdict.kind, final_label: verdict.label };
  const line = { trace_id: traceId, ...pair, business_unit: businessUnit, ...final };
  return `${JSON.stringify({ ...line, attributes: formatTraceAnnotations(said) })}\n`;
}
