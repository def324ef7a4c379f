import type { Scope } from "#lib/model/scope.ts";
import { dayOf, type RuleCursor, type ScoringRule, type WaitingTrace } from "#lib/model/scoring-rule.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Arrival, Lake } from "#lib/ports/lake.ts";
import { sampleCondition } from "#lib/sql/sample-sql.ts";
import type { TrafficPredicate } from "./traffic-predicate.ts";

/** A trace that may match a rule. */
export interface Candidate {
  readonly traceId: string;
  readonly businessUnit: string;
  /** A day of it, `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** Whether all of it is among what arrived. */
  readonly isWhole: boolean;
}

/** A snapshot of the lake, and when it was all there was. */
export interface SettledSnapshot {
  readonly snapshotId: number;
  readonly atMs: number;
}

/** What arrived between two snapshots and is complete; open until its kernel is closed. */
export interface RuleWindow {
  readonly upTo: SettledSnapshot;
  readonly candidates: readonly Candidate[];
  /** What waits from here on for its root. */
  readonly waiting: readonly WaitingTrace[];
  /** Of what arrived; null where nothing did, or it can no longer be told apart. */
  readonly arrivals: Kernel | null;
  /** Whether more has settled already. */
  readonly hasMore: boolean;
}

/** What a window hangs on. */
export type WindowRule = Pick<ScoringRule, "userId" | "businessUnits" | "cursor" | "scorerId" | "rate">;

/** Spans of one window, beyond those of its first snapshot. */
const mostSpans = 100_000;

/** A trace without its root is scored as it is when nothing of it has come for so long. */
const rootWaitMs = 60_000;

/** More wait nowhere: those that have waited longest are scored as they are. */
const mostWaiting = 2_000;

/** Whose eyes a rule has: those of its units and of nobody else. */
export function ruleScope({ userId, businessUnits }: Pick<ScoringRule, "userId" | "businessUnits">): Scope {
  return { userId, roles: [], businessUnits };
}

/** Whether something that came may bring a rule traces to score. */
export function isForRule({ table }: Arrival, { readsPlaces, readsScores }: Omit<TrafficPredicate, "sql">): boolean {
  if (table === "placements") return readsPlaces;
  if (table === "scores") return readsScores;
  return table === "spans";
}

/** Whether a trace has waited for its root long enough. */
export function isDue({ sinceMs }: WaitingTrace, nowMs: number): boolean {
  return nowMs - sinceMs >= rootWaitMs;
}

/**
 * The traces that came since a rule's cursor and of which nothing more has come for a while. Those that lack their
 * root wait for it; of those that still grow the next window tells.
 */
export async function readWindow(
  lake: Pick<Lake, "openKernel" | "openArrivals" | "listArrivals">,
  rule: WindowRule,
  predicate: TrafficPredicate,
  scorer: string,
  settled: SettledSnapshot,
  nowMs: number
): Promise<RuleWindow> {
  const { cursor } = rule;
  const scope = ruleScope(rule);
  const known = await lake.listArrivals(scope, cursor.snapshotId);
  if (!known) return readGap(lake, rule, settled);
  const fresh = known.filter((arrival) => arrival.snapshotId <= settled.snapshotId && isForRule(arrival, predicate));
  const last = chooseEnd(fresh);
  const hasMore = fresh.some(({ snapshotId }) => snapshotId > last);
  const upTo = hasMore ? { snapshotId: last, atMs: cursor.seenAtMs } : settled;
  const waiting = new Map(cursor.waiting.map((trace) => [keyOf(trace), trace]));
  const candidates = new Map<string, Candidate>();
  const has = (table: Arrival["table"]) => fresh.some((arrival) => arrival.table === table);
  const arrivals = fresh.length > 0 ? await lake.openArrivals(scope, cursor.snapshotId, upTo.snapshotId) : undefined;
  if (fresh.length > 0 && !arrivals) return readGap(lake, rule, settled);
  try {
    const growing = await listGrowing(lake, scope, known, settled.snapshotId);
    for await (const piece of readPieces(arrivals?.kernel, rule)) {
      const key = keyOf(piece);
      waiting.delete(key);
      if (growing.has(key)) continue;
      if (piece.hasRoot) candidates.set(key, piece);
      else if (piece.isSampled) waiting.set(key, { ...pick(piece), sinceMs: nowMs });
    }
    if (has("scores") && arrivals) await addRated(arrivals.kernel, scorer, candidates);
    if (has("placements")) await addPlaced(lake, scope, cursor, candidates);
    for (const [key, trace] of [...waiting]) {
      if (!isDue(trace, nowMs) && waiting.size <= mostWaiting) continue;
      waiting.delete(key);
      candidates.set(key, { ...pick(trace), isWhole: false });
    }
  } catch (error) {
    await arrivals?.kernel.close();
    throw error;
  }
  return {
    ...{ upTo, hasMore, candidates: [...candidates.values()], waiting: [...waiting.values()] },
    arrivals: arrivals?.kernel ?? null
  };
}

