import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { signInFirst } from "#lib/model/person.ts";
import { openDoorkeeper } from "../../app/_cli/doorkeeper.ts";

const open = (config: { isLoopback: boolean; hasAccounts: boolean }) => {
  const keeper = openDoorkeeper(
    {
      config: { isLoopback: config.isLoopback, publicUrl: "https://trace.example.com", proxyHops: 0 },
      people: { hasAny: async () => config.hasAccounts },
      whoAsks: (headers: Headers) => (headers.has("cookie") ? Promise.resolve({}) : Promise.reject(signInFirst()))
    } as unknown as Parameters<typeof openDoorkeeper>[0],
    false
  );
  return async (url: string, headers: Record<string, string> = {}) => {
    const told = { status: 0, location: "", body: "" };
    const goesOn = await keeper(
      { url, method: "GET", headers: { host: "localhost:3000", ...headers }, socket: {} } as unknown as IncomingMessage,
      {
        setHeader: () => undefined,
        writeHead: (status: number, sent: { location?: string }) =>
          Object.assign(told, { status, location: sent.location ?? "" }),
        end: (body = "") => Object.assign(told, { body })
      } as unknown as ServerResponse
    );
    return goesOn ? "goes on" : told;
  };
};

test("one local owner needs no account, and nobody comes in over a proxy meanwhile", async () => {
  const ask = open({ isLoopback: true, hasAccounts: false });
  expect(await ask("/")).toBe("goes on");
  expect(await ask("/api/traces")).toBe("goes on");
  expect(await ask("/set-up", { "x-forwarded-for": "192.0.2.1" })).toMatchObject({ status: 503 });
});

test("on the network nothing is answered without an account, but how to make one", async () => {
  const ask = open({ isLoopback: false, hasAccounts: false });
  for (const url of ["/", "/set-up", "/sign-in", "/api/traces", "/v1/traces", "/icon.svg"])
    expect(await ask(url)).toMatchObject({ status: 503, body: expect.stringContaining("people add-admin") as string });
});

test("with an account a page leads to the sign-in until somebody is in", async () => {
  const ask = open({ isLoopback: false, hasAccounts: true });
  expect(await ask("/traces?sort=cost")).toMatchObject({
    ...{ status: 307, location: "/sign-in?from=%2Ftraces%3Fsort%3Dcost" }
  });
  expect(await ask("/traces", { cookie: "tracebook_session=a.b" })).toBe("goes on");
  expect(await ask("/sign-in")).toBe("goes on");
  expect(await ask("/api/traces")).toBe("goes on");
  expect(await ask("/", { host: "evil.example" })).toMatchObject({ status: 403 });
});
