/**
 * How the label of an item stands: not enough people have judged it; all said the same; most did, where the queue lets
 * most decide; somebody has to decide; somebody has.
 */
export type VerdictKind = "open" | "unanimous" | "majority" | "contested" | "adjudicated";

/** The final label of an item, as far as there is one. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** Null while it is open or contested. */
  readonly label: string | null;
}

/** What one person said of an item, as far as it decides. */
export interface Voice {
  readonly label: string;
  /** Whether they ask for an adjudicator. */
  readonly asks: boolean;
}

/**
 * The final label: what an adjudicator decided; else what all said, or with `majority` more than half of them, once
 * as many as needed have judged; else none.
 */
export function verdictOf(
  voices: readonly Voice[],
  { reviewsPerItem, decideBy }: { readonly reviewsPerItem: number; readonly decideBy: "unanimous" | "majority" },
  adjudicated: string | null
): Verdict {
  if (adjudicated !== null) return { kind: "adjudicated", label: adjudicated };
  if (voices.some(({ asks }) => asks)) return { kind: "contested", label: null };
  if (voices.length === 0 || voices.length < reviewsPerItem) return { kind: "open", label: null };
  const counts = new Map<string, number>();
  for (const { label } of voices) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [label, count] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  if (count === voices.length) return { kind: "unanimous", label };
  const isMost = decideBy === "majority" && count > voices.length / 2;
  return isMost ? { kind: "majority", label } : { kind: "contested", label: null };
}