/** The last snapshot of a window that is not too large; 0 for none. */
function chooseEnd(fresh: readonly Arrival[]): number {
  let [spans, end] = [0, 0];
  for (const { snapshotId, table, rows } of fresh) {
    if (table === "spans") spans += rows;
    if (spans > mostSpans && end > 0 && snapshotId > end) return end;
    end = Math.max(end, snapshotId);
  }
  return end;
}

/** Where what arrived can no longer be told apart, such as after a long pause: all that the lake took in since. */
async function readGap(
  lake: Pick<Lake, "openKernel">,
  rule: WindowRule,
  settled: SettledSnapshot
): Promise<RuleWindow> {
  const candidates = new Map<string, Candidate>();
  for (const trace of rule.cursor.waiting) candidates.set(keyOf(trace), { ...pick(trace), isWhole: false });
  const kernel = await lake.openKernel(ruleScope(rule), { snapshotId: settled.snapshotId });
  try {
    const sql = `select trace_id, business_unit, min("date")::varchar as day from spans
      where ingested_at >= make_timestamp_ms($since::bigint) group by all`;
    await addRows(kernel, sql, { since: rule.cursor.seenAtMs - rootWaitMs }, candidates);
  } finally {
    await kernel.close();
  }
  return { upTo: settled, candidates: [...candidates.values()], waiting: [], arrivals: null, hasMore: false };
}

/** Traces of which something came after a snapshot. */
async function listGrowing(
  lake: Pick<Lake, "openArrivals">,
  scope: Scope,
  known: readonly Arrival[],
  settled: number
): Promise<ReadonlySet<string>> {
  const growing = new Set<string>();
  if (!known.some(({ table, snapshotId }) => table === "spans" && snapshotId > settled)) return growing;
  const later = await lake.openArrivals(scope, settled);
  if (!later) return growing;
  try {
    for await (const rows of later.kernel.stream("select distinct trace_id, business_unit from arrived", {}))
      for (const row of rows) growing.add(keyOf(readIds(row)));
  } finally {
    await later.kernel.close();
  }
  return growing;
}

async function* readPieces(kernel: Kernel | undefined, { scorerId, rate }: WindowRule) {
  if (!kernel) return;
  const sql = `select trace_id, business_unit, min("date")::varchar as day, bool_or(is_whole) as is_whole,
      bool_or(has_root) as has_root, ${sampleCondition("trace_id", "$salt", "$rate")} as is_sampled
    from arrived group by trace_id, business_unit`;
  for await (const rows of kernel.stream(sql, { salt: scorerId, rate })) {
    for (const row of rows) {
      yield {
        ...{ ...readIds(row), day: String(row["day"]), isWhole: row["is_whole"] === true },
        ...{ hasRoot: row["has_root"] === true, isSampled: row["is_sampled"] === true }
      };
    }
  }
}

/** Traces that others scored. */
function addRated(kernel: Kernel, scorer: string, candidates: Map<string, Candidate>): Promise<void> {
  const sql = `select trace_id, business_unit, min("date")::varchar as day from score_history
    where scorer <> $scorer group by trace_id, business_unit`;
  return addRows(kernel, sql, { scorer }, candidates);
}

/** Traces that were placed on maps. */
async function addPlaced(
  lake: Pick<Lake, "openKernel">,
  scope: Scope,
  { seenAtMs }: RuleCursor,
  candidates: Map<string, Candidate>
): Promise<void> {
  const kernel = await lake.openKernel(scope);
  try {
    const sql = `select trace_id, business_unit, min("date")::varchar as day from placements
      where placed_at >= make_timestamp_ms($since::bigint) group by trace_id, business_unit`;
    await addRows(kernel, sql, { since: seenAtMs - rootWaitMs }, candidates);
  } finally {
    await kernel.close();
  }
}

async function addRows(
  kernel: Kernel,
  sql: string,
  values: Readonly<Record<string, string | number>>,
  candidates: Map<string, Candidate>
): Promise<void> {
  for await (const rows of kernel.stream(sql, values)) {
    for (const row of rows) {
      const ids = readIds(row);
      if (!candidates.has(keyOf(ids))) candidates.set(keyOf(ids), { ...ids, day: String(row["day"]), isWhole: false });
    }
  }
}

/** A trace that began so long before a day may still be going on. */
const longestTraceDays = 7;

/** The day from which traces are to be read that were seen on some days. */
export function firstDayOf(days: readonly string[]): string {
  const earliest = days.reduce((first, day) => (day < first ? day : first), "9999-12-31");
  return dayOf(Date.parse(earliest) - longestTraceDays * 86_400_000);
}

const readIds = (row: Readonly<Record<string, unknown>>) => ({
  traceId: String(row["trace_id"]),
  businessUnit: String(row["business_unit"])
});

const pick = ({ traceId, businessUnit, day }: Omit<WaitingTrace, "sinceMs">) => ({ traceId, businessUnit, day });

/** A trace in one unit. */
export const keyOf = ({ traceId, businessUnit }: Pick<Candidate, "traceId" | "businessUnit">): string =>
  `${businessUnit}/${traceId}`;
