import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import type { ModelPrice } from "#lib/model/model-price.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { KeptAnswer, ModelAnswers } from "#lib/ports/model-answers.ts";
import { openProjections } from "#lib/server/map/projections.ts";
import { openModel } from "#lib/server/model/model.ts";
import { askFacet } from "#lib/work/ask-facet.ts";
import { forecastCell } from "#lib/work/forecast-cell.ts";
import { MapKeeper } from "#lib/work/map-keeper.ts";
import { builderHere } from "../map/builder-here.ts";
import { openEndpoint, type Reply, type TestEndpoint } from "../server/model/endpoint.ts";
import { makeSpan } from "../spans.ts";
import { byHand, collect, scope as deskScope, maps as doubles, lastStates, openDesk } from "./desk-fixture.ts";

const scope: Scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] };
const never = new AbortController().signal;
const facet = "What does the user want?";

const opened: TestEndpoint[] = [];
afterEach(() => {
  for (const endpoint of opened.splice(0)) endpoint.close();
});

async function open(reply: (conversation: string) => Reply, price: ModelPrice | null = { inputUsd: 1, outputUsd: 1 }) {
  const endpoint = await openEndpoint((asked) => reply(asked.messages[1]!.content));
  opened.push(endpoint);
  const kept = new Map<string, KeptAnswer>();
  const answers: ModelAnswers = {
    find: async (_scope, unit, hash) => kept.get(`${unit} ${hash}`),
    keep: async (_scope, unit, hash, answer) => void kept.set(`${unit} ${hash}`, answer)
  };
  const model = openModel({ baseUrl: endpoint.url, apiKey: null, modelId: "small", maxRetries: 0, price }, answers);
  return { endpoint, model };
}

const say = (answer: string): Reply => ({ kind: "say", content: JSON.stringify({ answer }) });
const tracesOf = (texts: readonly string[], unit = "support") => ({ texts, units: texts.map(() => unit) });

test("each trace has the answer about it, equal ones are asked about once, and a second time nothing is asked", async () => {
  const { endpoint, model } = await open((conversation) =>
    say(/parcel/.test(conversation) ? " A\nparcel " : "Money back")
  );
  const traces = tracesOf(["my parcel?", "refund me", "my parcel?", "  "]);
  const told: string[] = [];
  const tell = (done: number, total: number) => told.push(`${done}/${total}`);
  const question = { model, scope, facet, budgetUsd: 1 };
  const first = await askFacet(question, traces, tell, never);
  expect(first.texts).toEqual(["A parcel", "Money back", "A parcel", ""]);
  expect(first.spent.costUsd).toBeCloseTo(0.00024, 10);
  expect(first.notes).toEqual([
    "small answered about 3 of 4 traces for $0.00024, 0 of them from before.",
    "1 have no text, for they hold no conversation."
  ]);
  expect(told).toEqual(["1/2", "2/2"]);
  expect(endpoint.asked[0]!.messages[0]!.content).toContain('"What does the user want?"');
  const second = await askFacet(question, traces, tell, never);
  expect(second.texts).toEqual(first.texts);
  expect(second.notes[0]).toBe("small answered about 3 of 4 traces for $0.0, 3 of them from before.");
  expect(endpoint.asked).toHaveLength(2);
  // What another unit's trace says is another question, be it the same words.
  await askFacet(question, tracesOf(["refund me"], "sales"), tell, never);
  expect(endpoint.asked).toHaveLength(3);
});

test("a trace that is refused, not answered or not told of has no text, and each reason is counted", async () => {
  const { model } = await open((conversation) => {
    if (conversation.includes("bomb")) return { kind: "say", content: null, refusal: "No." };
    if (conversation.includes("prose")) return { kind: "say", content: "They want prose." };
    return say(conversation.includes("mute") ? "" : "Help");
  });
  const traces = tracesOf(["a bomb", "in prose", "mute", "help me", "a bomb"]);
  const { texts, notes } = await askFacet({ model, scope, facet, budgetUsd: 1 }, traces, () => undefined, never);
  expect(texts).toEqual(["", "", "", "Help", ""]);
  expect(notes.slice(1).sort()).toEqual([
    "1 have no text, for their conversation does not tell.",
    "1 have no text, malformed: the answer is not JSON.",
    "2 have no text, refused: the model refused to answer."
  ]);
});

