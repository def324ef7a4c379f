import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { refuse } from "../../app/_cli/guard.ts";

const ask = (headers: Record<string, string>, url = "/api/traces") =>
  refuse({ headers, url } as unknown as IncomingMessage);

test("this machine's own pages are answered", () => {
  expect(ask({ host: "127.0.0.1:3000" })).toBeUndefined();
  expect(
    ask({ host: "localhost:3000", origin: "http://localhost:3000", "sec-fetch-site": "same-origin" })
  ).toBeUndefined();
  expect(ask({ host: "[::1]:3000" })).toBeUndefined();
});

test("a name that was rebound to this machine is refused", () => {
  expect(ask({ host: "evil.example:3000" })).toMatch(/this machine only/);
  expect(ask({ host: "127.0.0.1.evil.example" })).toMatch(/this machine only/);
  expect(ask({})).toMatch(/this machine only/);
});

test("another site's page is refused, a sandboxed frame too", () => {
  expect(ask({ host: "127.0.0.1:3000", origin: "https://evil.example" })).toMatch(/evil\.example/);
  expect(ask({ host: "127.0.0.1:3000", origin: "null" })).toMatch(/null/);
  expect(ask({ host: "127.0.0.1:3000", origin: "http://localhost:3000" })).toMatch(/localhost/);
  expect(ask({ host: "127.0.0.1:3000", "sec-fetch-site": "cross-site" })).toMatch(/another site/);
});

test("a link from another site may open a page", () => {
  expect(ask({ host: "127.0.0.1:3000", "sec-fetch-site": "cross-site" }, "/workbooks/refunds")).toBeUndefined();
});
