import { Fault, isFault, type TextPosition } from "#lib/model/fault.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { nameKey } from "#lib/workbook/names.ts";

/** A condition over `traces` that says which traffic is meant. */
export interface TrafficPredicate {
  readonly sql: string;
  /** Whether only the trace itself decides. */
  readonly isOwn: boolean;
  /** Whether places on kept maps decide, which a trace gets some time after it has arrived. */
  readonly readsPlaces: boolean;
  /** Whether scores of others decide. */
  readonly readsScores: boolean;
}

const placeViews = ["placements", "areas"];
const scoreViews = ["scores", "score_history"];
const ofTrace = ["traces", "spans"];
const allowed = [...ofTrace, ...scoreViews, ...placeViews, "maps", "clusters", "map_areas"];

/** Lines of a statement before the condition in it, which stands on lines of its own. */
const linesBefore = 1;

/**
 * The relation of the traces that a condition holds for, to be written into a statement on its first line.
 *
 * @param sql  the condition
 */
export function matchingTraces(sql: string): string {
  return `(select * from traces where (\n${sql}\n))`;
}

/**
 * Reads a condition, or a whole question whose traces are then meant, such as the one behind a selection on a map.
 *
 * @throws Fault `invalid` with the engine's sentence and the place in the text
 */
export async function parsePredicate(parser: SqlParser, text: string): Promise<TrafficPredicate> {
  const asked = text.trim();
  const whole = /^\(*\s*(select|with|from)\b/i.test(asked) ? await parser.read(asked) : null;
  if (whole?.kind === "fault") throw unreadable(whole.message, whole.position, asked, 0);
  const sql = whole?.kind === "select" ? `trace_id in (select trace_id from (\n${asked}\n))` : asked;
  const reading = await parser.read(`select 1 from ${matchingTraces(sql)}`);
  if (reading.kind === "fault") throw unreadable(reading.message, reading.position, asked);
  const [parameter] = reading.parameters;
  if (parameter !== undefined) {
    throw new Fault("invalid", `the condition names the parameter $${parameter}, and nobody gives it a value`, {
      hint: "Write the value itself."
    });
  }
  const tables = reading.tables.map(nameKey);
  const foreign = tables.find((table) => !allowed.includes(table));
  if (foreign !== undefined) {
    throw new Fault("invalid", `the condition reads "${foreign}", which may change long after a trace has arrived`, {
      hint: `It can read ${allowed.slice(0, 6).join(", ")}.`
    });
  }
  const reads = (names: readonly string[]) => tables.some((table) => names.includes(table));
  return {
    sql,
    isOwn: tables.every((table) => ofTrace.includes(table)),
    readsPlaces: reads(placeViews),
    readsScores: reads(scoreViews)
  };
}

/** Runs a statement that a condition was written into; what the engine finds wrong is said of the condition's own text. */
export async function withPredicate<T>(sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error) || error.code !== "invalid") throw error;
    throw new Fault("invalid", `the condition cannot be asked: ${error.message}`, {
      hint: error.hint,
      cause: error,
      ...placed(error.position ?? null, sql)
    });
  }
}

function unreadable(message: string, position: TextPosition | null, text: string, before = linesBefore): Fault {
  return new Fault("invalid", `the condition cannot be read: ${message}`, {
    hint: "Write a condition over the columns of traces, such as agent = 'refunds' and errors > 0.",
    ...placed(position, text, before)
  });
}

function placed(position: TextPosition | null, text: string, before = linesBefore) {
  const line = (position?.line ?? 0) - before;
  return position && line >= 1 && line <= text.split("\n").length ? { position: { ...position, line } } : {};
}
