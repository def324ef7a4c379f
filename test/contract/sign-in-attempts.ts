import { expect, test } from "vitest";
import type { SignInAttempts } from "#lib/ports/sign-in-attempts.ts";

/** Doors of one database, each as another process would open it, over one clock that can be moved. */
export interface AttemptsGround {
  open(most?: number): SignInAttempts;
  pass(ms: number): void;
  /** How many accounts and addresses are counted. */
  kept(): Promise<number>;
}

/** What every database counts of tries with passwords. */
export function signInAttemptsContract(open: () => AttemptsGround): void {
  /** The sentence that a try is refused with, or nothing. */
  const tryAt = (attempts: SignInAttempts, email: string, ip: string | null = "192.0.2.1") =>
    attempts.begin(email, ip).then(
      () => undefined,
      (error: unknown) => (error as Error).message
    );

  test("after five wrong passwords of one account each further one waits twice as long, whichever process is asked", async () => {
    const { open: openOne, pass } = open();
    const [one, other] = [openOne(), openOne()];
    for (let at = 0; at < 5; at++)
      expect(await tryAt(at % 2 ? one : other, "Ada@example.com", `192.0.2.${at}`)).toBeUndefined();
    await expect(openOne().begin("ada@example.com ", "192.0.2.99")).rejects.toMatchObject({
      ...{ code: "limit", message: "too many wrong passwords: the next can be tried in 30 seconds" },
      retryAfterSeconds: 30
    });
    expect(await tryAt(one, "bob@example.com")).toBeUndefined();
    pass(29_000);
    expect(await tryAt(one, "ada@example.com")).toContain("1 second");
    pass(1000);
    expect(await tryAt(one, "ada@example.com")).toBeUndefined();
    expect(await tryAt(other, "ada@example.com")).toContain("60 seconds");
    for (let round = 0; round < 7; round++) {
      pass(900_000);
      expect(await tryAt(one, "ada@example.com", null)).toBeUndefined();
    }
    expect(await tryAt(one, "ada@example.com")).toContain("15 minutes");
    pass(3_600_000);
    for (let at = 0; at < 5; at++) expect(await tryAt(one, "ada@example.com", null)).toBeUndefined();
  });

  test("of many tries at once no more get through than one after another", async () => {
    const { open: openOne } = open();
    const processes = [openOne(), openOne()];
    const said = await Promise.all(
      Array.from({ length: 16 }, (_, at) => tryAt(processes[at % 2]!, "cat@example.com", `198.51.100.${at % 3}`))
    );
    expect(said.filter((sentence) => sentence === undefined)).toHaveLength(5);
  });

  test("a right password makes the account begin anew", async () => {
    const { open: openOne, pass } = open();
    const attempts = openOne();
    for (let at = 0; at < 5; at++) await tryAt(attempts, "dan@example.com");
    pass(30_000);
    expect(await tryAt(attempts, "dan@example.com")).toBeUndefined();
    await attempts.succeed("dan@example.com", "192.0.2.1");
    for (let at = 0; at < 5; at++) expect(await tryAt(attempts, "dan@example.com", null)).toBeUndefined();
    expect(await tryAt(attempts, "dan@example.com", null)).toContain("30 seconds");
  });

  test("one address that tries many accounts is slowed down, an IPv6 network as one, and others are not", async () => {
    const attempts = open().open();
    const account = (at: number) => `person${at}@example.com`;
    for (let at = 0; at < 40; at++) expect(await tryAt(attempts, account(at), `2001:db8:1:2::${at}`)).toBeUndefined();
    expect(await tryAt(attempts, account(41), "2001:db8:1:2:ffff:ffff:ffff:ffff")).toContain("30 seconds");
    expect(await tryAt(attempts, account(41), "2001:db8:1:3::1")).toBeUndefined();
    // An office in which everybody remembers their password is not slowed down.
    for (let at = 0; at < 45; at++) {
      expect(await tryAt(attempts, account(at), "192.0.2.50")).toBeUndefined();
      await attempts.succeed(account(at), "192.0.2.50");
    }
  });

  test("a try that was noted while the clock was wrong locks nobody out", async () => {
    const { open: openOne, pass } = open();
    const attempts = openOne();
    pass(86_400_000);
    for (let at = 0; at < 6; at++) await tryAt(attempts, "eli@example.com", null);
    pass(-86_400_000);
    expect(await tryAt(attempts, "eli@example.com", null)).toBeUndefined();
  });

  test("what is remembered is bounded, and what is old is swept", async () => {
    const { open: openOne, pass, kept } = open();
    const attempts = openOne(8);
    for (let at = 0; at < 40; at++) {
      await tryAt(attempts, `many${at}@example.com`, null);
      pass(1);
    }
    expect(await kept()).toBeLessThanOrEqual(9);
    expect(await kept()).toBeGreaterThanOrEqual(8);
    pass(3_600_000);
    await tryAt(attempts, "last@example.com", null);
    expect(await kept()).toBe(1);
  });
}
