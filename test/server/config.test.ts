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
    auditKey: null,
    auditSink: null,
    traceLinks: []
  });
});

test.each(["0.0.0.0", "192.168.1.4", "example.org", "::", "127.0.0.1.example.org"])(
  "the address %s is refused until there is a sign-in",
  (host) => {
    expect(() => parseConfig({ HOST: host }, "/project")).toThrow(/no sign-in yet/);
  }
);

test.each(["127.0.0.1", "localhost", "::1", "127.8.9.1"])("the loopback address %s is taken", (host) => {
  expect(parseConfig({ HOST: host }, "/project").host).toBe(host);
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
