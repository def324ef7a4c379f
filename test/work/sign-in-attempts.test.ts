import { expect, test } from "vitest";
import { SignInAttempts } from "#lib/work/sign-in-attempts.ts";

const open = () => {
  let nowMs = 1_000_000;
  const attempts = new SignInAttempts({ nowMs: () => nowMs, newId: () => "" });
  return {
    attempts,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** The sentence that a try is refused with, or nothing. */
    try: (email: string, ip: string | null = "192.0.2.1") => {
      try {
        attempts.begin(email, ip);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    }
  };
};

test("after five wrong passwords of one account each further one waits twice as long", () => {
  const it = open();
  for (let at = 0; at < 5; at++) expect(it.try("Ada@example.com", `192.0.2.${at}`)).toBeUndefined();
  expect(it.try("ada@example.com ", "192.0.2.99")).toBe(
    "too many wrong passwords: the next can be tried in 30 seconds"
  );
  expect(it.try("bob@example.com")).toBeUndefined();
  it.pass(29_000);
  expect(it.try("ada@example.com")).toContain("1 second");
  it.pass(1000);
  expect(it.try("ada@example.com")).toBeUndefined();
  expect(it.try("ada@example.com")).toContain("60 seconds");
  for (let round = 0; round < 20; round++) {
    it.pass(900_000);
    expect(it.try("ada@example.com", null)).toBeUndefined();
  }
  expect(it.try("ada@example.com")).toContain("15 minutes");
  it.pass(3_600_000);
  for (let at = 0; at < 5; at++) expect(it.try("ada@example.com", null)).toBeUndefined();
});

test("a right password makes the account begin anew", () => {
  const it = open();
  for (let at = 0; at < 5; at++) it.try("ada@example.com");
  it.pass(30_000);
  expect(it.try("ada@example.com")).toBeUndefined();
  it.attempts.succeed("ada@example.com", "192.0.2.1");
  for (let at = 0; at < 5; at++) expect(it.try("ada@example.com", null)).toBeUndefined();
  expect(it.try("ada@example.com", null)).toContain("30 seconds");
});

test("one address that tries many accounts is slowed down, an IPv6 network as one, and others are not", () => {
  const it = open();
  const account = (at: number) => `person${at}@example.com`;
  for (let at = 0; at < 40; at++) expect(it.try(account(at), `2001:db8:1:2::${at}`)).toBeUndefined();
  expect(it.try(account(41), "2001:db8:1:2:ffff:ffff:ffff:ffff")).toContain("30 seconds");
  expect(it.try(account(41), "2001:db8:1:3::1")).toBeUndefined();
  // An office in which everybody remembers their password is not slowed down.
  for (let at = 0; at < 200; at++) {
    expect(it.try(account(at), "192.0.2.50")).toBeUndefined();
    it.attempts.succeed(account(at), "192.0.2.50");
  }
});

test("what is remembered is bounded", () => {
  const it = open();
  for (let at = 0; at < 5; at++) it.try("first@example.com", null);
  for (let at = 0; at < 20_000; at++) it.try(`person${at}@example.com`, null);
  expect(it.try("first@example.com", null)).toBeUndefined();
});
