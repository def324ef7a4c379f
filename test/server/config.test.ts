import { expect, test } from "vitest";
import { parseConfig } from "#lib/server/config.ts";

test("an empty environment gives loopback, port 3000 and the project's data folder", () => {
  expect(parseConfig({}, "/project")).toEqual({
    dataFolder: "/project/data",
    databaseUrl: null,
    host: "127.0.0.1",
    port: 3000,
    openaiBaseUrl: null,
    openaiApiKey: null,
    embeddings: null,
    embeddingPrice: null,
    embeddingTokens: 6000,
    model: null,
    modelPrice: null,
    flushMs: 30_000,
    alertUrl: null,
    publicUrl: "http://127.0.0.1:3000",
    isLoopback: true,
    proxyHops: 0,
    secret: null,
    provider: null,
    auditKey: null,
    auditSink: null,
    traceLinks: []
  });
});

test.each(["0.0.0.0", "192.168.1.4", "example.org", "::", "127.0.0.1.example.org"])(
  "the address %s is known to be reached by others",
  (host) => {
    expect(parseConfig({ HOST: host }, "/project")).toMatchObject({ host, isLoopback: false });
  }
);

test.each(["127.0.0.1", "localhost", "::1", "127.8.9.1"])("the loopback address %s is taken", (host) => {
  expect(parseConfig({ HOST: host }, "/project")).toMatchObject({ host, isLoopback: true });
});

test.each(["-1", "65536", "http", "3.5"])("the port %s is named in the refusal", (port) => {
  expect(() => parseConfig({ PORT: port }, "/project")).toThrow(`PORT "${port}"`);
});

test.each(["0", "-1", "1.5", "soon", "3600001"])("the wait %s before sorting is named in the refusal", (wait) => {
  expect(() => parseConfig({ TRACEBOOK_FLUSH_MS: wait }, "/project")).toThrow(`TRACEBOOK_FLUSH_MS "${wait}"`);
});

test("a chat model is taken with its price, and refused without an endpoint", () => {
  const endpoint = { OPENAI_BASE_URL: "http://127.0.0.1:9/v1", TRACEBOOK_MODEL: " small " };
  expect(parseConfig({ ...endpoint, TRACEBOOK_MODEL_PRICE: "0.15, 0.60" }, "/project")).toMatchObject({
    model: "small",
    modelPrice: { inputUsd: 0.15, outputUsd: 0.6 }
  });
  expect(parseConfig(endpoint, "/project").modelPrice).toBeNull();
  expect(() => parseConfig({ TRACEBOOK_MODEL: "small" }, "/project")).toThrow(
    'TRACEBOOK_MODEL "small" has no endpoint'
  );
});

test.each(["0.15", "0.15,", "a,b", "-1,2", "1,2,3", "1,Infinity"])("the price %s is named in the refusal", (price) => {
  expect(() => parseConfig({ TRACEBOOK_MODEL_PRICE: price }, "/project")).toThrow(`TRACEBOOK_MODEL_PRICE "${price}"`);
});

test("a database address that is none of PostgreSQL is refused without repeating its password", () => {
  expect(() => parseConfig({ DATABASE_URL: "mysql://root:secret@host/db" }, "/project")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret") })
  );
});

test("a relative data folder is beside the project, an absolute one stays", () => {
  expect(parseConfig({ TRACEBOOK_DATA: "lake2" }, "/project").dataFolder).toBe("/project/lake2");
  expect(parseConfig({ TRACEBOOK_DATA: "/mnt/lake" }, "/project").dataFolder).toBe("/mnt/lake");
});

test("a link to another tool is read once, and a bad one is named in the refusal", () => {
  const links = (text: string) => parseConfig({ TRACEBOOK_TRACE_LINKS: text }, "/project").traceLinks;
  expect(links('{"Jaeger": "https://jaeger.example/trace/{trace_id}"}')).toEqual([
    { name: "Jaeger", template: "https://jaeger.example/trace/{trace_id}" }
  ]);
  expect(() => links('{"Mine": "file:///{trace_id}"}')).toThrow('the link "Mine" of TRACEBOOK_TRACE_LINKS');
});

test("vectors of a model need an endpoint or a folder, and its price is a number", () => {
  const endpoint = { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
  expect(
    parseConfig({ ...endpoint, TRACEBOOK_EMBEDDINGS: "nomic", TRACEBOOK_EMBEDDING_PRICE: "0.02" }, "/project")
  ).toMatchObject({ embeddings: "nomic", embeddingPrice: 0.02 });
  expect(parseConfig({ TRACEBOOK_EMBEDDINGS: "./models/small" }, "/project").embeddings).toBe(
    "/project/./models/small"
  );
  expect(parseConfig({ TRACEBOOK_EMBEDDINGS: "/models/small" }, "/project").embeddings).toBe("/models/small");
  expect(() => parseConfig({ TRACEBOOK_EMBEDDINGS: "nomic" }, "/project")).toThrow(
    'TRACEBOOK_EMBEDDINGS "nomic" has no endpoint'
  );
  expect(() => parseConfig({ TRACEBOOK_EMBEDDING_PRICE: "cheap" }, "/project")).toThrow(/"cheap" is no number/);
  expect(() => parseConfig({ TRACEBOOK_EMBEDDING_TOKENS: "2" }, "/project")).toThrow(/from 16 to 100000/);
});

test("a provider to sign in with is taken whole, and what is wrong is named without the secret", () => {
  const named = {
    TRACEBOOK_OIDC_ISSUER: "https://login.example.com/",
    TRACEBOOK_OIDC_CLIENT_ID: "tracebook",
    TRACEBOOK_OIDC_CLIENT_SECRET: "hunter2"
  };
  expect(parseConfig(named, "/project").provider).toEqual({
    issuer: "https://login.example.com",
    clientId: "tracebook",
    clientSecret: "hunter2",
    name: "login.example.com",
    domains: [],
    trustsEmail: false
  });
  const more = {
    TRACEBOOK_OIDC_NAME: "Company",
    TRACEBOOK_OIDC_DOMAINS: "Example.com, example.org",
    TRACEBOOK_OIDC_TRUST_EMAIL: "true"
  };
  expect(parseConfig({ ...named, ...more }, "/project").provider).toMatchObject({
    ...{ name: "Company", domains: ["example.com", "example.org"], trustsEmail: true }
  });
  for (const wrong of [
    { TRACEBOOK_OIDC_ISSUER: "http://login.example.com" },
    { TRACEBOOK_OIDC_ISSUER: "login" },
    { TRACEBOOK_OIDC_CLIENT_ID: "" },
    { TRACEBOOK_OIDC_TRUST_EMAIL: "perhaps" }
  ]) {
    const parse = () => parseConfig({ ...named, ...wrong }, "/project");
    expect(parse).toThrow(Object.keys(wrong)[0]);
    expect(parse).not.toThrow("hunter2");
  }
  const here = { ...named, TRACEBOOK_OIDC_ISSUER: "http://127.0.0.1:9000" };
  expect(parseConfig(here, "/project").provider?.issuer).toBe("http://127.0.0.1:9000");
});

test("a secret that could be guessed is refused", () => {
  expect(parseConfig({ TRACEBOOK_SECRET: "s".repeat(32) }, "/project").secret).toBe("s".repeat(32));
  expect(() => parseConfig({ TRACEBOOK_SECRET: "short" }, "/project")).toThrow("TRACEBOOK_SECRET is too short");
});
