import type { NewPromotion, PromotedScorer, PromotionBase } from "../model/promoted-scorer.ts";
import type { Scope } from "../model/scope.ts";

/** Scorers that left their workbook, in numbered versions. A scope sees those that belong to one of its units. */
export interface PromotedScorers {
  /** The newest version of each, by name. */
  list(scope: Scope): Promise<readonly PromotedScorer[]>;
  /** The newest version where none is named. @throws Fault `missing` */
  find(scope: Scope, scorerId: string, version?: number): Promise<PromotedScorer>;
  /** The newest first. @throws Fault `missing` */
  versions(scope: Scope, scorerId: string): Promise<readonly PromotedScorer[]>;
  /**
   * Adds a version after `base`, or a scorer of its own where that is null. The units of a scorer stay; a version may add some.
   *
   * @throws Fault `conflict` where another version was promoted after `base`, with who and when; `missing` where base is
   * not seen; `denied` unless the scope holds all its units, old and new; `invalid` where another scorer of this name
   * stands in one of the units, or the name is not that of base; `limit` beyond 1,000 scorers or versions of one
   */
  promote(scope: Scope, next: NewPromotion, base: PromotionBase | null): Promise<PromotedScorer>;
}
