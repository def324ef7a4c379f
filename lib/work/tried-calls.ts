import type { ScorerTarget } from "#lib/ports/sandbox.ts";
import type { TriedCall, TryReply, TryRequest, TrySpending } from "#lib/wire/bench.ts";
import type { AnswersForecast } from "#lib/wire/cell-forecast.ts";
import type { Subject } from "./score-subjects.ts";

/** Verdicts that one try tells. */
const mostCalls = 200;

/** One verdict as it is told. */
export function describeCall(
  { traceId, businessUnit, spanId }: Subject,
  score: TriedCall["score"],
  durationMs: number | null
): TriedCall {
  return { traceId, businessUnit, spanId, score, durationMs };
}

/** What is told of all verdicts of a try. */
export function describeCalls(
  calls: readonly TriedCall[],
  target: ScorerTarget,
  traces: TryRequest["traces"]
): Pick<TryReply, "target" | "calls" | "total" | "missing" | "msPerCall"> {
  const found = new Set(calls.map(({ traceId }) => traceId));
  const measured = calls.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return {
    target: target.kind,
    calls: calls.slice(0, mostCalls),
    total: calls.length,
    // A trace without a span of the wanted kinds is not absent, nor is one within a session.
    missing: target.kind !== "trace" ? [] : traces.map(({ traceId }) => traceId).filter((id) => !found.has(id)),
    msPerCall: measured.length === 0 ? null : measured.reduce((sum, ms) => sum + ms, 0) / measured.length
  };
}

/** Nothing is sent under it: what was answered before is all that there is. */
export const unpaid = { usd: null, tokens: 0 };

/**
 * What asking costs in a try.
 *
 * @param open  calls that wait for a model, of `calls`
 */
export function describeSpending(
  forecast: AnswersForecast,
  mostUsd: number | null,
  { open, calls, spentUsd }: { readonly open: number; readonly calls: number; readonly spentUsd: number }
): TrySpending {
  const share = calls === 0 ? 0 : open / calls;
  const part = (usd: number | null) => (usd === null ? null : usd * share);
  const { model, questions, tokens, costUsd } = forecast;
  return { model, questions, tokens, costUsd, open, openUsd: part(costUsd), mostUsd: part(mostUsd), spentUsd };
}
