import { afterEach, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import type { MapBuilder, MapRequest } from "#lib/ports/map-builder.ts";
import { openMapBuilder } from "#lib/server/map/builder.ts";

const opened: MapBuilder[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((builder) => builder.close()));
});

async function open(limits?: Parameters<typeof openMapBuilder>[0]): Promise<MapBuilder> {
  const builder = await openMapBuilder(limits);
  opened.push(builder);
  return builder;
}

function requestOf(n: number): MapRequest {
  const texts = Array.from({ length: n }, (_, i) => `${i % 2 ? "refund order money" : "flight seat gate"} number ${i}`);
  return { texts, traceIds: texts.map((_, i) => `t${i}`), seed: 1, neighbours: 15, minClusterSize: 0 };
}

const never = new AbortController().signal;
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  );

test("a map comes back with its steps told in order", async () => {
  const builder = await open();
  const steps: string[] = [];
  const answer = await builder.build(requestOf(80), ({ step }) => steps.push(step), never);
  expect(answer.x).toHaveLength(80);
  expect(answer.clusters.length).toBeGreaterThan(0);
  expect([...new Set(steps)]).toEqual(["vectors", "neighbours", "layout", "clusters", "words"]);
  expect(await builder.build(requestOf(80), () => undefined, never)).toEqual(answer);
});

test("a stopped map ends at once and the next one is built", async () => {
  const builder = await open();
  const stop = new AbortController();
  const first = faultOf(builder.build(requestOf(4000), ({ step }) => step === "layout" && stop.abort(), stop.signal));
  const second = builder.build(requestOf(30), () => undefined, never);
  const fault = await first;
  expect(isFault(fault) && fault.code === "limit" && fault.message).toBe("stopped");
  expect((await second).x).toHaveLength(30);
  const before = new AbortController();
  before.abort();
  expect(isFault(await faultOf(builder.build(requestOf(5), () => undefined, before.signal)))).toBe(true);
});

test("maps wait for each other", async () => {
  const builder = await open();
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  await Promise.all([builder.build(requestOf(60), note("a"), never), builder.build(requestOf(60), note("b"), never)]);
  expect(order.lastIndexOf("a")).toBeLessThan(order.indexOf("b"));
});

test("nothing to map, and settings out of range, are said in a sentence", async () => {
  const builder = await open();
  const empty = await faultOf(builder.build(requestOf(0), () => undefined, never));
  expect(isFault(empty) && empty.message).toBe("there are no traces to map");
  const wide = await faultOf(builder.build({ ...requestOf(5), neighbours: 900 }, () => undefined, never));
  expect(isFault(wide) && wide.message).toBe("neighbours is 900");
});

test("a map too large for its memory is refused before it starts, with a sample that fits", async () => {
  const builder = await open({ memoryBytes: 2 ** 28 });
  const fault = await faultOf(builder.build(requestOf(50_000), () => undefined, never));
  expect(isFault(fault) && fault.code).toBe("limit");
  expect(isFault(fault) && fault.hint).toMatch(/sample of \d+ traces/u);
});

test("a worker that dies is a fault, and the next map is built", async () => {
  const builder = await open({ memoryBytes: 2 ** 32, heapBytes: 32 * 2 ** 20 });
  const fault = await faultOf(builder.build(requestOf(80_000), () => undefined, never));
  expect(isFault(fault) && fault.code).toBe("broken");
  expect((await builder.build(requestOf(3), () => undefined, never)).x).toHaveLength(3);
});
