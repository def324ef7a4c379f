import type { Json } from "../model/span.ts";
import { isFields } from "./fields.ts";

/** Tokens as OpenTelemetry counts them: input includes cached, output includes reasoning. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** Langfuse counts each kind of token apart: `input` without `input_cached_tokens`, `output` without reasoning. */
const kinds: Readonly<Record<keyof Usage, RegExp>> = {
  inputTokens: /^input|^cache_(read|creation)_input_tokens$|^prompt_tokens$/,
  outputTokens: /^output|^completion_tokens$/,
  cacheReadTokens: /^input_cached_tokens$|^input_cache_read|^cache_read_input_tokens$/,
  cacheWriteTokens: /^input_cache_creation|^cache_creation_input_tokens$/,
  reasoningTokens: /^output_reasoning/
};

/** Tokens of a `usage_details` object, summed over the kinds that it tells apart. */
export function langfuseUsage(details: Json): Usage {
  const entries = isFields(details)
    ? Object.entries(details).flatMap(([name, value]) => {
        const count = value === null || value === "" ? Number.NaN : Number(value);
        return Number.isFinite(count) && count >= 0 ? [[name, Math.round(count)] as const] : [];
      })
    : [];
  const sum = (kind: RegExp): number | null => {
    const counts = entries.filter(([name]) => kind.test(name));
    return counts.length === 0 ? null : counts.reduce((total, [, count]) => total + count, 0);
  };
  return {
    inputTokens: sum(kinds.inputTokens),
    outputTokens: sum(kinds.outputTokens),
    cacheReadTokens: sum(kinds.cacheReadTokens),
    cacheWriteTokens: sum(kinds.cacheWriteTokens),
    reasoningTokens: sum(kinds.reasoningTokens)
  };
}

/** US dollars of a `cost_details` object: its total, or the sum of its parts. */
export function langfuseCost(details: Json): number | null {
  if (!isFields(details)) return null;
  const numbers = Object.entries(details).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1])
  );
  const total = numbers.find(([name]) => name === "total");
  if (total) return total[1];
  return numbers.length === 0 ? null : numbers.reduce((sum, [, value]) => sum + value, 0);
}
