import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { MapGround } from "#lib/model/kept-map.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import { openEndpoint } from "#lib/server/embed/endpoint.ts";
import { openProjections } from "#lib/server/map/projections.ts";
import { Desk } from "#lib/work/desk.ts";
import { MapKeeper } from "#lib/work/map-keeper.ts";
import { MapParts } from "#lib/work/map-parts.ts";
import { builderHere } from "../map/builder-here.ts";
import { type EmbeddingsServer, openEmbeddingsServer, wordVector } from "../server/embed/endpoint.ts";
import { makeSpan } from "../spans.ts";
import { byHand, collect, lastStates, openDesk, scope } from "./desk-fixture.ts";

let server: EmbeddingsServer;
const maps = builderHere;
let folder: string;
let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-projections-`);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await openEmbeddingsServer();
  bench = await openDesk({}, { maps, embedder: openModel("words") });
});
afterEach(async () => {
  await bench.close();
  await server.close();
});

const never = new AbortController().signal;
const askedTexts = () => server.asked.flatMap(({ input }) => input);

function openModel(model: string, usdPerMillionTokens: number | null = 1): Embedder {
  const limits = { texts: 8, requests: 1, retries: 1 };
  return openEndpoint({ baseUrl: server.url, apiKey: "k", model, usdPerMillionTokens, tokensPerText: 100, limits });
}

const textOf = (yaml: string) => `\`\`\`yaml map m\n${yaml}\n\`\`\`\n`;
async function runMap(yaml: string, desk: Desk = bench.desk, signal = never) {
  const request = { text: textOf(yaml), cells: "all", params: {} } as const;
  return lastStates(await collect(desk.run(scope, "maps", request, byHand, signal))).get("m")!;
}

/** The lake's traces say `trace <n> refund <m>`: forty texts that only numbers tell apart. */
test("a map asks the model once for each text, says so, and asks nothing the next time", async () => {
  expect(await runMap("text: input")).toMatchObject({
    state: "done",
    result: { points: 40, vectors: "words, 16 dimensions" }
  });
  expect(new Set(askedTexts()).size).toBe(40);
  expect(askedTexts()).toHaveLength(40);
  expect(await runMap("text: input\nseed: 3")).toMatchObject({ state: "done" });
  expect(askedTexts()).toHaveLength(40);
  expect(await bench.lake.verify()).toEqual([]);
});

test("a run is recorded with its model, and its own vectors do not make it stale", async () => {
  const request = { text: textOf("text: input"), cells: ["m"], params: {} } as const;
  await collect(bench.desk.run(scope, "maps", request, byHand, never));
  expect(await bench.desk.state(scope, "maps")).toMatchObject({ moved: false });
  const events = await collect(bench.desk.run(scope, "maps", { ...request, cells: "all" }, byHand, never));
  const [started] = events as unknown as readonly [{ readonly runId: string }];
  const kept = await bench.state.runs.find(scope, started.runId);
  expect(kept?.cells.find(({ key }) => key === "m")?.state).toMatchObject({
    result: { vectors: "words, 16 dimensions" }
  });
});

test("built-in vectors ask no model, and a model that is not there is said", async () => {
  const own = await runMap("text: input\nvectors: built-in");
  expect(own).toMatchObject({ state: "done", result: { vectors: expect.stringMatching(/^built-in/) } });
  expect(server.asked).toHaveLength(0);
  const without = new Desk({ ...bench.doors, embedder: null });
  expect(await runMap("text: input", without)).toMatchObject({ state: "done" });
  expect(await runMap("text: input\nvectors: model", without)).toMatchObject({
    state: "failed",
    fault: { message: "the map asks for the vectors of a model, and none is configured" }
  });
  await without.close();
});

test("a map that would cost more than its budget ends before a text is asked for", async () => {
  expect(await runMap("text: input\nbudget_usd: 0.00001")).toMatchObject({
    state: "failed",
    fault: {
      code: "limit",
      message: expect.stringMatching(/40 texts would cost about \$0\.000\d+, more than .* \$0\.00001/)
    }
  });
  expect(server.asked).toHaveLength(0);
  expect(await runMap("text: input\nbudget_usd: 1")).toMatchObject({ state: "done" });
  expect(await runMap("text: input\nbudget_usd: 0")).toMatchObject({ state: "done" });
  const unpriced = new Desk({ ...bench.doors, embedder: openModel("other", null) });
  expect(await runMap("text: input\nbudget_usd: 1", unpriced)).toMatchObject({
    state: "failed",
    fault: { message: expect.stringContaining('nobody said what the model "other" costs') }
  });
  await unpriced.close();
});

test.each([
  [{ kind: "status", status: 401 }, /refused the key/],
  [{ kind: "text", text: "{}" }, /no list of embeddings/]
] as const)("an endpoint that answers with %j fails the cell in a sentence", async (trouble, sentence) => {
  server.troubles.push(trouble);
  expect(await runMap("text: input")).toMatchObject({
    state: "failed",
    fault: { message: expect.stringMatching(sentence) }
  });
});

test("other dimensions than the lake has fail the cell, and 429 does not", async () => {
  server.troubles.push({ kind: "status", status: 429 });
  expect(await runMap("text: input\nlimit: 9")).toMatchObject({ state: "done" });
  server.vectorOf = (text) => wordVector(text, 4);
  expect(await runMap("text: input")).toMatchObject({
    state: "failed",
    fault: { code: "conflict", message: expect.stringContaining("of 4 dimensions, but gave 16 before") }
  });
});

