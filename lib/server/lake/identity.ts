import type { Span } from "#lib/model/span.ts";
import type { LakeFile, NewLakeFile } from "#lib/ports/catalog.ts";
import { parseSpanRow, spanSelectList } from "#lib/sql/span-columns.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import { holdsTraces } from "./appended-files.ts";
import type { Attempt } from "./attempt.ts";
import { areExact, type ContinuedTrace, listInexact } from "./exactness.ts";
import type { OpenTraces } from "./open-traces.ts";
import type { SeenTraces } from "./seen-traces.ts";
import { spanLine } from "./span-line.ts";
import { findTerms } from "./terms-name.ts";
import type { LakeWriter } from "./writer.ts";

/** What a batch means for the lake: which traces to write, which files to put in place of which. */
export interface MergedSpans {
  /** Traces to write of which nothing stays in the lake, by trace and unit. */
  readonly traces: readonly (readonly Span[])[];
  /** New spans of traces that stay in the lake as they are, by trace and unit. */
  readonly continued: readonly (readonly Span[])[];
  /** New spans of traces that stay, and need a part made of all spans to be told rightly. */
  readonly completed: readonly { readonly news: readonly Span[]; readonly all: readonly Span[] }[];
  readonly rewritten: readonly NewLakeFile[];
  /** Ids of files that the rewritten ones replace. */
  readonly removed: readonly string[];
  readonly added: number;
  readonly replaced: number;
}

const partTables = ["first_parts", "trace_parts"] as const;

const traceOf = (span: Span): string => `${span.businessUnit}/${span.traceId}`;

/**
 * Compares a batch with the lake. A span that is there with the same content is dropped. When one is
 * there with other content, or when the views would not tell the trace rightly from its parts, the whole
 * trace is taken out of its files and written anew: every span then stands in the lake exactly once and
 * readers need neither choose nor wait for a flush.
 *
 * @param files  live files of the batch's units
 */
export async function mergeSpans(
  writer: LakeWriter,
  seen: SeenTraces,
  open: OpenTraces,
  files: readonly LakeFile[],
  spans: readonly Span[],
  attempt: Attempt
): Promise<MergedSpans> {
  const incoming = new Map<string, Map<string, Span>>();
  for (const span of spans) {
    const key = traceOf(span);
    const trace = incoming.get(key) ?? new Map<string, Span>();
    if (trace.size === 0) incoming.set(key, trace);
    trace.set(span.spanId, span);
  }
  await seen.learn(files);
  const fromMemory = continueOpen(open, incoming);
  const rest = new Set([...incoming.keys()].filter((key) => !fromMemory.keys.has(key)).map((key) => splitKey(key)[1]));
  const perhapsKnown = await seen.among([...rest]);
  const { known, near } = await listKnown(writer, files, perhapsKnown);
  const fresh: Span[][] = [];
  const continuing: ContinuedTrace[] = [];
  const changed: string[] = [];
  let added = fromMemory.added;
  let replaced = 0;
  for (const [key, trace] of incoming) {
    if (fromMemory.keys.has(key)) continue;
    const there = known.get(key);
    if (!there) {
      fresh.push([...trace.values()]);
      added += trace.size;
      continue;
    }
    const news = [...trace].filter(([id, span]) => there.get(id) !== spanLine(span).digest);
    const exchanged = news.filter(([id]) => there.has(id)).length;
    replaced += exchanged;
    added += news.length - exchanged;
    if (exchanged > 0) changed.push(key);
    else if (news.length > 0) {
      const [businessUnit, traceId] = splitKey(key);
      continuing.push({ businessUnit, traceId, knownSpans: there.size, news: news.map(([, span]) => span) });
    }
  }
  const inexact = new Set(await listInexact(writer, near, continuing));
  changed.push(...[...inexact].map(({ businessUnit, traceId }) => `${businessUnit}/${traceId}`));
  const continued = [
    ...fromMemory.continued,
    ...continuing.filter((trace) => !inexact.has(trace)).map(({ news }) => news)
  ];
  const { completed } = fromMemory;
  if (changed.length === 0) return { traces: fresh, continued, completed, rewritten: [], removed: [], added, replaced };
  const rewrite = await takeOut(writer, near, changed, attempt);
  for (const key of changed) {
    const whole = new Map(rewrite.spans.get(key)?.map((span) => [span.spanId, span]));
    for (const [id, span] of incoming.get(key)!) whole.set(id, span);
    fresh.push([...whole.values()]);
  }
  const { rewritten, removed } = rewrite;
  return { traces: fresh, continued, completed, rewritten, removed, added, replaced };
}

