import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import { type EndpointLimits, openEndpoint } from "#lib/server/embed/endpoint.ts";
import { type EmbeddingsServer, openEmbeddingsServer, type Trouble, wordVector } from "./endpoint.ts";

let server: EmbeddingsServer;
beforeAll(async () => {
  server = await openEmbeddingsServer();
});
beforeEach(() => {
  server.asked.length = 0;
  server.troubles.length = 0;
  server.mostAtOnce = 0;
  server.onlyFloats = false;
  server.vectorOf = wordVector;
});
afterAll(() => server.close());

const never = new AbortController().signal;
const texts = Array.from({ length: 50 }, (_, i) => `text number ${"abcdefghij"[i % 10]}${i}`);

const open = (limits: Partial<EndpointLimits> = {}, baseUrl = server.url) =>
  openEndpoint({
    baseUrl,
    apiKey: "sk-secret",
    model: "test-model",
    usdPerMillionTokens: 0.02,
    tokensPerText: 100,
    limits: { texts: 8, retries: 2, ...limits }
  });

async function embed(some: readonly string[], limits?: Partial<EndpointLimits>, signal = never) {
  const rows: Float32Array[] = [];
  for await (const { of, vectors, d } of open(limits).embed(some, signal)) {
    of.forEach((at, row) => {
      rows[at] = vectors.subarray(row * d, row * d + d);
    });
  }
  return rows;
}

const faultOf = async (trouble: Trouble | readonly (Trouble | undefined)[], limits?: Partial<EndpointLimits>) => {
  server.troubles.push(...(Array.isArray(trouble) ? trouble : [trouble as Trouble]));
  return embed(texts.slice(0, 3), limits).then(
    () => undefined,
    (error: unknown) => (isFault(error) ? error : new Error("no Fault", { cause: error }))
  );
};

test.each([false, true])("each text gets its own vector, in bounded batches (numbers as lists: %s)", async (floats) => {
  server.onlyFloats = floats;
  const rows = await embed(texts);
  expect(rows).toHaveLength(50);
  rows.forEach((row, at) => {
    expect(row).toEqual(Float32Array.from(wordVector(texts[at]!)));
  });
  expect(server.asked.map(({ input }) => input.length).sort()).toEqual([2, 8, 8, 8, 8, 8, 8]);
  expect(server.mostAtOnce).toBeLessThanOrEqual(4);
  expect(server.asked[0]).toMatchObject({ model: "test-model", key: "Bearer sk-secret", encoding: "base64" });
});

test("long texts make small batches, and one longer than a batch goes alone", async () => {
  await embed(["a".repeat(300), "b".repeat(30), "c".repeat(60), "d"], { characters: 100 });
  expect(server.asked.map(({ input }) => input.length).sort()).toEqual([1, 3]);
});

test("what follows a # names the vectors and is not sent", async () => {
  const embedder = openEndpoint({
    baseUrl: server.url,
    apiKey: null,
    model: "test-model#2",
    usdPerMillionTokens: null,
    tokensPerText: 100
  });
  expect(await Array.fromAsync(embedder.embed(["a"], never))).toHaveLength(1);
  expect([embedder.model, server.asked[0]!.model]).toEqual(["test-model#2", "test-model"]);
});

test.each([
  ["429, then well", { kind: "status", status: 429 }],
  ["500, then well", { kind: "status", status: 500 }],
  ["a cut connection, then well", { kind: "cut" }],
  ["no answer in time, then well", { kind: "silent" }]
] as const)("%s", async (_, trouble) => {
  server.troubles.push(trouble);
  expect(await embed(texts.slice(0, 3), { timeoutMs: trouble.kind === "silent" ? 100 : 10_000 })).toHaveLength(3);
  expect(server.asked).toHaveLength(2);
});

const busy: Trouble = { kind: "status", status: 429 };
const rows = (change: Extract<Trouble, { kind: "rows" }>["change"]): Trouble => ({ kind: "rows", change });

test.each([
  ["401", { kind: "status", status: 401, message: "bad key sk-secret" }, "denied", /refused the key/],
  ["404", { kind: "status", status: 404 }, "missing", /does not know the embedding model "test-model"/],
  ["400", { kind: "status", status: 400, message: "too long" }, "broken", /too long/],
  ["429 for ever", [busy, busy, busy], "limit", /takes no more texts now/],
  ["no JSON", { kind: "text", text: "<html>" }, "broken", /no list of embeddings/],
  ["other JSON", { kind: "text", text: "{}" }, "broken", /no list of embeddings/],
  ["wrong count", rows((all) => all.slice(1)), "broken", /gave 2 vectors for 3 texts/],
  ["one twice", rows((all) => [all[0]!, all[0]!, all[1]!]), "broken", /no vector for text 3 of 3/],
  [
    "no number",
    rows(([a, ...rest]) => [{ ...a!, embedding: [1, null] }, ...rest]),
    "broken",
    /in one answer|holds NaN/
  ],
  ["zeros", rows((all) => all.map((row) => ({ ...row, embedding: [0, 0] }))), "broken", /all zeros/],
  ["no numbers", rows((all) => all.map((row) => ({ ...row, embedding: [] }))), "broken", /has no numbers/],
  [
    "two lengths",
    rows((all) => all.map((row, i) => ({ ...row, embedding: [1, 2, 3].slice(i) }))),
    "broken",
    /in one answer/
  ]
] as const)("%s is said in a sentence", async (_, trouble, code, sentence) => {
  const fault = await faultOf(trouble as Trouble | readonly Trouble[]);
  expect(fault).toMatchObject({ code, message: expect.stringMatching(sentence) });
  expect(JSON.stringify([fault?.message, isFault(fault) && fault.hint])).not.toContain("sk-secret");
});

test("an endpoint that is down, or never answers, is said in a sentence", async () => {
  const down = open({ retries: 0 }, "http://127.0.0.1:9/v1");
  await expect(Array.fromAsync(down.embed(["a"], never))).rejects.toMatchObject({
    code: "broken",
    message: "the embeddings endpoint http://127.0.0.1:9 cannot be reached"
  });
  expect(await faultOf({ kind: "silent" }, { timeoutMs: 50, retries: 0 })).toMatchObject({
    message: expect.stringMatching(/gave no embeddings within 1 s/)
  });
});

test("another number of dimensions from one answer to the next is a fault", async () => {
  let calls = 0;
  server.vectorOf = (text) => wordVector(text, calls++ < 8 ? 16 : 8);
  await expect(embed(texts, { requests: 1 })).rejects.toMatchObject({
    message: expect.stringMatching(/of 16 dimensions and then of 8/)
  });
});

test("a stopped call gives what was there, asks no more, and leaves nothing running", async () => {
  const stop = new AbortController();
  const given: number[] = [];
  const call = async () => {
    for await (const { of } of open({ requests: 1 }).embed(texts, stop.signal)) {
      given.push(...of);
      stop.abort();
    }
  };
  await expect(call()).rejects.toMatchObject({ code: "limit", message: "stopped" });
  expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(server.asked.length).toBeLessThanOrEqual(2);
});
