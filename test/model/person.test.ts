import { expect, test } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import { rolesToGive } from "#lib/model/grant.ts";
import { checkPassword, isSignInFirst, parseEmail, parseShortName, signInFirst } from "#lib/model/person.ts";
import { roles } from "#lib/model/scope.ts";

test("an address is taken in lower case, and what is none is named", () => {
  expect(parseEmail(" Ada.L@Example.Co.uk ")).toBe("ada.l@example.co.uk");
  for (const wrong of [
    "",
    "ada",
    "ada@",
    "@example.com",
    "ada@example",
    "a b@example.com",
    "<a@example.com>",
    `${"a".repeat(250)}@b.de`
  ])
    expect(() => parseEmail(wrong)).toThrow("is no e-mail address");
});

test("a password says how long it must be, and is not the address", () => {
  expect(checkPassword("🐎 correct horse", "ada@example.com")).toBe("🐎 correct horse");
  expect(() => checkPassword("🐎🐎🐎", "")).toThrow("at least 10 characters; this has 3");
  expect(() => checkPassword("x".repeat(129), "")).toThrow("128 characters at most");
  expect(() => checkPassword("Ada@Example.com", "ada@example.com")).toThrow("guessed first");
  expect(() => checkPassword("abababababab", "")).toThrow("guessed first");
});

test("a name loses spaces too many", () => {
  expect(parseShortName("  Ada   Lovelace ", "your name")).toBe("Ada Lovelace");
  expect(() => parseShortName("  ", "your name")).toThrow("your name needs 1 to 80 characters");
});

test("that nobody is signed in is told from being refused", () => {
  expect(isSignInFirst(signInFirst())).toBe(true);
  expect(isSignInFirst(new Fault("denied", "nothing is yours to read here"))).toBe(false);
});

test("only who administers every unit gives the roles that see what others did", () => {
  expect(rolesToGive({ userId: "a", roles: ["admin"], businessUnits: [] }, roles)).toEqual(roles);
  expect(rolesToGive({ userId: "a", roles: [], businessUnits: ["legal"] }, roles)).toEqual([
    ...["lead", "scientist", "expert", "viewer"]
  ]);
});