/** What a batch brings of traces that are remembered; one that changes a span of them is left to the lake. */
function continueOpen(open: OpenTraces, incoming: ReadonlyMap<string, ReadonlyMap<string, Span>>) {
  const keys = new Set<string>();
  const continued: Span[][] = [];
  const completed: { readonly news: readonly Span[]; readonly all: readonly Span[] }[] = [];
  let added = 0;
  for (const [key, trace] of incoming) {
    const known = open.find(...splitKey(key));
    if (!known) continue;
    const spans = [...trace.values()];
    const there = spans.filter(({ spanId }) => known.digests.has(spanId));
    if (there.some((span) => known.digests.get(span.spanId) !== spanLine(span).digest)) continue;
    keys.add(key);
    const news = spans.filter(({ spanId }) => !known.digests.has(spanId));
    added += news.length;
    if (news.length === 0) continue;
    if (areExact([...known.parts, news])) continued.push(news);
    else completed.push({ news, all: [...known.parts.flat(), ...news] });
  }
  return { keys, continued, completed, added };
}

/** Unit and trace id. */
function splitKey(key: string): readonly [string, string] {
  const [businessUnit = "", traceId = ""] = key.split("/");
  return [businessUnit, traceId];
}

/** Digests of the spans that the lake has of some traces, trace key → span id → digest, and the files they may be in. */
async function listKnown(writer: LakeWriter, files: readonly LakeFile[], traceIds: readonly string[]) {
  const known = new Map<string, Map<string, string>>();
  // Most batches end here, without a look at the lake.
  if (traceIds.length === 0) return { known, near: [] };
  const found = await writer.rows(
    `select trace_id, min("date")::varchar as first_day, max(ended_at)::date::varchar as last_day from (${partTables
      .map((table) => `select trace_id, ended_at, "date" from (${readTable(table, writer.paths(files, table))})`)
      .join(" union all ")}) semi join wanted on trace_id = wanted.id group by trace_id`,
    traceIds
  );
  if (found.length === 0) return { known, near: [] };
  const days = found.flatMap((row) => [String(row.first_day), String(row.last_day)]).sort();
  const near = files.filter(({ day }) => day >= days[0]! && day <= days.at(-1)!);
  const rows = await writer.rows(
    `select business_unit, trace_id, span_id, payload_sha256 from (${readTable("spans", writer.paths(near, "spans"))}) semi join wanted on trace_id = wanted.id`,
    found.map((row) => String(row.trace_id))
  );
  for (const row of rows) {
    const key = `${String(row.business_unit)}/${String(row.trace_id)}`;
    const trace = known.get(key) ?? new Map<string, string>();
    trace.set(String(row.span_id), String(row.payload_sha256));
    known.set(key, trace);
  }
  return { known, near };
}

/** Reads whole traces and rewrites every file they are in without them. */
async function takeOut(writer: LakeWriter, files: readonly LakeFile[], keys: readonly string[], attempt: Attempt) {
  const spans = new Map<string, Span[]>();
  const removed: string[] = [];
  const rewritten: NewLakeFile[] = [];
  const units = new Map<string, string[]>();
  for (const key of keys) {
    const [unit = "", traceId = ""] = key.split("/");
    units.set(unit, [...(units.get(unit) ?? []), traceId]);
  }
  for (const file of files) {
    const traceIds = units.get(file.businessUnit);
    if (!traceIds || !holdsTraces(file)) continue;
    const table = readTable(file.table, writer.paths([file], file.table));
    const select = file.table === "spans" ? spanSelectList : "trace_id";
    const rows = await writer.rows(
      `select ${select} from (${table}) semi join wanted on trace_id = wanted.id`,
      traceIds
    );
    if (rows.length === 0) continue;
    if (file.table === "spans") {
      for (const row of rows) {
        const span = parseSpanRow(row);
        const trace = spans.get(traceOf(span)) ?? [];
        trace.push(span);
        spans.set(traceOf(span), trace);
      }
    }
    removed.push(file.fileId);
    const terms = findTerms(files, file);
    if (terms) removed.push(terms.fileId);
    if (rows.length === file.rows) continue;
    const rest = await writer.writeParquet([file], attempt, "trace_id not in (select id from wanted)", traceIds);
    if (rest) rewritten.push(rest);
    if (rest && terms) rewritten.push(await writer.writeTermsWithout(terms, rest, attempt, traceIds));
  }
  return { spans, removed, rewritten };
}
