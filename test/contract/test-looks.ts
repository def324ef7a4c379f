import { expect, test } from "vitest";
import type { MeasuredScorer } from "#lib/model/calibration.ts";
import type { NewTestLook, TestLooks } from "#lib/ports/test-looks.ts";

const scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["scientist"], businessUnits: ["sales"] } as const;
const legalOnly = { userId: "lawyer", roles: ["scientist"], businessUnits: ["legal"] } as const;
const nobody = { userId: "new", roles: ["viewer"], businessUnits: [] } as const;

const measuredOf = (n: number): MeasuredScorer => {
  const none = { value: null, interval: null };
  const kappa = { value: 0.5, interval: [0.1, 0.9] } as const;
  return {
    calibration: {
      ...{ n, unscored: 1, observed: none, kappa, ac1: none, alpha: none, truePositive: none, trueNegative: none },
      confusion: { passedBoth: 1, missed: 0, falseAlarms: 2, failedBoth: 3 },
      ...{ sweep: [], disagreements: [], warnings: ["Read “this”."] }
    },
    traffic: { n, labelled: n, raw: none, corrected: null, method: "none", labelsForFivePoints: null },
    ceiling: null
  };
};

const look = (test: string, scorerVersion: string, n = 6): NewTestLook => ({
  ...{ test, scorer: "drafted", scorerVersion, measured: measuredOf(n) },
  traceIds: Array.from({ length: n }, (_, at) => `t${at}`)
});

/** What every database keeps of looks at test sets. @param open  the door, once the tests run */
export function testLooksContract(open: () => TestLooks): void {
  test("the first look of a version stays, and the looks at a test set are listed in their order", async () => {
    const looks = open();
    const first = await looks.keep(scope, look("queue q1", "v1"));
    expect(first).toMatchObject({ ...look("queue q1", "v1"), userId: "owner", businessUnits: ["sales", "support"] });
    expect(first.atMs).toBeGreaterThan(0);
    expect(await looks.keep(scope, look("queue q1", "v1", 9))).toEqual(first);
    const second = await looks.keep(scope, look("queue q1", "v2", 9));
    await looks.keep(scope, look("queue q2", "v1", 2));
    expect(await looks.list(scope, "queue q1")).toEqual([first, second]);
    const atOnce = await Promise.all([3, 4, 5].map((n) => looks.keep(scope, look("queue q3", "v1", n))));
    expect(new Set(atOnce.map(({ lookId }) => lookId)).size).toBe(1);
    expect(await looks.list(scope, "queue q3")).toEqual([atOnce[0]]);
  });

  test("a scope sees the looks of runs that saw its own units alone, and makes its own", async () => {
    const looks = open();
    await looks.keep(scope, look("shared", "v1"));
    const own = await looks.keep(salesOnly, look("shared", "v1", 2));
    expect(own).toMatchObject({ userId: "guest", businessUnits: ["sales"], traceIds: ["t0", "t1"] });
    expect(await looks.list(salesOnly, "shared")).toEqual([own]);
    expect(await looks.list(scope, "shared")).toHaveLength(2);
    for (const stranger of [legalOnly, nobody]) expect(await looks.list(stranger, "shared")).toEqual([]);
    await expect(looks.keep(nobody, look("shared", "v1"))).rejects.toMatchObject({ code: "denied" });
  });
}
