import { expect, test } from "vitest";
import { expressionWeight } from "#lib/model/expression-weight.ts";
import { Fault } from "#lib/model/fault.ts";
import {
  checkMaskRules,
  hidesAnything,
  maskKey,
  maskMark,
  noMaskRules,
  parseMaskField,
  refuseMasked
} from "#lib/model/mask.ts";
import { parseTagRequest } from "#lib/wire/workbook.ts";

test("masked text cannot be written back", () => {
  expect(() => refuseMasked(`write to ${maskMark}`, "a corrected answer")).toThrow(/a corrected answer cannot hold/);
  for (const text of [null, undefined, "", "▮"]) expect(() => refuseMasked(text, "a note")).not.toThrow();
  expect(() => parseTagRequest({ label: "odd", note: maskMark, traceIds: ["a"] })).toThrow(Fault);
});

test("rules are told apart by unit and version", () => {
  const version = { businessUnit: "b", version: 2, rules: noMaskRules, userId: "x", setAtMs: 1 };
  expect(maskKey([])).toBe("");
  expect(maskKey([version, { ...version, businessUnit: "a" }])).toBe("a@2,b@2");
  expect(hidesAnything(noMaskRules)).toBe(false);
  expect(hidesAnything({ ...noMaskRules, fields: ["user_id"] })).toBe(true);
});

test("a field is a column, or a key in one of JSON objects", () => {
  expect(parseMaskField(" user_id ")).toEqual({ column: "user_id", keys: [] });
  expect(parseMaskField("attributes.customer.email")).toEqual({ column: "attributes", keys: ["customer", "email"] });
  for (const field of ["", "trace_id", "input.role", "attributes..a", 'attributes."'])
    expect(() => parseMaskField(field), field).toThrow(Fault);
});

test("an expression weighs what it repeats", () => {
  const weights = {
    "KD-[0-9]{6}": 9,
    "^ref[a-z]+$": 4,
    "(a{10}){10}": 100,
    "((a|b){2}c){3}": 15,
    "(?i)x|[]a]{3}": 4,
    "(?P<n>ab)+": 2,
    "[0-9]{1,1000}": 1000,
    "\\p{L}{1,100}X": 20_001,
    "(?:[^,]{1,500},){2}": 8002,
    "a{,3}": 5,
    "(": 0
  };
  for (const [pattern, weight] of Object.entries(weights)) expect(expressionWeight(pattern), pattern).toBe(weight);
  const own = (...patterns: string[]) => ({
    ...noMaskRules,
    expressions: patterns.map((pattern, at) => ({ name: `n${at}`, pattern }))
  });
  expect(checkMaskRules(own("[0-9]{1,1000}", "\\p{L}+")).expressions).toHaveLength(2);
  expect(() => checkMaskRules(own("x", "\\p{L}{1,100}X"))).toThrow(
    /too much to look for in every text: "n1" alone weighs 20,001/
  );
  expect(() => checkMaskRules(own(...Array.from({ length: 4 }, () => "[0-9]{1000}")))).toThrow(/all may weigh 3,000/);
});
