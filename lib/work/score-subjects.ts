import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { SandboxTrace, ScorerTarget } from "#lib/ports/sandbox.ts";
import { quoteName, quoteText } from "#lib/sql/quote.ts";
import type { CellContext } from "./cell-context.ts";

/** Traces handed to the sandbox at once. */
const frameTraces = 50;

/** What one verdict is about. */
export interface Subject {
  readonly traceId: string;
  /** Null when no single span is meant. */
  readonly spanId: string | null;
  /** Where a whole session is meant; the trace is then its last. */
  readonly sessionId?: string;
  readonly businessUnit: string;
  /** Day of the trace's start in UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** Of the trace, in milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
}

/** Traces of a table, and the calls that a scorer takes for them. */
export interface SubjectCount {
  readonly traces: number;
  readonly calls: number;
  /** Traces that belong to no session, where sessions are scored. */
  readonly apart: number;
}

/** Where traces are read. */
export interface ReadGround {
  readonly kernel: Pick<Kernel, "stream">;
  readonly signal: AbortSignal;
  /** A few traces of the table that are meant alone: of a large lake no others are then put together. */
  readonly only?: readonly Pick<Subject, "traceId" | "day">[];
}

/** Counts what will be scored, for the progress; traces that are not in the lake are counted, too. */
export async function countSubjects(
  context: Pick<CellContext, "kernel" | "signal">,
  traces: string,
  target: ScorerTarget
): Promise<SubjectCount> {
  const chosen = `select trace_id from ${traces}`;
  const inSession = `from traces where session_id is not null and trace_id in (${chosen})`;
  const calls =
    target.kind === "trace"
      ? `select count(distinct trace_id) from ${traces}`
      : target.kind === "session"
        ? `select count(distinct (session_id, business_unit)) ${inSession}`
        : `select count(*) from spans where trace_id in (${chosen})${
            target.spanKinds ? ` and kind in (${target.spanKinds.map(quoteText).join()})` : ""
          }`;
  const [row] = await context.kernel.rows(
    `select (select count(distinct trace_id) from ${traces}) as traces, (${calls}) as calls,
      (select count(distinct trace_id) ${inSession}) as joined`,
    {},
    1,
    context.signal
  );
  const [all, made, joined] = ["traces", "calls", "joined"].map((name) => Number(row?.[name] ?? 0)) as [
    number,
    number,
    number
  ];
  return { traces: all, calls: made, apart: target.kind === "session" ? all - joined : 0 };
}

/**
 * The chosen traces in the order of their start, some at a time.
 *
 * @param subjects  gets what each call is about, in the order of the calls
 * @param expected  column of the table with what should have come out of each trace
 * @throws Fault `invalid` where one trace has two such values
 */
export async function* readSubjects(
  context: ReadGround,
  traces: string,
  target: ScorerTarget,
  subjects: Subject[],
  expected: string | null = null
): AsyncGenerator<readonly SandboxTrace[]> {
  if (target.kind === "session") {
    if (expected !== null) {
      throw new Fault("invalid", "a scorer of sessions is told nothing that is expected", {
        hint: "Leave expected: out."
      });
    }
    yield* readSessions(context, traces, subjects);
    return;
  }
  // The ids come from the lake and not from the sandbox, which is never trusted with them.
  const ofSpans =
    target.kind === "span"
      ? `, to_json(json_extract_string(d.document, '$.spans[*].id'))::varchar as span_ids,
        to_json(json_extract_string(d.document, '$.spans[*].kind'))::varchar as span_kinds`
      : "";
  const [ofExpected, withExpected] =
    expected === null
      ? ["", ""]
      : [
          ", x.expected, x.answers",
          `join (select trace_id, min(to_json(${quoteName(expected)})::varchar) as expected,
            count(distinct to_json(${quoteName(expected)})::varchar) as answers from ${traces} group by trace_id) x
            on x.trace_id = d.trace_id`
        ];
  const sql = `select d.trace_id, d.business_unit, strftime(t.date, '%Y-%m-%d') as day,
      epoch_ms(t.started_at) as started_ms, d.document${ofSpans}${ofExpected}
    from trace_documents d join traces t on t.trace_id = d.trace_id and t.business_unit = d.business_unit ${withExpected}
    where d.trace_id in (select trace_id from ${traces})${limitTo(context.only)} order by t.started_at, d.trace_id`;
  for await (const rows of context.kernel.stream(sql, {}, context.signal)) {
    for (let start = 0; start < rows.length; start += frameTraces) {
      yield rows.slice(start, start + frameTraces).map((row) => {
        const trace = {
          traceId: String(row["trace_id"]),
          businessUnit: String(row["business_unit"]),
          day: String(row["day"]),
          startedAtMs: Number(row["started_ms"])
        };
        const spanIds = target.kind === "trace" ? [null] : chooseSpanIds(row, target.spanKinds);
        for (const spanId of spanIds) subjects.push({ ...trace, spanId });
        return { text: withAnswer(row, expected), businessUnit: trace.businessUnit, calls: spanIds.length };
      });
    }
  }
}

/** The sessions of the chosen traces, each with all of its traces in order. */
async function* readSessions(
  { kernel, signal }: ReadGround,
  traces: string,
  subjects: Subject[]
): AsyncGenerator<readonly SandboxTrace[]> {
  const sql = `with chosen as (
      select distinct session_id, business_unit from traces
      where session_id is not null and trace_id in (select trace_id from ${traces})
    ), turns as (
      select t.session_id, t.business_unit, t.trace_id, t.date, t.started_at, d.document
      from chosen c join traces t on t.session_id = c.session_id and t.business_unit = c.business_unit
        join trace_documents d on d.trace_id = t.trace_id and d.business_unit = t.business_unit
    )
    select session_id, business_unit, last(trace_id order by started_at, trace_id) as trace_id,
      strftime(last(date order by started_at, trace_id), '%Y-%m-%d') as day,
      epoch_ms(max(started_at)) as started_ms,
      concat('{"id":', to_json(session_id), ',"businessUnit":', to_json(business_unit),
        ',"traces":[', string_agg(document, ',' order by started_at, trace_id), ']}') as document
    from turns group by session_id, business_unit order by min(started_at), session_id, business_unit`;
  for await (const rows of kernel.stream(sql, {}, signal)) {
    for (const row of rows) {
      const businessUnit = String(row["business_unit"]);
      subjects.push({
        traceId: String(row["trace_id"]),
        spanId: null,
        sessionId: String(row["session_id"]),
        businessUnit,
        day: String(row["day"]),
        startedAtMs: Number(row["started_ms"])
      });
      yield [{ text: String(row["document"]), businessUnit, calls: 1 }];
    }
  }
}

/** A list of ids and days reaches the files, where a table of them would be compared with whole documents. */
function limitTo(only: ReadGround["only"]): string {
  if (!only) return "";
  const ids = only.map(({ traceId }) => quoteText(traceId)).join();
  const days = only.map(({ day }) => day).sort();
  const within = (alias: string) =>
    `${alias}.trace_id in (${ids}) and ${alias}."date" between ${quoteText(days[0]!)} and ${quoteText(days.at(-1)!)}`;
  return only.length === 0 ? " and false" : ` and ${within("d")} and ${within("t")}`;
}

/** The document of a row, and in it what should have come out. */
function withAnswer(row: Readonly<Record<string, unknown>>, column: string | null): string {
  const document = String(row["document"]);
  const answer = row["expected"] ?? null;
  if (column === null || answer === null) return document;
  if (Number(row["answers"]) > 1) {
    throw new Fault("invalid", `"${column}" says two things of the trace ${String(row["trace_id"])}`, {
      hint: "Let the table have one row for each trace."
    });
  }
  return `{"expected":${String(answer)},${document.slice(1)}`;
}

function chooseSpanIds(row: Readonly<Record<string, unknown>>, kinds: readonly string[] | null): readonly string[] {
  const ids = JSON.parse(String(row["span_ids"])) as readonly string[];
  if (kinds === null) return ids;
  const kindOf = JSON.parse(String(row["span_kinds"])) as readonly string[];
  return ids.filter((_, index) => kinds.includes(kindOf[index]!));
}