test("a budget ends the asking, and what is left has no text", async () => {
  const { endpoint, model } = await open(() => say("Help"));
  const traces = tracesOf(Array.from({ length: 20 }, (_, at) => `text ${at}`));
  const budgetUsd = 0.001;
  const { texts, notes, spent } = await askFacet({ model, scope, facet, budgetUsd }, traces, () => undefined, never);
  expect(texts.filter((text) => text !== "").length).toBe(endpoint.asked.length);
  expect(endpoint.asked.length).toBeGreaterThan(0);
  expect(spent.costUsd).toBeLessThanOrEqual(budgetUsd);
  expect(notes[1]).toBe(
    `${20 - endpoint.asked.length} have no text, over budget: one more question could cost more than is left of the US$ 0.001.`
  );
});

test("an endpoint that is down is not asked about every trace", async () => {
  const { endpoint, model } = await open(() => ({ kind: "reset" }));
  const traces = tracesOf(Array.from({ length: 200 }, (_, at) => `text ${at}`));
  const { texts, notes } = await askFacet({ model, scope, facet, budgetUsd: 1 }, traces, () => undefined, never);
  expect(texts.every((text) => text === "")).toBe(true);
  expect(endpoint.asked.length).toBeLessThan(20);
  expect(notes[1]).toMatch(/^200 have no text, unreachable: /);
});

test("of a long conversation the beginning and the end are sent", async () => {
  const { endpoint, model } = await open(() => say("Help"));
  const long = `first words ${"middle 🙂 ".repeat(20_000)} last words`;
  await askFacet({ model, scope, facet, budgetUsd: 1 }, tracesOf([long]), () => undefined, never);
  const sent = endpoint.asked[0]!.messages[1]!.content;
  expect(sent).toMatch(/first words[\s\S]*last words/);
  expect(sent.length).toBeLessThan(10_000);
  expect(sent.isWellFormed()).toBe(true);
});

test("without a model, a price or a budget nothing is asked, and the last is told what it would cost", async () => {
  const { endpoint, model } = await open(() => say("Help"));
  const unpriced = await open(() => say("Help"), null);
  const ask = (question: Pick<Parameters<typeof askFacet>[0], "model" | "budgetUsd">) =>
    askFacet({ ...question, scope, facet }, tracesOf(["a", "b"]), () => undefined, never);
  await expect(ask({ model: null, budgetUsd: 1 })).rejects.toMatchObject({ code: "invalid" });
  await expect(ask({ model: unpriced.model, budgetUsd: 1 })).rejects.toMatchObject({
    hint: expect.stringContaining("TRACEBOOK_MODEL_PRICE")
  });
  await expect(ask({ model, budgetUsd: null })).rejects.toMatchObject({
    code: "invalid",
    hint: expect.stringMatching(/^To ask small about 2 traces costs about \$0\.0\d+\./)
  });
  expect([...endpoint.asked, ...unpriced.endpoint.asked]).toEqual([]);
});

const cellOf = (yaml: string) => `\`\`\`yaml map m\n${yaml}\n\`\`\`\n`;

