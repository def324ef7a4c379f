import type { Score } from "#lib/model/score.ts";
import type { BenchUse, TriedCall, TryReply, TrySpending } from "#lib/wire/bench.ts";
import { formatCost, formatCount, formatDuration, formatNumber } from "./format.ts";

/** A verdict in a sign and a word, and how it is coloured. */
export interface VerdictWords {
  readonly said: string;
  readonly tone: "good" | "bad" | "soft";
}

/** `✓ pass`, `✕ fail`, a bare value, or why there is none. */
export function sayVerdict(score: Score | null): VerdictWords {
  if (score === null) return { said: "not asked yet", tone: "soft" };
  if (score.kind === "unscored") return { said: "– unscored", tone: "soft" };
  const value = formatNumber(score.value);
  if (score.pass === null) return { said: value, tone: "soft" };
  const isPlain = score.value === Number(score.pass);
  return {
    said: `${score.pass ? "✓ pass" : "✕ fail"}${isPlain ? "" : ` ${value}`}`,
    tone: score.pass ? "good" : "bad"
  };
}

/** `4 pass, 5 fail, 1 unscored`. */
export function sayVerdicts(calls: readonly TriedCall[]): string {
  const count = (is: (score: Score | null) => boolean) => calls.filter(({ score }) => is(score)).length;
  const counts = [
    [count((score) => score?.kind === "scored" && score.pass === true), "pass"],
    [count((score) => score?.kind === "scored" && score.pass === false), "fail"],
    [count((score) => score?.kind === "scored" && score.pass === null), "measured"],
    [count((score) => score?.kind === "unscored"), "unscored"],
    [count((score) => score === null), "not asked yet"]
  ] as const;
  return counts.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(", ") || "nothing to score";
}

/** What scoring all traces of a score cell would take, by what this try took; null where nothing was measured. */
export function sayWhole({ cell, traces }: BenchUse, tried: TryReply): string | null {
  if (traces === null) return null;
  const all = `${cell}: ${formatCount(traces, "trace")}`;
  const { spending, msPerCall, calls, total } = tried;
  if (spending) {
    if (spending.questions === 0) return null;
    const each = traces / spending.questions;
    return `${all}, about ${formatCount(Math.round(spending.tokens * each), "token")}, ${sayCost(spending.costUsd, each)}`;
  }
  const scored = new Set(calls.map(({ traceId }) => traceId)).size;
  if (msPerCall === null || scored === 0) return null;
  return `${all}, about ${formatDuration(traces * (total / scored) * msPerCall)} in the sandbox`;
}

/** What the button that asks a model says. */
export function sayAsk({ open, openUsd }: TrySpending): string {
  const price = openUsd === null ? "" : ` (${sayCost(openUsd, 1)})`;
  return `Ask for ${open === 1 ? "this one" : `these ${open}`}${price}`;
}

function sayCost(usd: number | null, times: number): string {
  return usd === null ? "at a price that nobody has set" : `about ${formatCost(usd * times)}`;
}

/** `0.8 ms`: what one call took. */
export function sayMs(ms: number): string {
  return ms < 1000 ? `${formatNumber(Number(ms.toPrecision(2)))} ms` : formatDuration(ms);
}
