import { expect, test } from "vitest";
import {
  parseAcceptRequest,
  parseApiKeyRequest,
  parseInvitationRequest,
  parsePasswordRequest,
  parseProviderRequest,
  parseResetRequest,
  parseReturnPath,
  parseSetUpRequest,
  parseTokenRequest,
  parseUnitRequest
} from "#lib/wire/people.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";

test("a way back is a path of this workbench and nothing else", () => {
  for (const path of ["/", "/traces?sort=-cost", "/workbooks/a%2Fb", "/people"])
    expect(parseReturnPath(path)).toBe(path);
  for (const wrong of [
    ...[
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "traces",
      "",
      null,
      undefined
    ],
    ...["/api/sign-in", "/sign-in?from=/sign-in", "/a b", `/${"a".repeat(2001)}`]
  ])
    expect(parseReturnPath(wrong)).toBe("/");
  expect(parseProviderRequest({ from: "//evil.example" })).toEqual({ from: "/" });
});

test("requests are taken whole or refused", () => {
  const membership = { businessUnit: "sales", role: "expert" };
  expect(parseInvitationRequest({ email: "a@b.de", memberships: [membership], more: 1 })).toEqual({
    ...{ email: "a@b.de", memberships: [membership] }
  });
  expect(() => parseInvitationRequest({ email: "a@b.de", memberships: [{ ...membership, role: "god" }] })).toThrow(
    'there is no role "god"'
  );
  const key = { name: "job", rights: ["read"], businessUnits: ["sales"], days: 3 };
  expect(parseApiKeyRequest(key)).toEqual(key);
  expect(parseApiKeyRequest({ ...key, businessUnits: null }).businessUnits).toBeNull();
  expect(() => parseApiKeyRequest({ ...key, rights: ["fly"] })).toThrow('there is no right "fly"');
  expect(() => parseApiKeyRequest({ ...key, days: 1.5 })).toThrow();
  const account = { email: "a@b.de", password: "p", name: "A" };
  expect(parseSetUpRequest(account)).toEqual(account);
  expect(parseAcceptRequest({ ...account, token: "t" })).toEqual({ token: "t", name: "A", password: "p" });
  expect(parseResetRequest({ token: "t", password: "p" })).toEqual({ token: "t", password: "p" });
  expect(parseTokenRequest({ token: "t" })).toEqual({ token: "t" });
  expect(parsePasswordRequest({ current: "a", next: "b" })).toEqual({ current: "a", next: "b" });
  expect(parseUnitRequest({ title: "Sales" })).toEqual({ title: "Sales" });
  for (const parse of [parseSetUpRequest, parseResetRequest, parseUnitRequest]) expect(() => parse({})).toThrow();
});

test("ids are escaped in addresses", () => {
  const id = "a/b?c";
  for (const path of [
    peoplePaths.person(id),
    peoplePaths.unit(id),
    peoplePaths.accountKey(id),
    peoplePaths.invitation(id)
  ])
    expect(path).toMatch(/a%2Fb%3Fc$/);
});