test("a map cell maps the answers, and tells what they cost", async () => {
  const { endpoint, model } = await open((conversation) =>
    conversation.includes("refund 1") ? { kind: "say", content: null, refusal: "No." } : say("A refund")
  );
  const built: (readonly string[])[] = [];
  const maps = {
    ...doubles,
    build: (...ask: Parameters<typeof doubles.build>) => {
      built.push(ask[0].texts);
      return doubles.build(...ask);
    }
  };
  const bench = await openDesk({}, { model, maps });
  try {
    await bench.lake.append(deskScope, { spans: [0, 1, 2].map(modelStep), scores: [] });
    const run = async (yaml: string) => {
      const request = { text: cellOf(yaml), cells: "all", params: {} } as const;
      return lastStates(await collect(bench.desk.run(deskScope, "facets", request, byHand, never))).get("m")!;
    };
    const state = await run('facet: "What does the user want?"\nbudget_usd: 0.5\nvectors: built-in');
    expect(state).toMatchObject({ state: "done", result: { kind: "map", points: 3 } });
    expect(state.state === "done" && state.notes).toEqual([
      // A refusal has its price, too.
      "small answered about 2 of 3 traces for $0.00036, 0 of them from before.",
      "1 have no text, refused: the model refused to answer.",
      "1 of 3 traces have no text to be placed by. They lie apart in a strip below all others, in no cluster."
    ]);
    expect([...built[0]!].sort()).toEqual(["", "A refund", "A refund"]);
    expect(endpoint.asked).toHaveLength(3);
    expect(await run("facet: Why?")).toMatchObject({
      state: "failed",
      fault: { hint: expect.stringContaining("$0.00") }
    });
    expect(await run("facet: Why?\ntext: input")).toMatchObject({ state: "failed", fault: { code: "invalid" } });
    const { lake, desk } = bench;
    const cheap = { workbook: "w", cell: "m", text: cellOf("facet: Why?"), params: {} };
    const forecastDoors = { ...bench.doors, lake, maps, model, embedder: null, borrow: desk.borrow.bind(desk) };
    const forecast = await forecastCell(forecastDoors, deskScope, cheap, never);
    expect(forecast).toMatchObject({ model: null, traces: 3, facet: { model: "small", questions: 3 } });
    if (forecast.kind !== "map") throw new Error("no map");
    expect(forecast.facet!.costUsd).toBeCloseTo(forecast.facet!.tokens / 1e6, 10);
    await expect(forecastCell({ ...forecastDoors, model: null }, deskScope, cheap, never)).rejects.toMatchObject({
      code: "invalid"
    });
    const [reading] = (await desk.read(deskScope, "w", cheap.text)).cells;
    expect(reading).toMatchObject({ facetModel: "small" });
    expect(endpoint.asked).toHaveLength(3);
    endpoint.close();
    expect(await run("facet: Why?\nbudget_usd: 1")).toMatchObject({
      state: "failed",
      fault: { code: "broken", detail: expect.stringContaining("3 have no text, unreachable") }
    });
  } finally {
    await bench.close();
  }
});

test("a map of a facet is kept, and what arrives is placed once it is answered about, for which nothing is paid unasked", async () => {
  const { endpoint, model } = await open(() => say("A refund"));
  const folder = await mkdtemp(`${tmpdir()}/tracebook-facet-`);
  const bench = await openDesk({}, { model });
  const { lake, state, desk, doors } = bench;
  try {
    await lake.append(deskScope, { spans: [0, 1, 2].map(modelStep), scores: [] });
    const keeper = new MapKeeper({
      ...{ lake, model, maps: builderHere, embedder: null, keptMaps: state.keptMaps, clock: doors.clock },
      projections: openProjections(folder),
      borrow: (...ask) => desk.borrow(...ask)
    });
    const text = cellOf('facet: "What does the user want?"\nbudget_usd: 0.5\nvectors: built-in');
    const ground = { workbook: "w", cell: "m", text, params: {} };
    const { mapId } = await keeper.keep(deskScope, { title: "Facets", ground }, () => undefined, never);
    expect(endpoint.asked).toHaveLength(3);
    await lake.append(deskScope, { spans: [modelStep(3)], scores: [] });
    expect(await keeper.placeNew(deskScope, mapId, never)).toBe(0);
    expect(endpoint.asked).toHaveLength(3);
    await collect(desk.run(deskScope, "facets", { text, cells: "all", params: {} }, byHand, never));
    expect(endpoint.asked).toHaveLength(4);
    await lake.append(deskScope, { spans: [modelStep(4)], scores: [] });
    expect(await keeper.placeNew(deskScope, mapId, never)).toBe(1);
    expect(endpoint.asked).toHaveLength(4);
    endpoint.close();
  } finally {
    await bench.close();
    await rm(folder, { recursive: true });
  }
});

const modelStep = (n: number) =>
  makeSpan({
    ...{ traceId: `t${n}`, spanId: `step${n}`, kind: "llm", businessUnit: n % 2 === 0 ? "support" : "claims" },
    startNs: BigInt(Date.UTC(2026, 10, 10 + n, 9, n)) * 1_000_000n,
    input: [{ role: "user", parts: [{ type: "text", content: `please refund ${n}` }] }],
    inputText: `please refund ${n}`
  });
