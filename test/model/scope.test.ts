import fc from "fast-check";
import { expect, test } from "vitest";
import { isBusinessUnit, roles, scopeKey } from "#lib/model/scope.ts";

test.each([["support"], ["a"], ["emea-claims-2"], ["7"], ["x".repeat(63)]])("%s can be a business unit", (name) => {
  expect(isBusinessUnit(name)).toBe(true);
});

test.each([
  [""],
  ["Support"],
  ["-support"],
  ["support-"],
  ["a b"],
  ["a/b"],
  [".."],
  ["a=b"],
  ["süd"],
  ["support\n"],
  ["x".repeat(64)]
])("%j cannot be a business unit, so it never names a folder", (name) => {
  expect(isBusinessUnit(name)).toBe(false);
});

test("scopes have the same key exactly when they see the same units", () => {
  const unit = fc.stringMatching(/^[a-z0-9](-?[a-z0-9]){0,5}$/);
  const units = fc.uniqueArray(unit, { maxLength: 5 }).map((names) => names.sort());
  const scope = (businessUnits: readonly string[]) => ({ userId: "u", roles, businessUnits });
  fc.assert(
    fc.property(units, units, (a, b) => {
      const isEqual = a.length === b.length && a.every((name, index) => name === b[index]);
      expect(scopeKey(scope(a)) === scopeKey(scope(b))).toBe(isEqual);
    })
  );
});
