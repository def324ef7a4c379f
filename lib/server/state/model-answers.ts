import type { Kysely } from "kysely";
import { requireUnit } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ModelAnswers } from "#lib/ports/model-answers.ts";
import type { StateTables } from "./schema.ts";

/** Answers of models in the state database. */
export function openModelAnswers(db: Kysely<StateTables>, clock: Clock): ModelAnswers {
  return {
    async find(scope, businessUnit, questionHash) {
      if (!scope.businessUnits.includes(businessUnit)) return undefined;
      const row = await db
        .selectFrom("model_answers")
        .selectAll()
        .where("business_unit", "=", businessUnit)
        .where("question_hash", "=", questionHash)
        .executeTakeFirst();
      if (!row) return undefined;
      return {
        value: JSON.parse(row.answer) as Json,
        modelId: row.model_id,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        costUsd: row.cost_usd
      };
    },

    async keep(scope, businessUnit, questionHash, answer) {
      requireUnit(scope, businessUnit);
      await db
        .insertInto("model_answers")
        .values({
          business_unit: businessUnit,
          question_hash: questionHash,
          answer: JSON.stringify(answer.value),
          model_id: answer.modelId,
          input_tokens: answer.inputTokens,
          output_tokens: answer.outputTokens,
          cost_usd: answer.costUsd,
          answered_at: clock.nowMs()
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  };
}
