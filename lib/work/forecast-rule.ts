import { Budget } from "#lib/model/budget.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import type { Scope } from "#lib/model/scope.ts";
import { requireUnit } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { sampleCondition } from "#lib/sql/sample-sql.ts";
import type { RuleForecastReply, RuleForecastRequest } from "#lib/wire/scorers.ts";
import { forecastJudge } from "./cell-judge.ts";
import { openJudge } from "./open-judge.ts";
import { openRuleScorer, type RuleScorerDoors } from "./rule-scorer.ts";
import { type ChosenTrace, candidateTable, chooseOlder, loadCandidates } from "./rule-traces.ts";
import { number } from "./trace-rows.ts";
import { matchingTraces, parsePredicate, withPredicate } from "./traffic-predicate.ts";

/** What a forecast of a rule is made with. */
export interface RuleForecastDoors extends RuleScorerDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly parser: SqlParser;
  readonly promotedScorers: Pick<PromotedScorers, "find">;
  readonly elapsedMs: () => number;
}

/** Traces that are tried to see how long one takes, and looked through to find them. */
const [triedTraces, lookedAt] = [20, 2_000];

/** What a rule would find in the lake as it is, and what that would take. No model is asked. */
export async function forecastRule(
  doors: RuleForecastDoors,
  scope: Scope,
  scorerId: string,
  request: RuleForecastRequest,
  signal: AbortSignal
): Promise<RuleForecastReply> {
  for (const unit of request.businessUnits) requireUnit(scope, unit);
  const promoted = await doors.promotedScorers.find(scope, scorerId, request.version ?? undefined);
  const { sql: predicate } = await parsePredicate(doors.parser, request.predicate);
  const meaning = { ...request, scorerId, predicate };
  const kernel = await doors.lake.openKernel({ ...scope, businessUnits: [...request.businessUnits].sort() });
  try {
    const counts = await countMatching(kernel, meaning, signal);
    const none = { msPerTrace: null, seconds: null, costUsd: promoted.kind === "code" ? 0 : null };
    if (!request.tries || counts.sampled === 0) return { ...counts, ...none };
    const some = await chooseOlder(kernel, { ...meaning, rate: 1 }, null, lookedAt, signal);
    const tried = some.slice(0, triedTraces);
    await loadCandidates(kernel, tried);
    if (promoted.kind === "judge")
      return { ...counts, ...none, costUsd: await priceJudge(doors, promoted, kernel, tried, counts.sampled, signal) };
    const msPerTrace = await timeScorer(doors, scope, promoted, kernel, tried, signal);
    return { ...counts, msPerTrace, seconds: (counts.sampled * msPerTrace) / 1000, costUsd: 0 };
  } finally {
    await kernel.close();
  }
}

async function countMatching(
  kernel: Kernel,
  { scorerId, predicate, rate, fromMs }: RuleForecastRequest & { readonly scorerId: string },
  signal: AbortSignal
): Promise<Pick<RuleForecastReply, "traces" | "sampled" | "lastDay">> {
  const sql = `select count(*) as traces, count(*) filter (${sampleCondition("t.trace_id", "$salt", "$rate")}) as sampled, count(*) filter (t."date" = newest) as last_day from (select *, max("date") over () as newest from ${matchingTraces(predicate)}) t
    where $from is null or t.started_at >= make_timestamp_ms($from::bigint)`;
  const values = { salt: scorerId, rate, from: fromMs };
  const [row = {}] = await withPredicate(predicate, () => kernel.rows(sql, values, 1, signal));
  return {
    traces: number(row, "traces") ?? 0,
    sampled: number(row, "sampled") ?? 0,
    lastDay: number(row, "last_day") ?? 0
  };
}

async function timeScorer(
  doors: RuleForecastDoors,
  scope: Scope,
  promoted: PromotedScorer,
  kernel: Kernel,
  only: readonly ChosenTrace[],
  signal: AbortSignal
): Promise<number> {
  const scorer = await openRuleScorer(doors, promoted, kernel, signal);
  try {
    const began = doors.elapsedMs();
    // Nothing may be spent: what the scorer would ask a model fails, and is not timed.
    await scorer.score({ kernel, scope, signal, only }, candidateTable, new Budget({ usd: 0, tokens: 0 }));
    return (doors.elapsedMs() - began) / Math.max(1, only.length);
  } finally {
    await scorer.close();
  }
}

async function priceJudge(
  { model }: RuleForecastDoors,
  { name, text }: PromotedScorer,
  kernel: Kernel,
  only: readonly ChosenTrace[],
  sampled: number,
  signal: AbortSignal
): Promise<number | null> {
  const ground = { kernel, cell: { key: name, kind: "judge", text } as Parameters<typeof openJudge>[1], signal, only };
  const judge = await openJudge(ground, ground.cell, model);
  const { costUsd } = await forecastJudge(ground, judge, quoteName(candidateTable));
  return costUsd === null ? null : (costUsd * sampled) / Math.max(1, only.length);
}
