import { expect, test } from "vitest";
import type { ModelAnswers } from "#lib/ports/model-answers.ts";

const scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;

const answer = { value: { title: "Käse 🧀", list: [1, null] }, modelId: "m-1", inputTokens: 9, outputTokens: 4 };

/** What every database keeps of the answers of models. @param open  the door, once the tests run */
export function modelAnswersContract(open: () => ModelAnswers): void {
  test("an answer is found by its question, in the unit that it was asked for and in no other", async () => {
    const answers = open();
    const kept = { ...answer, costUsd: 0.000_012_5 };
    await answers.keep(scope, "support", "q1", kept);
    expect(await answers.find(scope, "support", "q1")).toEqual(kept);
    expect(await answers.find(scope, "sales", "q1")).toBeUndefined();
    expect(await answers.find(salesOnly, "support", "q1")).toBeUndefined();
    expect(await answers.find(scope, "support", "q2")).toBeUndefined();
    await expect(answers.keep(salesOnly, "support", "q3", kept)).rejects.toMatchObject({ code: "denied" });
  });

  test("the first answer to a question stays, and a cost that is not known is not zero", async () => {
    const answers = open();
    await answers.keep(salesOnly, "sales", "q4", { ...answer, costUsd: null });
    await Promise.all(
      ["second", "third"].map((value) => answers.keep(scope, "sales", "q4", { ...answer, value, costUsd: 1 }))
    );
    expect(await answers.find(salesOnly, "sales", "q4")).toEqual({ ...answer, costUsd: null });
  });
}
