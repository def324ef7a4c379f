import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "#lib/model/span.ts";
import { schemaFaults } from "#lib/scoring/schema-faults.ts";

const order: Json = {
  type: "object",
  properties: {
    id: { type: "string", pattern: "^#W\\d+$" },
    items: { type: "array", items: { type: "integer", minimum: 1 }, minItems: 1, maxItems: 3 },
    reason: { enum: ["wrong size", "late"] },
    note: { type: ["string", "null"], minLength: 2, maxLength: 5 }
  },
  required: ["id", "items"],
  additionalProperties: false
};

test("arguments that fit have no faults", () => {
  expect(schemaFaults({ id: "#W1", items: [1, 2], reason: "late", note: null }, order)).toEqual([]);
});

test("every fault is told where it lies", () => {
  expect(schemaFaults({ id: "W1", items: [1, 0, 1.5, 4], reason: "other", note: "x", extra: true }, order)).toEqual([
    'id is "W1", which does not match ^#W\\d+$',
    "items has 4 items, more than 3",
    "items[1] is 0, below 1",
    "items[2] is 1.5, not integer",
    'reason is "other", which is not among ["wrong size","late"]',
    "note has 1 characters, fewer than 2",
    "extra is not a known argument"
  ]);
});

test("what is required and missing is named, also deep inside", () => {
  expect(schemaFaults({}, order)).toEqual(["id is required and missing", "items is required and missing"]);
  const nested: Json = { properties: { user: { type: "object", required: ["name"] } } };
  expect(schemaFaults({ user: {} }, nested)).toEqual(["user.name is required and missing"]);
});

test("a name that every object has is missing all the same when it was not given", () => {
  expect(schemaFaults({}, { type: "object", required: ["toString"] })).toEqual(["toString is required and missing"]);
});

test.each<[Json, Json, string]>([
  [null, { type: "string" }, "the value is null, not string"],
  [[], { type: "object" }, "the value is [], not object"],
  [{}, { type: "array" }, "the value is {}, not array"],
  ["4", { type: ["number", "null"] }, 'the value is "4", not number or null'],
  [11, { maximum: 10 }, "the value is 11, above 10"],
  [10, { exclusiveMaximum: 10 }, "the value is 10, not below 10"],
  [0, { exclusiveMinimum: 0 }, "the value is 0, not above 0"],
  ["abcdef", { maxLength: 5 }, "the value has 6 characters, more than 5"],
  [[], { minItems: 1 }, "the value has 0 items, fewer than 1"],
  ["b", { const: "a" }, 'the value is "b", not "a"'],
  ["b", { pattern: "(" }, "the schema's pattern for the value is no regular expression"],
  [{ a: 1 }, { additionalProperties: { type: "string" } }, "a is 1, not string"]
])("%j breaks %j: %s", (value, schema, fault) => {
  expect(schemaFaults(value, schema)).toEqual([fault]);
});

test("forms to choose from: one of any, exactly one, or all", () => {
  const forms: Json = [{ type: "integer" }, { type: "number" }];
  expect(schemaFaults(1.5, { anyOf: forms })).toEqual([]);
  expect(schemaFaults("x", { anyOf: forms })).toEqual(["the value fits none of the 2 forms that are allowed"]);
  expect(schemaFaults(1, { oneOf: forms })).toEqual(["the value fits 2 forms where exactly one is allowed"]);
  expect(schemaFaults(1.5, { oneOf: forms })).toEqual([]);
  expect(schemaFaults(1.5, { allOf: forms })).toEqual(["the value is 1.5, not integer"]);
});

test("references within the schema are followed, others constrain nothing", () => {
  const schema: Json = {
    $defs: {
      "a/b": { type: "integer" },
      tree: { properties: { child: { $ref: "#/$defs/tree" }, n: { type: "integer" } } }
    },
    properties: {
      count: { $ref: "#/$defs/a~1b" },
      tree: { $ref: "#/$defs/tree" },
      far: { $ref: "https://elsewhere.example/schema" },
      gone: { $ref: "#/$defs/none/of/these" }
    }
  };
  expect(schemaFaults({ count: "1", tree: { child: { child: { n: "x" } } }, far: 1, gone: 2 }, schema)).toEqual([
    'count is "1", not integer',
    'tree.child.child.n is "x", not integer'
  ]);
});

test("a schema that refers to itself without end comes to an end", () => {
  expect(schemaFaults({ a: 1 }, { $ref: "#" })).toEqual([]);
});

test("a long list of faults stops where nobody would read on", () => {
  const many = Array.from({ length: 500 }, () => "x");
  expect(schemaFaults(many, { items: { type: "integer" } })).toHaveLength(20);
});

test("a schema that says nothing, or is none, allows everything", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom<Json>(null, true, "string", [], {}, { description: "x" }),
      (value, schema) => {
        expect(schemaFaults(value as Json, schema)).toEqual([]);
      }
    )
  );
});
