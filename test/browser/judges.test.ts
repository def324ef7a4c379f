import { expect, test } from "vitest";
import { findChoice, formatNamed, listJudges } from "#lib/browser/judges.ts";
import type { Membership } from "#lib/model/rights.ts";

const person = (userId: string, name: string, ...memberships: readonly Membership[]) => ({
  ...{ userId, name, email: `${userId}@example.com`, createdAtMs: 0, memberships }
});

test("those can be chosen who may judge in one of the units, and namesakes by their addresses", () => {
  const choices = listJudges(
    [
      person("a", "Ann", { businessUnit: "support", role: "expert" }),
      person("b", "ann", { businessUnit: "*", role: "admin" }),
      person("c", "Bob", { businessUnit: "support", role: "viewer" }, { businessUnit: "legal", role: "expert" }),
      person("d", "Dora", { businessUnit: "sales", role: "scientist" })
    ],
    ["sales", "support"]
  );
  expect(choices).toEqual([
    { userId: "a", label: "Ann (a@example.com)" },
    { userId: "b", label: "ann (b@example.com)" },
    { userId: "d", label: "Dora" }
  ]);
  const found = (written: string) => findChoice(choices, written)?.userId;
  expect([" do", "ann", "ANN (B", "", "eve"].map(found)).toEqual(["d", undefined, "b", undefined, undefined]);
  const alike = [...choices, { userId: "e", label: "Dora Lee" }];
  expect([findChoice(alike, "dora")?.userId, findChoice(alike, "dor")]).toEqual(["d", undefined]);
});

test("people of other units are counted, not named", () => {
  expect(formatNamed(["a", "d"], { a: "Ann", d: "Dora" })).toBe("Ann, Dora");
  expect(formatNamed(["a", "x", "y"], { a: "Ann" })).toBe("Ann, 2 not of your units");
});
