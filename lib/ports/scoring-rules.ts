import type { Scope } from "../model/scope.ts";
import type {
  NewScoringRule,
  RuleBackfill,
  RuleCursor,
  ScoringLog,
  ScoringPass,
  ScoringRule
} from "../model/scoring-rule.ts";

/** How far a rule has come after a pass. */
export interface RuleProgress {
  readonly cursor?: RuleCursor;
  readonly backfill?: RuleBackfill;
  /** Why the rule pauses itself; absent where it goes on. */
  readonly pauseBecause?: string;
}

/**
 * Rules by which promoted scorers score traffic. What a rule counts is of all its units, so a scope sees only rules
 * of which it holds every unit.
 */
export interface ScoringRules {
  /** The newest first; of one scorer, or of all. */
  list(scope: Scope, scorerId?: string): Promise<readonly ScoringRule[]>;
  /** @throws Fault `missing` */
  find(scope: Scope, ruleId: string): Promise<ScoringRule>;
  /** @throws Fault `invalid`, `denied` for units outside the scope, `limit` beyond 200 rules */
  create(scope: Scope, rule: NewScoringRule): Promise<ScoringRule>;
  /** Nothing happens to one that is paused. @throws Fault `missing` */
  pause(scope: Scope, ruleId: string): Promise<void>;
  /** The rule goes on where it stopped, and begins to count its failures anew. @throws Fault `missing` */
  resume(scope: Scope, ruleId: string): Promise<void>;
  /** Has older traces scored, from the newest back, with the version that the rule takes now. @throws Fault `missing` */
  scoreOlder(scope: Scope, ruleId: string): Promise<void>;
  /** Removes a rule and its log; scores stay. @throws Fault `missing` */
  remove(scope: Scope, ruleId: string): Promise<void>;
  /** At most 200 passes and 400 days. @throws Fault `missing` */
  readLog(scope: Scope, ruleId: string): Promise<ScoringLog>;
  /** For the work itself: rules of every unit that are not paused. */
  listActive(): Promise<readonly ScoringRule[]>;
  /** For the work itself; undefined where it is paused or gone. */
  findActive(ruleId: string): Promise<ScoringRule | undefined>;
  /**
   * Keeps what a pass did and how far the rule is now, both or neither. Does nothing to a rule that is gone, and never
   * moves one back.
   *
   * @param pass  null where nothing of interest happened
   */
  notePass(ruleId: string, pass: ScoringPass | null, progress: RuleProgress): Promise<void>;
  /** What a rule has cost on a day of UTC, `YYYY-MM-DD`. */
  readCost(ruleId: string, day: string): Promise<number>;
}
