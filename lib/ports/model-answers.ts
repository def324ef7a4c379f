import type { BusinessUnit, Scope } from "../model/scope.ts";
import type { Json } from "../model/span.ts";

/** An answer of a model, kept. */
export interface KeptAnswer {
  readonly value: Json;
  readonly modelId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where the price was not known. */
  readonly costUsd: number | null;
}

/** Answers that a model gave before. One is found by the whole of its question alone; there is no list of them. */
export interface ModelAnswers {
  /**
   * @param businessUnit  whose texts the question was made of; what another unit's were answered is not found
   * @param questionHash  of model, settings and messages
   */
  find(scope: Scope, businessUnit: BusinessUnit, questionHash: string): Promise<KeptAnswer | undefined>;
  /** Keeps the first of equal questions. @throws Fault `denied` for a unit outside the scope */
  keep(scope: Scope, businessUnit: BusinessUnit, questionHash: string, answer: KeptAnswer): Promise<void>;
}
