import { createHash } from "node:crypto";
import type { DBAdapter } from "better-auth/adapters";
import { expect, test } from "vitest";
import { keepDigests } from "#lib/server/auth/token-digests.ts";

const digest = createHash("sha256").update("secret").digest("hex");

/** Notes what it is asked for, and answers with it. */
const open = () => {
  const asked: string[] = [];
  const note = async (request: object) => {
    asked.push(JSON.stringify(request));
    return "data" in request ? request.data : null;
  };
  const names = ["create", "findOne", "findMany", "count", "update", "updateMany"];
  const more = ["delete", "deleteMany", "consumeOne", "incrementOne"];
  const methods = Object.fromEntries([...names, ...more].map((name) => [name, note]));
  const adapter = { ...methods, transaction: (work: (inner: object) => unknown) => work(methods) };
  return { asked, adapter: keepDigests(adapter as unknown as DBAdapter) };
};

const where = [
  { field: "token", value: "secret" },
  { field: "userId", value: "secret" }
];
const many = [{ field: "token", operator: "in" as const, value: ["secret", "secret"] }];

test("whatever is asked about sessions, outside a transaction and within, holds digests in the place of tokens", async () => {
  const { asked, adapter } = open();
  const askAll = async (one: Omit<DBAdapter, "transaction">) => {
    await one.findOne({ model: "session", where });
    await one.findMany({ model: "session", where: many });
    await one.count({ model: "session", where });
    await one.delete({ model: "session", where });
    await one.deleteMany({ model: "session", where: many });
    await one.consumeOne({ model: "session", where });
    await one.update({ model: "session", where, update: { token: "secret" } });
    await one.updateMany({ model: "session", where, update: { token: "secret" } });
    await one.incrementOne({ model: "session", where, increment: { n: 1 }, set: { token: "secret" } });
    await one.create({ model: "session", data: { token: "secret" } });
  };
  await askAll(adapter);
  await adapter.transaction(askAll);
  expect(asked).toHaveLength(20);
  for (const request of asked) {
    expect(request).toContain(digest);
    expect(request.replaceAll('"userId","value":"secret"', "")).not.toContain("secret");
  }
});

test("the token is told to who makes the session, and other rows stay as they are", async () => {
  const { asked, adapter } = open();
  expect(await adapter.create({ model: "session", data: { token: "secret", n: 1 } })).toEqual({
    token: "secret",
    n: 1
  });
  await adapter.create({ model: "account", data: { token: "plain" } });
  await adapter.findOne({ model: "account", where: [{ field: "token", value: "plain" }] });
  await adapter.findMany({ model: "session" });
  await adapter.findOne({ model: "session", where: [{ field: "token", value: null }] });
  expect(asked.slice(1, 3).every((request) => request.includes("plain"))).toBe(true);
  expect(asked[4]).toContain("null");
});
