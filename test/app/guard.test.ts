import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import {
  isForwarded,
  isPage,
  type Reach,
  refuse,
  setAddress,
  setSecurityHeaders,
  signInAddress
} from "../../app/_cli/guard.ts";

const here: Reach = { isLoopback: true, publicUrl: "http://127.0.0.1:3000", proxyHops: 0 };
const outside: Reach = { isLoopback: false, publicUrl: "https://trace.example.com", proxyHops: 2 };

const ask = (headers: Record<string, string>, url = "/api/traces", method = "GET", reach = here) =>
  refuse({ headers, url, method } as unknown as IncomingMessage, reach);

test("this machine's own pages are answered", () => {
  expect(ask({ host: "127.0.0.1:3000" })).toBeUndefined();
  expect(
    ask({ host: "localhost:3000", origin: "http://localhost:3000", "sec-fetch-site": "same-origin" })
  ).toBeUndefined();
  expect(ask({ host: "[::1]:3000" })).toBeUndefined();
});

test("a name that was rebound to this machine is refused", () => {
  expect(ask({ host: "evil.example:3000" })).toMatch(/does not answer as/);
  expect(ask({ host: "127.0.0.1.evil.example" })).toMatch(/does not answer as/);
  expect(ask({})).toMatch(/does not answer as/);
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

test("on the network it answers as its public name and as an address, and as no other name", () => {
  const as = (host: string, reach = outside) => ask({ host }, "/", "GET", reach);
  for (const host of ["trace.example.com", "10.0.0.4:3000", "[2001:db8::1]:3000", "localhost:3000"])
    expect(as(host)).toBeUndefined();
  for (const host of [
    "other.example.com",
    "trace.example.com.evil.example",
    "10.0.0.4.evil.example",
    "trace.example.com:8080"
  ])
    expect(as(host)).toMatch(/does not answer as/);
  expect(as("10.0.0.4:3000", here)).toMatch(/does not answer as/);
  expect(as("trace.example.com", { ...here, publicUrl: outside.publicUrl })).toBeUndefined();
});

test("what changes something with a session's cookie must come from our own page", () => {
  const host = "127.0.0.1:3000";
  for (const cookie of ["tracebook_session=a.b", "theme=dark; __Host-tracebook_session=a.b"]) {
    const post = (headers: Record<string, string>) => ask({ host, cookie, ...headers }, "/api/tags", "POST");
    expect(post({})).toMatch(/needs the Origin header/);
    expect(post({ "sec-fetch-site": "same-site" })).toMatch(/needs the Origin header/);
    expect(post({ "sec-fetch-site": "none" })).toMatch(/needs the Origin header/);
    expect(post({ "sec-fetch-site": "same-origin" })).toBeUndefined();
    expect(post({ origin: `http://${host}` })).toBeUndefined();
    expect(post({ origin: "https://evil.example" })).toMatch(/evil/);
    expect(ask({ host, cookie }, "/api/tags", "DELETE")).toMatch(/needs the Origin header/);
    expect(ask({ host, cookie })).toBeUndefined();
  }
  expect(ask({ host, cookie: "theme=dark", authorization: "Bearer tb_x" }, "/api/tags", "POST")).toBeUndefined();
});

test("of the API another site's page leads to the end of a provider's sign-in alone", () => {
  const headers = { host: "127.0.0.1:3000", "sec-fetch-site": "cross-site" };
  expect(ask(headers, "/api/sign-in/provider/callback/oidc?code=1&state=2")).toBeUndefined();
  expect(ask(headers, "/api/sign-in/provider/callback/oidc?code=1", "POST")).toMatch(/another site/);
  expect(ask(headers, "/api/sign-in/provider")).toMatch(/another site/);
  expect(ask(headers, "/api/sign-in/provider/callback/oidc/more")).toMatch(/another site/);
});

test("an address is taken from the connection, and from a header behind known proxies alone", () => {
  const told = (reach: Reach) => {
    const request = {
      headers: { "x-forwarded-for": "1.1.1.1, 192.0.2.7, 10.0.0.1", "x-tracebook-address": "6.6.6.6" },
      socket: { remoteAddress: "127.0.0.1" }
    } as unknown as IncomingMessage;
    setAddress(request, reach);
    return request.headers["x-tracebook-address"];
  };
  expect(told(here)).toBe("127.0.0.1");
  expect(told(outside)).toBe("192.0.2.7");
  expect(isForwarded({ headers: { "x-forwarded-for": "1.1.1.1" } } as unknown as IncomingMessage)).toBe(true);
  expect(isForwarded({ headers: {} } as unknown as IncomingMessage)).toBe(false);
});

test("pages lead to the sign-in and back, entrances and what is no page do not", () => {
  for (const path of ["/", "/traces", "/workbooks/refund-quality", "/people", "/invitation", "/t/4bf9"])
    expect([path, isPage(path)]).toEqual([path, true]);
  for (const path of [
    "/sign-in",
    "/set-up",
    "/invitation/x",
    "/reset/y",
    "/api/home",
    "/v1/traces",
    "/_next/a.js",
    "/icon.svg",
    "/charts/frame"
  ])
    expect([path, isPage(path)]).toEqual([path, false]);
  expect(signInAddress("/")).toBe("/sign-in");
  expect(signInAddress("/traces?sort=-cost&_rsc=abc")).toBe("/sign-in?from=%2Ftraces%3Fsort%3D-cost");
});

test("each document has a nonce of its own, and a client names none", () => {
  const sent = new Map<string, string>();
  const response = { setHeader: (name: string, value: string) => sent.set(name, value) } as unknown as ServerResponse;
  const request = (url: string) =>
    ({ url, headers: { "content-security-policy": "script-src 'nonce-mine'" } }) as unknown as IncomingMessage;
  const page = request("/traces?a=b");
  setSecurityHeaders(page, response, "n0nce", false);
  expect(sent.get("content-security-policy")).toContain("script-src 'self' 'nonce-n0nce';");
  expect(page.headers["content-security-policy"]).toBe(sent.get("content-security-policy"));
  sent.clear();
  const frame = request("/charts/frame");
  setSecurityHeaders(frame, response, "n0nce", false);
  expect([sent.get("content-security-policy"), frame.headers["content-security-policy"]]).toEqual([
    undefined,
    undefined
  ]);
});
