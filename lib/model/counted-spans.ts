/** What one span says it spent; null where it does not say. */
export interface Spending {
  readonly id: string;
  readonly parentId: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/**
 * Spans whose tokens and cost count. A wrapper usually repeats the sum of what the spans below it report, so a
 * span counts only when no span below it, at any depth, reports anything.
 *
 * @param spans  all spans of one trace, in any order; circles and unknown parents do no harm
 * @returns the spans that count, in the order they came
 */
export function countedSpans<T>(spans: readonly T[], read: (span: T) => Spending): readonly T[] {
  const byId = new Map(spans.map((span) => [read(span).id, read(span)]));
  const covered = new Set<string>();
  for (const { parentId, inputTokens, outputTokens, costUsd } of byId.values()) {
    if (inputTokens === null && outputTokens === null && costUsd === null) continue;
    let above = parentId === null ? undefined : byId.get(parentId);
    while (above && !covered.has(above.id)) {
      covered.add(above.id);
      above = above.parentId === null ? undefined : byId.get(above.parentId);
    }
  }
  return spans.filter((span) => !covered.has(read(span).id));
}

/** Sum of what is known; null when nothing is. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);
}
