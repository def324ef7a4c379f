import { expect, test } from "vitest";
import { commonVerdict } from "#lib/model/cluster-question.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { ClusterQuestions } from "#lib/ports/cluster-questions.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import { newMap } from "./kept-maps.ts";

const support = { userId: "sue", roles: [], businessUnits: ["support"] } as const;
const another = { userId: "sam", roles: [], businessUnits: ["support"] } as const;
const sales = { userId: "sal", roles: [], businessUnits: ["sales"] } as const;

const question = (clusterId: number, businessUnit = "support") => ({
  ...{ mapId: "asked", clusterId, businessUnit, question: " Is this one issue? ", mapVersion: 1, size: 12 },
  sample: [{ traceId: "t1", inclusionProbability: 0.5 }]
});
const says = (verdict: "candidate" | "confirmed issue", baseVersion = 0) =>
  ({ verdict, note: "Because it is.", mapVersion: 1, baseVersion }) as const;

/** What every database keeps of questions about clusters. @param openAll  the doors, once the tests run */
export function clusterQuestionsContract(
  openAll: () => {
    readonly clusterQuestions: ClusterQuestions;
    readonly alerts: Alerts;
    readonly keptMaps: KeptMaps;
  }
): void {
  const open = () => openAll().clusterQuestions;

  test("a question about a cluster is seen in its unit alone, and asked there once", async () => {
    const questions = open();
    const made = await questions.ask(support, question(1));
    expect(made).toMatchObject({ question: "Is this one issue?", userId: "sue", judgements: [] });
    expect(await questions.list(another, "asked")).toEqual([made]);
    expect(await questions.list(sales, "asked")).toEqual([]);
    await expect(questions.find(sales, made.questionId)).rejects.toMatchObject({ code: "missing" });
    await expect(questions.ask(another, question(1))).rejects.toMatchObject({
      code: "conflict",
      message: "the experts of support are asked about this cluster already"
    });
    await expect(questions.ask(support, question(1, "sales"))).rejects.toMatchObject({ code: "denied" });
    await expect(questions.ask(support, { ...question(2), question: " " })).rejects.toThrow(/1 to 2000 characters/);
    expect(await questions.ask(sales, question(1, "sales"))).toMatchObject({ businessUnit: "sales" });
  });

  test("what experts say of a cluster are versions, and the verdict is what most of them say", async () => {
    const questions = open();
    const { questionId } = await questions.ask(support, question(3));
    await questions.judge(support, questionId, says("candidate"), false);
    const tied = await questions.judge(another, questionId, says("confirmed issue"), false);
    expect(commonVerdict(tied.judgements)).toBeNull();
    const after = await questions.judge(support, questionId, says("confirmed issue", 1), false);
    expect(after.judgements.map(({ userId, version, verdict }) => [userId, version, verdict])).toEqual(
      expect.arrayContaining([
        ["sue", 2, "confirmed issue"],
        ["sam", 1, "confirmed issue"]
      ])
    );
    expect(commonVerdict(after.judgements)).toBe("confirmed issue");
    await expect(questions.judge(support, questionId, says("candidate", 1), false)).rejects.toMatchObject({
      code: "conflict"
    });
    await expect(questions.judge(sales, questionId, says("candidate"), false)).rejects.toMatchObject({
      code: "missing"
    });
    await expect(questions.judge(another, questionId, { ...says("candidate", 1), note: " " }, false)).rejects.toThrow(
      /needs a reason/
    );
  });

  test("of two who say something as one person at once, one is told", async () => {
    const questions = open();
    const { questionId } = await questions.ask(support, question(4));
    const said = await Promise.allSettled(
      [1, 2].map(() => questions.judge(support, questionId, says("candidate"), false))
    );
    expect(said.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await questions.find(support, questionId)).judgements).toHaveLength(1);
  });

  test("an issue that most experts confirm is alerted of once, until they no longer do, and anew after that", async () => {
    const { clusterQuestions: questions, alerts, keptMaps } = openAll();
    await keptMaps.keep(support, newMap("asked", ["support"]));
    const ofCluster = async (who: Scope = support) =>
      (await alerts.list(who)).filter((alert) => alert.kind === "confirmed" && alert.clusterId === 5);
    const { questionId } = await questions.ask(support, question(5));
    await questions.judge(support, questionId, says("candidate"), true);
    expect(await ofCluster()).toEqual([]);
    await questions.judge(support, questionId, says("confirmed issue", 1), true);
    expect(await ofCluster()).toMatchObject([
      { mapId: "asked", businessUnit: "support", questionId, agree: 1, judged: 1, delivery: "waiting", endedAtMs: null }
    ]);
    expect(await ofCluster(sales)).toEqual([]);
    await questions.judge(another, questionId, says("confirmed issue"), true);
    expect(await ofCluster()).toHaveLength(1);
    // What grows on the map is another matter.
    await alerts.note(support, "asked", [], true);
    expect(await ofCluster()).toMatchObject([{ endedAtMs: null }]);
    await questions.judge(support, questionId, says("candidate", 2), true);
    expect((await ofCluster()).map(({ endedAtMs }) => endedAtMs)).not.toContain(null);
    await questions.judge(support, questionId, says("confirmed issue", 3), false);
    expect(await ofCluster()).toMatchObject([{ agree: 2, judged: 2, delivery: "off", endedAtMs: null }, {}]);
  });

  test("experts who confirm at once raise one alert", async () => {
    const { clusterQuestions: questions, alerts } = openAll();
    const { questionId } = await questions.ask(support, question(6));
    await Promise.all(
      [support, another].map((who) => questions.judge(who, questionId, says("confirmed issue"), false))
    );
    expect((await alerts.list(support)).filter((alert) => "questionId" in alert && alert.clusterId === 6)).toHaveLength(
      1
    );
  });
}
