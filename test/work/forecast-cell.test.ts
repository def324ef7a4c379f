import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint } from "#lib/server/embed/endpoint.ts";
import { parseCellForecastRequest } from "#lib/wire/cell-forecast.ts";
import { forecastCell } from "#lib/work/forecast-cell.ts";
import { type EmbeddingsServer, openEmbeddingsServer } from "../server/embed/endpoint.ts";
import { scopeOf } from "../server/lake/fixture.ts";
import { byHand, collect, openDesk, scope } from "./desk-fixture.ts";

let server: EmbeddingsServer;
let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  server = await openEmbeddingsServer();
  const given = { baseUrl: server.url, apiKey: null, model: "words", usdPerMillionTokens: 10, tokensPerText: 100 };
  bench = await openDesk({}, { embedder: openEndpoint(given) });
});
afterAll(async () => {
  await bench.close();
  await server.close();
});

const never = new AbortController().signal;
const textOf = (yaml: string) =>
  `\`\`\`sql few\nselect trace_id from traces\n\`\`\`\n\n\`\`\`yaml map m\ntraces: few\n${yaml}\n\`\`\`\n`;

async function forecast(yaml: string, who = scope, embedder = bench.doors.embedder ?? null) {
  const ground = { workbook: "w", cell: "m", text: textOf(yaml), params: {} };
  const doors = { ...bench.doors, embedder, model: null, borrow: bench.desk.borrow.bind(bench.desk) };
  const reply = await forecastCell(doors, who, ground, never);
  if (reply.kind !== "map") throw new Error("no map");
  return reply;
}

test("a forecast counts traces, texts and what is not embedded yet, and asks no model", async () => {
  const reply = await forecast("text: input");
  expect(reply).toMatchObject({ model: "words", traces: 40, texts: 40, missing: 40 });
  // `trace <n> refund <m>` has 16 characters for ten traces, and 17 for the others: four tokens, or five.
  expect(reply.tokens).toBe(10 * 4 + 30 * 5);
  expect(reply.costUsd).toBeCloseTo(0.0019, 10);
  expect(server.asked).toHaveLength(0);
});

test("what a run embedded costs nothing any more, to those who see it", async () => {
  const request = { text: textOf("text: input\nlimit: 10"), cells: ["m"], params: {} } as const;
  await collect(bench.desk.run(scope, "w", request, byHand, never));
  // Two of the ten newest have a number of one digit.
  expect(await forecast("text: input")).toMatchObject({ missing: 30, tokens: 190 - (2 * 4 + 8 * 5) });
  const one = await forecast("text: input", scopeOf(["support"]));
  expect(one.traces).toBe(20);
  expect(one.missing).toBeGreaterThan(9);
});

test("a map that makes its own vectors costs nothing", async () => {
  const own = { kind: "map", facet: null, model: null, traces: 40, texts: 40, missing: 0, tokens: 0, costUsd: 0 };
  expect(await forecast("text: input\nvectors: built-in")).toEqual(own);
  expect(await forecast("text: input", scope, null)).toEqual(own);
  await expect(forecast("text: input\nvectors: model", scope, null)).rejects.toMatchObject({ code: "invalid" });
});

test("a text says of its map cells which model they would ask", async () => {
  const modelOf = async (yaml: string) =>
    (await bench.desk.read(scope, "w", textOf(yaml))).cells.find(({ key }) => key === "m")?.vectorModel;
  expect(await modelOf("text: input")).toBe("words");
  expect(await modelOf("vectors: built-in")).toBeUndefined();
  expect(await modelOf("vectors: other")).toBeUndefined();
});

test("a request without a text, or with other parameters than plain ones, is refused", () => {
  expect(parseCellForecastRequest({ text: "a", params: { n: 1 } })).toMatchObject({ text: "a", params: { n: 1 } });
  expect(() => parseCellForecastRequest({ params: {} })).toThrow(/"text" is not a text/);
  expect(() => parseCellForecastRequest({ text: "a", params: { n: [] } })).toThrow(/parameter "n"/);
});

test("a score cell whose scorer asks no model tells how long it would take", async () => {
  const text =
    "```sql few\nselect trace_id from traces limit 12\n```\n\n```ts scorer mine\ndenied\n```\n\n```yaml score v\ntraces: few\nscorer: mine\n```\n";
  const { lake, maps, compiler, sandbox, findScorer } = bench.doors;
  const doors = { lake, maps, compiler, sandbox, findScorer, embedder: null, model: null };
  const reply = await forecastCell(
    { ...doors, borrow: bench.desk.borrow.bind(bench.desk) },
    scope,
    { workbook: "w", cell: "v", text, params: {} },
    never
  );
  // The sandbox double says that each call took a millisecond.
  expect(reply).toEqual({ kind: "scorer", traces: 12, calls: 12, sampled: 12, msPerCall: 1 });
});
