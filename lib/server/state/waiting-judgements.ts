import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { RunJudgement } from "#lib/model/annotation.ts";
import { requireUnit } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { StateTables } from "./schema.ts";

const chunkRows = 400;

/** Judgements whose runs have not come yet, in the state database. */
export function waitingJudgements(
  db: Kysely<StateTables>
): Pick<Annotations, "appendWaiting" | "listWaiting" | "removeWaiting"> {
  return {
    async appendWaiting(scope, judgements) {
      for (const { businessUnit } of judgements) requireUnit(scope, businessUnit);
      for (let start = 0; start < judgements.length; start += chunkRows) {
        await db
          .insertInto("waiting_judgements")
          .values(judgements.slice(start, start + chunkRows).map(formatRow))
          .onConflict((conflict) => conflict.column("judgement_id").doNothing())
          .execute();
      }
    },

    async listWaiting(scope) {
      const rows = await db
        .selectFrom("waiting_judgements")
        .selectAll()
        .where("business_unit", "in", [...scope.businessUnits, ""])
        .orderBy("judgement_id")
        .execute();
      return rows.map((row) => ({
        businessUnit: row.business_unit,
        source: row.source,
        run: row.run,
        step: row.step,
        key: row.key,
        atMs: Number(row.given_at),
        said: JSON.parse(row.said)
      }));
    },

    async removeWaiting(scope, judgements) {
      for (const { businessUnit } of judgements) requireUnit(scope, businessUnit);
      const ids = judgements.map((judgement) => formatRow(judgement).judgement_id);
      for (let start = 0; start < ids.length; start += chunkRows) {
        await db
          .deleteFrom("waiting_judgements")
          .where("judgement_id", "in", ids.slice(start, start + chunkRows))
          .execute();
      }
    }
  };
}

/** The time it was given is not part of what it is: where the source does not say, that of the import stands there. */
function formatRow(judgement: RunJudgement): StateTables["waiting_judgements"] {
  const { businessUnit, source, run, step, key, atMs } = judgement;
  const said = JSON.stringify(judgement.said);
  const identity = JSON.stringify([businessUnit, source, run, step, key, said]);
  return {
    judgement_id: createHash("sha256").update(identity).digest("hex").slice(0, 32),
    business_unit: businessUnit,
    source,
    run,
    step,
    key,
    given_at: atMs,
    said
  };
}
