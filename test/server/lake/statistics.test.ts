import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreementOf, countAgreement } from "#lib/math/agreement.ts";
import { predictionPoweredRate, roganGladen } from "#lib/math/corrected-rate.ts";
import { passAtLeastOnce, passEveryTime } from "#lib/math/repeated-trials.ts";
import { sumVerdicts, weightedRate } from "#lib/math/weighted-rate.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
let kernel: Kernel;
beforeAll(async () => {
  fixture = await openLakeFixture();
  kernel = await fixture.lake.openKernel(scopeOf(["sales"]));
});
afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

const one = async (sql: string) => (await kernel.rows(sql, {}, 1))[0]!;
const list = (rows: readonly (readonly (boolean | null)[])[]) =>
  `(values ${rows.map((row) => `(${row.map((value) => value ?? "null::boolean").join(", ")})`).join(", ")})`;
const near = (sql: unknown, own: number | null) =>
  own === null ? expect(sql).toBeNull() : expect(sql as number).toBeCloseTo(own, 9);

test("intervals and rates of single numbers are those of the program", async () => {
  for (const [passes, n] of [
    [8, 10],
    [0, 10],
    [10, 10],
    [81, 100],
    [0, 50],
    [0, 0]
  ] as const) {
    const { low, high } = await one(`select wilson_low(${passes}, ${n}) as low, wilson_high(${passes}, ${n}) as high`);
    const [ownLow, ownHigh] = wilsonInterval(passes, n);
    near(low, ownLow);
    near(high, ownHigh);
  }
  const { rate, none } = await one("select rogan_gladen(0.8, 0.9, 0.8) as rate, rogan_gladen(0.5, 0.4, 0.5) as none");
  near(rate, roganGladen(0.8, 0.9, 0.8));
  expect(none).toBeNull();
  const trials = await one(
    "select pass_every_time(5, 4, 3) as every, pass_at_least_once(5, 2, 3) as once, pass_every_time(2, 1, 3) as short"
  );
  near(trials["every"], passEveryTime(5, 4, 3));
  near(trials["once"], passAtLeastOnce(5, 2, 3));
  expect(trials["short"]).toBeNull();
});

const verdict = fc.option(fc.boolean(), { nil: null });

test("agreement of two columns leaves out what one of them does not say", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(verdict, verdict), { minLength: 1, maxLength: 40 }), async (rows) => {
      const pairs = rows.flatMap(([a, b]) => (a === null || b === null ? [] : [[Number(a), Number(b)] as const]));
      const own = agreementOf(countAgreement(pairs, 2));
      const found = await one(`select kappa(a, b) as kappa, ac1(a, b) as ac1 from ${list(rows)} t(a, b)`);
      near(found["kappa"], own.kappa);
      near(found["ac1"], own.ac1);
    }),
    { numRuns: 25 }
  );
});

test("a rate set right by the labels of some rows is that of the program", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(verdict, verdict), { minLength: 1, maxLength: 60 }), async (rows) => {
      const scored = rows.filter(([, score]) => score !== null);
      const labelled = scored
        .filter(([truth]) => truth !== null)
        .map(([truth, score]) => ({ truth: Number(truth), score: Number(score) }));
      const others = scored.filter(([truth]) => truth === null).map(([, score]) => Number(score));
      const own = predictionPoweredRate(labelled, others);
      const found = await one(
        `select ppi_rate(t, s) as rate, ppi_low(t, s) as low, ppi_high(t, s) as high from ${list(rows)} r(t, s)`
      );
      near(found["rate"], own?.rate ?? null);
      near(found["low"], own?.low ?? null);
      near(found["high"], own?.high ?? null);
    }),
    { numRuns: 25 }
  );
});

test("they work by group, and in a table of a cell", async () => {
  const rows = await kernel.rows(
    `select g, kappa(a, b) as kappa from (values (1, true, true), (1, false, false), (2, true, false), (2, false, true)) t(g, a, b) group by g order by g`,
    {},
    9
  );
  expect(rows).toEqual([
    { g: 1, kappa: 1 },
    { g: 2, kappa: -1 }
  ]);
  await kernel.materialise("kept", "select wilson_low(3, 4) as low", {});
  expect((await one("select low from kept"))["low"]).toBeCloseTo(wilsonInterval(3, 4)[0], 9);
});

test("a rate of rows with unequal chances is that of the program, and one without rows is none", async () => {
  const chance = fc.constantFrom(1, 0.5, 0.1, 0.01);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(verdict, chance), { minLength: 1, maxLength: 40 }), async (rows) => {
      const own = weightedRate(
        sumVerdicts(rows.flatMap(([said, each]) => (said === null ? [] : [{ value: Number(said), chance: each }])))
      );
      const values = rows.map(([said, each]) => `(${said ?? "null::boolean"}, ${each}::double)`).join(", ");
      const found = await one(
        `select weighted_rate(v, p) as rate, weighted_low(v, p) as low, weighted_high(v, p) as high, effective_n(v, p) as n from (values ${values}) t(v, p)`
      );
      near(found["rate"], own.rate);
      near(found["low"], own.interval[0]);
      near(found["high"], own.interval[1]);
      near(found["n"], own.effectiveN);
    }),
    { numRuns: 40 }
  );
});
