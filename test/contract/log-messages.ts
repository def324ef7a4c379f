import type { Kysely } from "kysely";
import { expect, test } from "vitest";
import type { LogMessage } from "#lib/formats/imported.ts";
import { openLogMessages } from "#lib/server/state/log-messages.ts";
import type { StateTables } from "#lib/server/state/schema.ts";

const message = (traceId: string, content: string, timeNs = 0n): LogMessage => ({
  traceId,
  spanId: "s",
  timeNs,
  event: { name: "gen_ai.user.message", attributes: { content } }
});

/** What every database keeps of messages in logs. @param open  the database, once the tests run */
export function logMessagesContract(open: () => Kysely<StateTables>): void {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, newId: () => "" };
  const bounds = { keepMs: 1000, count: 4, bytes: 10_000 };
  const textsOf = (kept: readonly LogMessage[]) => kept.map(({ event }) => event.attributes.content);

  test("messages in logs are kept once, by unit, in the order in which they were said", async () => {
    const messages = openLogMessages(open(), clock, bounds);
    const half = "cut in an emoji \ud83d";
    await messages.keep("sales", [message("t1", "second", 20n), message("t1", half, 3n), message("t2", "other")]);
    await messages.keep("sales", [message("t1", "second", 20n)]);
    await messages.keep("support", [message("t1", "of another unit")]);
    expect(textsOf(await messages.list("sales", ["t1", "t1", "none"]))).toEqual([half, "second"]);
    expect(await messages.list("sales", ["none"])).toEqual([]);
    expect(await messages.list("legal", ["t1"])).toEqual([]);
    const [first] = await messages.list("sales", ["t2"]);
    expect(first).toMatchObject({ ...message("t2", "other"), joined: false });
    await messages.markJoined([first!.messageId]);
    expect(await messages.list("sales", ["t2"])).toMatchObject([{ joined: true }]);
    nowMs = 1000;
    expect(await messages.forgetOld()).toBe(0);
    nowMs = 1001;
    expect(await messages.forgetOld()).toBe(3);
    expect(await messages.list("sales", ["t1", "t2"])).toEqual([]);
  });

  test("of more messages than may wait, by number or bytes, the oldest are forgotten and counted", async () => {
    const messages = openLogMessages(open(), clock, bounds);
    for (const text of ["a", "b", "c", "d", "e"]) {
      nowMs += 1;
      await messages.keep("sales", [message("t3", text, BigInt(nowMs))]);
    }
    expect(textsOf(await messages.list("sales", ["t3"]))).toEqual(["c", "d", "e"]);
    nowMs += 1;
    await messages.keep("sales", [message("t3", "x".repeat(9_950), BigInt(nowMs))]);
    expect(await messages.list("sales", ["t3"])).toEqual([]);
    await messages.keep("support", [message("t4", "stays")]);
    expect(await messages.forgetOld()).toBe(6);
    expect(await messages.list("support", ["t4"])).toHaveLength(1);
    nowMs += 2000;
    expect(await messages.forgetOld()).toBe(1);
  });
}
