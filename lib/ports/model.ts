import type { Budget, Spending } from "../model/budget.ts";
import type { ModelPrice } from "../model/model-price.ts";
import type { BusinessUnit, Scope } from "../model/scope.ts";
import type { Json } from "../model/span.ts";

/** One question to a model, whole: nothing of it is remembered by the next. */
export interface ModelQuestion {
  /** The unit whose traces the texts are of. */
  readonly businessUnit: BusinessUnit;
  /** What to do. Holds no text of traces. */
  readonly system: string;
  /** What to do it with; text of traces in it stands between marks, as data. */
  readonly user: string;
  /** What the answer is called: letters, digits and `_`. */
  readonly form: string;
  /** JSON Schema of an object whose fields are all required and that allows no others. */
  readonly schema: Json;
  /** Of the answer, at most. */
  readonly maxTokens: number;
}

/**
 * Why there is no answer.
 *
 * - `refused`       the model, or a filter before it, would not answer
 * - `malformed`     what came is not of the form, also when asked a second time
 * - `rate limited`  the endpoint had no room, also after waiting
 * - `timed out`     no whole answer came in time
 * - `unreachable`   the endpoint does not answer, or fails
 * - `rejected`      the endpoint does not take the question: key, model, or length
 * - `over budget`   it was not asked, for it could have cost more than is left
 */
export type ModelFailure =
  | "refused"
  | "malformed"
  | "rate limited"
  | "timed out"
  | "unreachable"
  | "rejected"
  | "over budget";

/** What came of a question. A failure is a fact about the question, never an empty answer. */
export type ModelAnswer =
  | {
      readonly kind: "answered";
      /** Of the form asked for. */
      readonly value: Json;
      /** As the endpoint calls it, which may say its version. */
      readonly modelId: string;
      /** What it cost now; nothing when it was cached. */
      readonly spent: Spending;
      readonly isCached: boolean;
    }
  | {
      readonly kind: "failed";
      readonly why: ModelFailure;
      /** One clause for the person. */
      readonly reason: string;
      readonly spent: Spending;
    };

/** A language model, asked one question at a time, at temperature 0 with a fixed seed. Equal questions cost once. */
export interface Model {
  /** As it was configured. */
  readonly modelId: string;
  /** Null where nobody said it. */
  readonly price: ModelPrice | null;
  /** Questions that are under way at once; more wait. */
  readonly atOnce: number;
  /**
   * @param budget  is asked before anything is sent, and told what was spent
   * @throws Fault `denied` for a unit outside the scope; the signal's reason when it stops
   */
  ask(scope: Scope, question: ModelQuestion, budget: Budget, signal: AbortSignal): Promise<ModelAnswer>;
}
