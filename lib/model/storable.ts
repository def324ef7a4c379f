import type { ScoreRecord } from "./score.ts";
import type { Span } from "./span.ts";

/** First and last instant that the lake's nanoseconds can say, with room to spare. */
const firstMs = Date.UTC(1700, 0, 1);
const lastMs = Date.UTC(2262, 0, 1);

const counts = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens"
] as const satisfies readonly (keyof Span)[];

const numbers = ["costUsd", "ttftSeconds"] as const satisfies readonly (keyof Span)[];

/**
 * Why the lake could not give a span back as it is: one such span would make a whole file unreadable.
 *
 * @returns a sentence with the offending value, or undefined for a span that can be kept
 */
export function findSpanDefect(span: Span): string | undefined {
  const at = `span "${span.name.slice(0, 80)}" (${span.spanId})`;
  if (!/^[0-9a-f]{32}$/.test(span.traceId)) return `${at}: the trace id "${span.traceId}" is not 32 hex digits`;
  if (!/^[0-9a-f]{16}$/.test(span.spanId)) return `${at}: the span id is not 16 hex digits`;
  for (const field of ["startNs", "endNs"] as const) {
    if (!isInstant(Number(span[field] / 1_000_000n)))
      return `${at}: ${field} ${span[field]} lies outside the years 1700 to 2261`;
  }
  for (const field of counts) {
    if (span[field] !== null && !Number.isSafeInteger(span[field])) return `${at}: ${field} ${span[field]} is no count`;
  }
  for (const field of numbers) {
    if (span[field] !== null && !Number.isFinite(span[field])) return `${at}: ${field} ${span[field]} is no number`;
  }
  return undefined;
}

/** As `findSpanDefect`, for a verdict. */
export function findScoreDefect(record: ScoreRecord): string | undefined {
  const at = `the verdict of "${record.scorer.slice(0, 80)}" on ${record.traceId}`;
  if (!/^\d{4}-\d\d-\d\d$/.test(record.day) || !isInstant(Date.parse(record.day)))
    return `${at}: "${record.day}" is no day between the years 1700 and 2261`;
  if (!isInstant(record.scoredAtMs)) return `${at}: it was given at ${record.scoredAtMs}, which is no instant`;
  if (record.score.kind === "scored" && !Number.isFinite(record.score.value))
    return `${at}: the value ${record.score.value} is no number`;
  return undefined;
}

/** As `findSpanDefect`, for a judgement that came with an export. */
export function findJudgementDefect(judgement: { readonly key: string; readonly atMs: number }): string | undefined {
  if (!isInstant(judgement.atMs))
    return `the judgement "${judgement.key.slice(0, 80)}" was given at ${judgement.atMs}, which is no instant`;
  return undefined;
}

function isInstant(ms: number): boolean {
  return ms >= firstMs && ms < lastMs;
}
