import { Fault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { type ThreadAsked, turnsPerPage } from "#lib/wire/sessions.ts";
import type { SessionReply, SessionTurn } from "#lib/wire/traces.ts";
import { readSession, sessionColumns } from "./session-list.ts";
import { number, type Row, readScore, readSummary, summaryColumns, text } from "./trace-rows.ts";

/** Characters of a message that are shown; the view keeps no more. */
const mostCharacters = 20_000;
const mostScores = 2000;

/**
 * A part of a session: its traces in order, each with what the user asked and what was answered.
 *
 * @throws Fault `missing`; `invalid` where two units know the id and none is named
 */
export async function readThread(
  kernel: Kernel,
  sessionId: string,
  asked: ThreadAsked,
  signal?: AbortSignal
): Promise<SessionReply> {
  const sessions = await kernel.rows(
    `select ${sessionColumns} from traces t where t.session_id = $session group by t.session_id, t.business_unit order by t.business_unit`,
    { session: sessionId },
    100,
    signal
  );
  const own = asked.unit === null ? sessions : sessions.filter((row) => row["business_unit"] === asked.unit);
  const units = sessions.map((row) => text(row, "business_unit") ?? "");
  if (own.length > 1) {
    throw new Fault("invalid", `the session "${sessionId}" is known in ${units.join(" and ")}`, {
      hint: "Add ?unit= with one of them to the address."
    });
  }
  const [found] = own;
  if (!found) {
    throw new Fault(
      "missing",
      `there is no session "${sessionId}"${asked.unit === null ? "" : ` in "${asked.unit}"`}`,
      {
        hint: units.length > 0 ? `It is known in ${units.join(" and ")}.` : "Check the id."
      }
    );
  }
  const session = readSession(found);
  const values = { session: sessionId, unit: session.businessUnit };
  const from = asked.traceId === null ? asked.from : await findPage(kernel, values, asked.traceId, signal);
  const rows = await kernel.rows(
    `select ${summaryColumns}, left(t.input, ${mostCharacters}) as input, left(t.output, ${mostCharacters}) as output,
       epoch_us(t.ended_at) / 1000.0::double as ended_ms
     from traces t where t.session_id = $session and t.business_unit = $unit
     order by t.started_at, t.trace_id limit ${turnsPerPage + 1} offset ${Math.max(0, from - 1)}`,
    values,
    turnsPerPage + 1,
    signal
  );
  const shown = rows.slice(from === 0 ? 0 : 1).slice(0, turnsPerPage);
  const scores = await readScores(kernel, shown, session.businessUnit, signal);
  const before = from === 0 ? [undefined, ...shown] : rows;
  const turns = shown.map((row, at) => readTurn(row, before[at], scores));
  const first = from === 0 ? (turns[0]?.input ?? null) : null;
  return {
    session: { ...session, input: first?.slice(0, 300) ?? null },
    from,
    turns,
    alsoIn: units.filter((unit) => unit !== session.businessUnit)
  };
}

/** Begin of the page that holds a trace; the first page where the session does not have it. */
async function findPage(
  kernel: Kernel,
  values: { readonly session: string; readonly unit: string },
  traceId: string,
  signal: AbortSignal | undefined
): Promise<number> {
  const [row] = await kernel.rows(
    `with turns as (select trace_id, row_number() over (order by started_at, trace_id) - 1 as place from traces
       where session_id = $session and business_unit = $unit)
     select place from turns where trace_id = $trace`,
    { ...values, trace: traceId },
    1,
    signal
  );
  const place = number(row ?? {}, "place") ?? 0;
  return place - (place % turnsPerPage);
}

async function readScores(
  kernel: Kernel,
  rows: readonly Row[],
  unit: string,
  signal: AbortSignal | undefined
): Promise<readonly Row[]> {
  if (rows.length === 0) return [];
  const traceIds = rows.map((row) => String(row["trace_id"]));
  return kernel.rows(
    `select trace_id, scorer, value, pass, label, reason, status from scores
     where business_unit = $unit and span_id is null and trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))
     order by scorer`,
    { unit, ids: JSON.stringify(traceIds) },
    mostScores,
    signal,
    { traceIds }
  );
}

function readTurn(row: Row, before: Row | undefined, scores: readonly Row[]): SessionTurn {
  const trace = readSummary({ ...row, input: null, output: null });
  const endedMs = before ? number(before, "ended_ms") : null;
  return {
    trace,
    input: text(row, "input"),
    output: text(row, "output"),
    pauseMs: endedMs === null || trace.timesSynthesised ? null : trace.startedAtMs - endedMs,
    scores: scores
      .filter((score) => score["trace_id"] === row["trace_id"])
      .map((score) => {
        const { scorer, value, pass, label, reason, status } = readScore(score);
        return { scorer, value, pass, label, reason, status };
      })
  };
}
