import { expect, test } from "vitest";
import { checkReviewing, checkRule, decidedUnits, isKeptBlind, plainReviewing } from "#lib/model/queue.ts";
import { checkRubric, plainRubric, readRubric } from "#lib/model/rubric.ts";

const rule = { count: 20, by: { kind: "unit" }, spread: "equal", seed: 1 } as const;
const label = (name: string, hotkey: string) => ({ name, meaning: "", hotkey });

test("a label has a name, and a key of its own that the page of a review does not need", () => {
  const rubric = (...labels: ReturnType<typeof label>[]) => ({ ...plainRubric, labels });
  expect(checkRubric(rubric(label(" good ", "G"))).labels).toEqual([label("good", "g")]);
  for (const odd of [
    rubric(),
    rubric(label(" ", "1")),
    rubric(label("a", "1"), label("a", "2")),
    rubric(label("a", "1"), label("b", "1")),
    rubric(label("a", "!")),
    rubric(label("a", "j")),
    { ...plainRubric, needsJustification: true, hasFreeText: false }
  ])
    expect(() => checkRubric(odd)).toThrowError(expect.objectContaining({ code: "invalid" }));
});

test("scales go up by one to ten, fields have names, and each has a letter that nothing else has", () => {
  const scale = { name: "Tone", meaning: " rude to kind ", hotkey: "T", low: 1, high: 5 };
  const field = { name: " Statute ", hotkey: "z", isRequired: true };
  expect(checkRubric({ ...plainRubric, scales: [scale], fields: [field] })).toMatchObject({
    scales: [{ ...scale, hotkey: "t", meaning: "rude to kind" }],
    fields: [{ name: "Statute", hotkey: "z", isRequired: true }]
  });
  for (const odd of [
    { scales: [{ ...scale, high: 12 }] },
    { scales: [{ ...scale, high: 1 }] },
    { scales: [{ ...scale, low: 0.5 }] },
    { scales: [{ ...scale, hotkey: "4" }] },
    { scales: [{ ...scale, hotkey: "f" }] },
    { scales: [scale, { ...scale, hotkey: "u" }] },
    { scales: [scale], fields: [{ ...field, hotkey: "t" }] },
    { fields: [{ ...field, name: "" }] },
    { fields: Array.from({ length: 6 }, (_, at) => ({ ...field, name: `f${at}`, hotkey: "bdghi"[at] ?? "l" })) }
  ])
    expect(() => checkRubric({ ...plainRubric, ...odd })).toThrowError(expect.objectContaining({ code: "invalid" }));
  expect(readRubric('{"labels":[],"needsJustification":false,"hasFreeText":true}')).toMatchObject({
    scales: [],
    fields: []
  });
});

test("an item is judged by one to nine people, and a queue holds a trace at least", () => {
  expect(checkReviewing({ ...plainReviewing, reviewsPerItem: 9 })).toEqual({ ...plainReviewing, reviewsPerItem: 9 });
  for (const reviewsPerItem of [0, 10, 1.5, Number.NaN])
    expect(() => checkReviewing({ ...plainReviewing, reviewsPerItem })).toThrow(/1 to 9 people/);
  expect(checkReviewing({ ...plainReviewing, reviewers: [" ann ", "", "ann"], adjudicators: [""] })).toMatchObject({
    reviewers: ["ann"],
    adjudicators: null
  });
  expect(() => checkReviewing({ ...plainReviewing, reviewsPerItem: 2, reviewers: ["ann"] })).toThrow(/1 are named/);
  expect(() => checkReviewing({ ...plainReviewing, adjudicators: ["a".repeat(201)] })).toThrow(/at most 200/);
  expect(checkRule(rule)).toBe(rule);
  expect(() => checkRule({ ...rule, count: 0 })).toThrow(/1 to 5,000 traces/);
});

test("what is said is kept back in a blind queue until all have judged, and not from who decides in the unit", () => {
  const table = [true, false].flatMap((isBlind) =>
    (["waiting", "done"] as const).map((state) => isKeptBlind({ state }, { isBlind }))
  );
  expect(table).toEqual([true, false, false, false]);
  const queue = { businessUnits: ["sales", "support"], reviewing: { ...plainReviewing, adjudicators: ["judge"] } };
  expect(decidedUnits(queue, "judge", [])).toEqual(["sales", "support"]);
  expect(decidedUnits(queue, "lead", ["legal", "support"])).toEqual(["support"]);
  expect(decidedUnits({ ...queue, reviewing: plainReviewing }, "judge", [])).toEqual([]);
});
