import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { SessionsAsked } from "#lib/wire/sessions.ts";
import type { SessionSummary, SessionsReply } from "#lib/wire/traces.ts";
import { number, type Row, text } from "./trace-rows.ts";

/** Columns of traces `t` grouped by session and unit that make a summary. */
export const sessionColumns = `t.session_id, t.business_unit, count(*) as traces,
  list_sort(list_distinct(list(t.agent))) as agents, sum(t.errors)::double as errors, sum(t.cost_usd) as cost_usd,
  epoch_us(min(t.started_at)) / 1000.0::double as started_ms, epoch_us(max(t.ended_at)) / 1000.0::double as ended_ms,
  bool_or(t.time_source = 'synthesised') as is_synthesised`;

/**
 * Sessions, those that began their last trace last first. The same session id in two units is two sessions.
 *
 * @throws Fault `invalid` for a foreign cursor
 */
export async function listSessions(kernel: Kernel, asked: SessionsAsked, signal?: AbortSignal): Promise<SessionsReply> {
  const cursor = asked.before === null ? null : parseCursor(asked.before);
  const values = {
    limit: asked.limit + 1,
    ...(asked.unit === null ? {} : { unit: asked.unit }),
    ...(asked.words === "" ? {} : { words: asked.words.toLowerCase() }),
    ...(cursor ?? {})
  };
  const rows = await kernel.rows(
    `select ${sessionColumns}, epoch_us(max(t.started_at)) as newest_us, arg_min(t.trace_id, t.started_at) as first_id
     from traces t where t.session_id is not null
       ${asked.unit === null ? "" : "and t.business_unit = $unit"}
       ${asked.words === "" ? "" : "and contains(lower(t.session_id), $words)"}
     group by t.session_id, t.business_unit ${cursor ? afterCursor : ""}
     order by newest_us desc, t.session_id desc, t.business_unit desc limit $limit`,
    values,
    asked.limit + 1,
    signal
  );
  const shown = rows.slice(0, asked.limit);
  const inputs = await readInputs(kernel, shown, signal);
  return {
    sessions: shown.map((row) =>
      readSession({ ...row, input: inputs.get(`${row["business_unit"]}/${row["first_id"]}`) })
    ),
    next: rows.length > asked.limit ? formatCursor(shown.at(-1)!) : null
  };
}

const afterCursor = `having newest_us < $lastUs::bigint or (newest_us = $lastUs::bigint
  and (t.session_id < $lastId or (t.session_id = $lastId and t.business_unit < $lastUnit)))`;

/** First messages of the sessions' first traces: read apart, so that texts of other traces stay unread. */
async function readInputs(
  kernel: Kernel,
  rows: readonly Row[],
  signal: AbortSignal | undefined
): Promise<ReadonlyMap<string, string | null>> {
  if (rows.length === 0) return new Map();
  const found = await kernel.rows(
    `select t.business_unit, t.trace_id, left(t.input, 300) as input from traces t
     where t.trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))`,
    { ids: JSON.stringify(rows.map((row) => row["first_id"])) },
    rows.length * 2,
    signal
  );
  return new Map(found.map((row) => [`${row["business_unit"]}/${row["trace_id"]}`, text(row, "input")]));
}

/** A row of `sessionColumns`, with `input` where it is known. */
export function readSession(row: Row): SessionSummary {
  return {
    sessionId: text(row, "session_id") ?? "",
    businessUnit: text(row, "business_unit") ?? "",
    traces: number(row, "traces") ?? 0,
    agents: Array.isArray(row["agents"]) ? row["agents"].map(String) : [],
    errors: number(row, "errors") ?? 0,
    costUsd: number(row, "cost_usd"),
    startedAtMs: number(row, "started_ms") ?? 0,
    endedAtMs: number(row, "ended_ms") ?? 0,
    timesSynthesised: row["is_synthesised"] === true,
    input: text(row, "input")
  };
}

function formatCursor(row: Row): string {
  const parts = [number(row, "newest_us"), row["session_id"], row["business_unit"]];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function parseCursor(cursor: string): { readonly lastUs: number; readonly lastId: string; readonly lastUnit: string } {
  const [, us, id, unit] =
    /^\[(-?\d{1,17}),("(?:[^"\\]|\\.)*"),("[a-z0-9-]+")\]$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (us === undefined || id === undefined || unit === undefined) {
    throw new Fault("invalid", `"before" is "${cursor.slice(0, 80)}", which no list of sessions gave out`, {
      hint: "Start from the first page."
    });
  }
  return { lastUs: Number(us), lastId: String(JSON.parse(id)), lastUnit: String(JSON.parse(unit)) };
}
