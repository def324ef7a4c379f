import { expect, test } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import { hidesAnything, maskKey, maskMark, noMaskRules, parseMaskField, refuseMasked } from "#lib/model/mask.ts";
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
