import type { Measured } from "../model/calibration.ts";
import type { ScorerComparison } from "../model/scorer-comparison.ts";
import type { Json } from "../model/span.ts";

/** How far a version agrees with people, as it was measured when it was promoted. */
export interface Agreement {
  readonly n: number;
  readonly observed: Measured;
  readonly kappa: Measured;
}

/** What the evidence of a promotion says of agreement with people; null where it says nothing. */
export function readAgreement(evidence: Json): Agreement | null {
  const { next } = (evidence ?? {}) as Partial<ScorerComparison>;
  const agreement = next?.agreement;
  if (!agreement || typeof agreement.n !== "number" || !agreement.observed || !agreement.kappa) return null;
  return agreement;
}
