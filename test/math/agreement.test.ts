import fc from "fast-check";
import { expect, test } from "vitest";
import { agreementOf, countAgreement } from "#lib/math/agreement.ts";
import { krippendorffAlpha } from "#lib/math/krippendorff-alpha.ts";

const rounded = (value: number | null, digits = 4) => (value === null ? null : Number(value.toFixed(digits)));

test("agreement where nearly all is of one class, and where it is not", () => {
  const skewed = agreementOf([
    [118, 5],
    [2, 0]
  ]);
  expect([skewed.observed, rounded(skewed.kappa), rounded(skewed.pi), rounded(skewed.ac1)]).toEqual([
    0.944, -0.0234, -0.0288, 0.9408
  ]);
  const even = agreementOf([
    [45, 15],
    [25, 15]
  ]);
  expect([even.observed, rounded(even.kappa), rounded(even.pi), rounded(even.ac1)]).toEqual([
    0.6, 0.1304, 0.1209, 0.2661
  ]);
});

test("agreement that chance explains wholly is not defined, and neither is that of nothing", () => {
  expect(
    agreementOf([
      [7, 0],
      [0, 0]
    ])
  ).toMatchObject({ n: 7, observed: 1, kappa: null, pi: null, ac1: 1 });
  expect(agreementOf([])).toEqual({ n: 0, observed: null, kappa: null, pi: null, ac1: null, alpha: null });
  expect(agreementOf([[3]])).toMatchObject({ observed: 1, kappa: null, ac1: null });
});

test("alpha of the canonical example with missing values", () => {
  const raters = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
    [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null]
  ];
  const items = raters[0]!.map((_, item) => raters.flatMap((row) => row[item] ?? []));
  const levels = ["nominal", "ordinal", "interval", "ratio"] as const;
  expect(levels.map((level) => rounded(krippendorffAlpha(items, level), 3))).toEqual([0.743, 0.815, 0.849, 0.797]);
});

test("alpha of too little, or of one value only, is not defined", () => {
  expect(krippendorffAlpha([[1, 2], [3]], "nominal")).toBeNull();
  expect(
    krippendorffAlpha(
      [
        [1, 1],
        [1, 1]
      ],
      "interval"
    )
  ).toBeNull();
});

const judgements = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 60 });

test("the order of raters changes no agreement, and full agreement is 1 wherever it is defined", () => {
  fc.assert(
    fc.property(judgements, (pairs) => {
      const one = agreementOf(countAgreement(pairs, 4));
      const other = agreementOf(
        countAgreement(
          pairs.map(([a, b]) => [b, a]),
          4
        )
      );
      for (const key of ["observed", "kappa", "pi", "ac1"] as const) {
        expect(other[key] ?? 9).toBeCloseTo(one[key] ?? 9, 10);
        expect(one[key] ?? 0).toBeLessThanOrEqual(1 + 1e-12);
      }
      const same = agreementOf(
        countAgreement(
          pairs.map(([a]) => [a, a]),
          4
        )
      );
      expect([same.observed, same.kappa ?? 1, same.ac1]).toEqual([1, 1, 1]);
    })
  );
});

test("weights of two classes change nothing, and of more a near miss counts less than a far one", () => {
  fc.assert(
    fc.property(judgements, (pairs) => {
      const two = countAgreement(
        pairs.map(([a, b]) => [a & 1, b & 1]),
        2
      );
      const plain = agreementOf(two).kappa;
      for (const weights of ["linear", "quadratic"] as const) {
        expect(agreementOf(two, weights).kappa ?? 9).toBeCloseTo(plain ?? 9, 10);
      }
    })
  );
  const near = countAgreement(
    [
      [0, 0],
      [1, 2],
      [2, 2],
      [1, 1]
    ],
    3
  );
  const far = countAgreement(
    [
      [0, 0],
      [0, 2],
      [2, 2],
      [1, 1]
    ],
    3
  );
  expect(agreementOf(near, "quadratic").kappa!).toBeGreaterThan(agreementOf(far, "quadratic").kappa!);
});

test("alpha from a table of two raters is that of the items themselves", () => {
  fc.assert(
    fc.property(judgements, (pairs) => {
      const fromTable = agreementOf(countAgreement(pairs, 4)).alpha;
      expect(fromTable ?? 9).toBeCloseTo(krippendorffAlpha(pairs, "nominal") ?? 9, 10);
    })
  );
});

test("alpha of two raters on names is near Scott's pi when there are many items", () => {
  const pairs = Array.from({ length: 4000 }, (_, at) => [at % 3, (at * 7) % 11 < 8 ? at % 3 : (at + 1) % 3] as const);
  const alpha = krippendorffAlpha(pairs, "nominal")!;
  expect(alpha).toBeCloseTo(agreementOf(countAgreement(pairs, 3)).pi!, 3);
});
