import { afterEach, beforeEach, expect, test } from "vitest";
import type { Embedder } from "#lib/ports/embedder.ts";
import { openEndpoint } from "#lib/server/embed/endpoint.ts";
import { embedTexts, forecastTexts, type HomedTexts } from "#lib/work/embed-texts.ts";
import { type EmbeddingsServer, openEmbeddingsServer, wordVector } from "../server/embed/endpoint.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let server: EmbeddingsServer;
let fixture: LakeFixture;
let embedder: Embedder;
beforeEach(async () => {
  [server, fixture] = await Promise.all([openEmbeddingsServer(), openLakeFixture()]);
  embedder = openModel("m");
});
afterEach(async () => {
  await fixture.close();
  await server.close();
});

const never = new AbortController().signal;
const both = scopeOf(["legal", "sales"]);
const silent = () => undefined;

function openModel(model: string): Embedder {
  const limits = { texts: 4, requests: 1, retries: 1 };
  return openEndpoint({ baseUrl: server.url, apiKey: null, model, usdPerMillionTokens: 2, tokensPerText: 50, limits });
}

const homed = (texts: readonly string[], unit = "sales", day = "2026-11-03"): HomedTexts => ({
  texts,
  homes: texts.map(() => [{ businessUnit: unit, day }])
});
const texts = Array.from(
  { length: 20 },
  (_, i) => `complaint about parcel ${"abcdefghij".slice(0, (i % 10) + 1)} ${"x".repeat(i)}`
);
const run = (asked: HomedTexts, scope = both, signal = never) =>
  embedTexts({ lake: fixture.lake, embedder }, scope, asked, silent, signal);
const askedTexts = () => server.asked.flatMap(({ input }) => input);

async function count(units: readonly string[]): Promise<number> {
  const kernel = await fixture.lake.openKernel(scopeOf(units, "scientist"));
  try {
    const [row] = await kernel.rows("select count(*) as n from embeddings", {}, 1);
    return Number(row!["n"]);
  } finally {
    await kernel.close();
  }
}

test("each text is asked for once ever, and its vector is a row of length one", async () => {
  const { vectors, d } = await run(homed(texts));
  expect([d, vectors.length, askedTexts().length]).toEqual([16, 320, 20]);
  for (const at of [0, 7, 19]) {
    const raw = wordVector(texts[at]!);
    const length = Math.hypot(...raw);
    raw.forEach((value, c) => {
      expect(vectors[at * 16 + c]).toBeCloseTo(value / length, 5);
    });
  }
  const again = await run(homed([...texts, "and a new one"]));
  expect(again.vectors.slice(0, 320)).toEqual(vectors);
  expect(askedTexts().slice(20)).toEqual(["and a new one"]);
});

test("what is kept outlives a flush, and the lake's check finds nothing", async () => {
  const { vectors } = await run(homed(texts));
  await fixture.lake.flush();
  expect(await fixture.lake.verify()).toEqual([]);
  expect((await run(homed(texts))).vectors).toEqual(vectors);
  expect(askedTexts()).toHaveLength(20);
});

test("a unit's vectors are its own: who does not see it neither reads nor counts them", async () => {
  await run({
    texts: ["shared", "only legal"],
    homes: [
      [
        { businessUnit: "sales", day: "2026-11-03" },
        { businessUnit: "legal", day: "2026-11-04" }
      ],
      [{ businessUnit: "legal", day: "2026-11-04" }]
    ]
  });
  expect([await count(["sales"]), await count(["legal"]), await count(["support"])]).toEqual([1, 2, 0]);
  const doors = { lake: fixture.lake, embedder };
  const forecast = await forecastTexts(doors, scopeOf(["sales"]), ["shared", "only legal"], never);
  expect(forecast).toEqual({ model: "m", missing: 1, tokens: 3, costUsd: 6e-6 });
  expect(await forecastTexts(doors, both, ["shared", "only legal"], never)).toMatchObject({ missing: 0, costUsd: 0 });
  await expect(run(homed(["secret"], "legal"), scopeOf(["sales"], "scientist"))).rejects.toMatchObject({
    code: "denied"
  });
});

test("long texts that begin alike are one, and one that no trace of the lake has is asked for each time", async () => {
  const long = ["a", "b"].map((end) => `${"refund ".repeat(60)}${end}`);
  const { vectors } = await run(homed(long));
  expect(askedTexts().map(({ length }) => length)).toEqual([200]);
  expect(vectors.slice(0, 16)).toEqual(vectors.slice(16));
  for (let i = 0; i < 2; i++) await run({ texts: ["from nowhere"], homes: [[]] });
  expect(askedTexts().filter((text) => text === "from nowhere")).toHaveLength(2);
});

test("a run that is stopped has lost nothing of what was there", async () => {
  const stop = new AbortController();
  const doors = { lake: fixture.lake, embedder };
  const stopped = embedTexts(doors, both, homed(texts), (done) => done >= 8 && stop.abort(), stop.signal);
  await expect(stopped).rejects.toMatchObject({ code: "limit", message: "stopped" });
  expect(await count(["sales"])).toBe(8);
  server.asked.length = 0;
  await run(homed(texts));
  expect(askedTexts()).toHaveLength(12);
});

test("so has one that the endpoint ended", async () => {
  server.troubles.push(undefined, undefined, { kind: "status", status: 401 });
  await expect(run(homed(texts))).rejects.toMatchObject({ code: "denied" });
  expect(await count(["sales"])).toBe(8);
});

test("other dimensions than before are a fault that says the way out, and nothing of them is kept", async () => {
  await run(homed(texts.slice(0, 4)));
  server.vectorOf = (text) => wordVector(text, 8);
  await expect(run(homed(texts))).rejects.toMatchObject({
    code: "conflict",
    message: 'the model "m" gives vectors of 8 dimensions, but gave 16 before',
    hint: expect.stringContaining('"m#2"')
  });
  expect(await count(["sales"])).toBe(4);
  embedder = openModel("m#2");
  expect((await run(homed(texts))).d).toBe(8);
});

test("no texts are no question", async () => {
  expect(await run(homed([]))).toEqual({ vectors: new Float32Array(0), d: 0 });
  expect(server.asked).toHaveLength(0);
});

test("steps are told in texts of all", async () => {
  const told: string[] = [];
  await embedTexts(
    { lake: fixture.lake, embedder },
    both,
    homed(texts.slice(0, 10)),
    (done, total) => told.push(`${done}/${total}`),
    never
  );
  expect(told).toEqual(["0/10", "4/10", "8/10", "10/10"]);
});
