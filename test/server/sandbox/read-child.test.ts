import { expect, test } from "vitest";
import { fieldsOf, parseJson, readAnswer } from "#lib/server/sandbox/read-child.ts";

test("what is no JSON is nothing, and what has no fields has none", () => {
  expect(parseJson('{"a":1}')).toEqual({ a: 1 });
  expect(parseJson("{")).toBeNull();
  for (const value of [null, 7, "text", undefined]) expect(fieldsOf(value)).toEqual({});
  expect(fieldsOf({ a: 1 })).toEqual({ a: 1 });
});

test("a verdict of the sandbox is read like a stranger's: nonsense is no score, and no time either", () => {
  const score = { kind: "scored", value: 1, pass: true, label: null, reason: null, evidence: [] };
  expect(readAnswer({ score, durationMs: 3 })).toMatchObject({ score: { kind: "scored", value: 1 }, durationMs: 3 });
  for (const durationMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, "long", undefined])
    expect(readAnswer({ score, durationMs }).durationMs).toBe(0);
  for (const odd of [null, 7, {}, { score: { value: 2 } }])
    expect(readAnswer(odd)).toMatchObject({ score: { kind: "unscored", status: "error" }, durationMs: 0 });
});