test("what was embedded before a stop is there for the next run", async () => {
  const stop = new AbortController();
  server.gate = async () => {
    if (server.asked.length === 3) stop.abort();
  };
  expect(await runMap("text: input", bench.desk, stop.signal)).toMatchObject({ state: "stopped" });
  const before = askedTexts().length;
  server.gate = async () => undefined;
  expect(await runMap("text: input")).toMatchObject({ state: "done" });
  expect(askedTexts().length - before).toBe(40 - 16);
});

const ground: MapGround = { workbook: "w", cell: "m", text: textOf("text: input"), params: {} };
const keeperOf = (embedder: Embedder | null) =>
  new MapKeeper({
    lake: bench.lake,
    maps,
    embedder,
    model: null,
    keptMaps: bench.state.keptMaps,
    projections: openProjections(folder),
    clock: bench.doors.clock,
    borrow: (...ask) => bench.desk.borrow(...ask)
  });

async function append(traceId: string, input: string) {
  const message = [{ role: "user", parts: [{ type: "text" as const, content: input }] }];
  const startNs = BigInt(Date.UTC(2026, 10, 19)) * 1_000_000n;
  const span = makeSpan({
    traceId,
    spanId: "root",
    kind: "agent",
    businessUnit: "support",
    startNs,
    input: message,
    inputText: input
  });
  await bench.lake.append(scope, { spans: [span], scores: [] });
}

test("a kept map places later traces and is built again through its own model", async () => {
  const keeper = keeperOf(bench.doors.embedder!);
  const map = await keeper.keep(scope, { title: "Refunds", ground }, () => undefined, never);
  expect(map.version).toMatchObject({ points: 40, model: "words", vectors: "words, 16 dimensions" });
  await append("late1", "trace 7 refund 2");
  await append("late2", "the parcel was lost on the way");
  server.asked.length = 0;
  expect(await keeper.placeNew(scope, map.mapId, never)).toBe(2);
  expect(askedTexts()).toEqual(["the parcel was lost on the way"]);
  const again = await keeper.rebuild(scope, map.mapId, () => undefined, never);
  expect(again.version).toMatchObject({ version: 2, points: 42, model: "words" });
  expect(again.version.movedShare).toBeLessThan(0.1);
  expect(askedTexts()).toHaveLength(1);
});

test("a part of a map is laid out by vectors that there are already", async () => {
  const map = await keeperOf(bench.doors.embedder!).keep(scope, { title: "Refunds", ground }, () => undefined, never);
  expect(await runMap("text: input")).toMatchObject({ state: "done" });
  const { desk, state, doors } = bench;
  const projections = openProjections(folder);
  const parts = new MapParts({
    ...doors,
    embedder: doors.embedder ?? null,
    maps,
    model: null,
    desk,
    keptMaps: state.keptMaps,
    projections
  });
  const ids = [3, 8, 13, 18, 23, 28].map((index) => makeSpan({ traceId: `t${index}`, spanId: "root" }).traceId);
  const [cell, kept] = [
    await parts.readCell(scope, "maps", "m", ids, never),
    await parts.readKept(scope, map.mapId, ids, never)
  ];
  expect([cell.n, cell.k]).toEqual([6, 5]);
  expect(kept).toEqual(cell);
  expect(askedTexts()).toHaveLength(40);
});

test("a kept map whose model is not configured stays as it is and says why", async () => {
  const map = await keeperOf(bench.doors.embedder!).keep(scope, { title: "Refunds", ground }, () => undefined, never);
  await append("late3", "the parcel was lost");
  const sentence = 'the map "Refunds" stands on vectors of the model "words", which is not configured';
  for (const other of [null, openModel("words-2")]) {
    const keeper = keeperOf(other);
    await expect(keeper.placeNew(scope, map.mapId, never)).rejects.toMatchObject({
      code: "missing",
      message: sentence
    });
    await expect(keeper.rebuild(scope, map.mapId, () => undefined, never)).rejects.toMatchObject({ message: sentence });
  }
  expect(await bench.state.keptMaps.find(scope, map.mapId)).toEqual(map);
});

test("a map that was kept with built-in vectors keeps them when a model is configured", async () => {
  const map = await keeperOf(null).keep(scope, { title: "Refunds", ground }, () => undefined, never);
  expect(map.version.model).toBeNull();
  await append("late4", "the parcel was lost");
  const keeper = keeperOf(bench.doors.embedder!);
  expect(await keeper.placeNew(scope, map.mapId, never)).toBe(1);
  const again = await keeper.rebuild(scope, map.mapId, () => undefined, never);
  expect(again.version).toMatchObject({ model: null, vectors: expect.stringMatching(/^built-in/) });
  expect(server.asked).toHaveLength(0);
});

test("a first turn of five megabytes is cut before it is asked for, and one of nothing is not asked for", async () => {
  await append("huge", "parcel and seat ".repeat(330_000));
  await append("empty", " ");
  const state = await runMap("text: first_turn");
  expect(state).toMatchObject({ state: "done", result: { points: 41, vectors: "words, 16 dimensions" } });
  expect(askedTexts()).toHaveLength(41);
  expect(Math.max(...askedTexts().map(({ length }) => length))).toBe(400);
});
