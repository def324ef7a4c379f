import { afterEach, expect, test, vi } from "vitest";
import { layPart, samplePart } from "#lib/browser/lay-part.ts";
import type { PageThread } from "#lib/browser/page-thread.ts";
import type { PartAnswer, PartQuestion } from "#lib/browser/part-worker.ts";
import { Fault, reportOf } from "#lib/model/fault.ts";

afterEach(() => vi.unstubAllGlobals());

const places = { x: Float32Array.of(0, 1), y: Float32Array.of(2, 3) };
const wish = { traceIds: ["a", "b"], places, seed: 4, path: "/part" };
const never = new AbortController().signal;

function openThread() {
  const asked: PartQuestion[] = [];
  let hear: (answer: PartAnswer) => void = () => undefined;
  let ended = 0;
  const thread: PageThread<PartQuestion, PartAnswer> = {
    postMessage: (question) => asked.push(question),
    listen: (listener) => {
      hear = listener;
    },
    terminate: () => {
      ended++;
    }
  };
  return { open: () => thread, asked, say: (answer: PartAnswer) => hear(answer), ended: () => ended };
}

test("a part is asked for by its ids, laid out in a thread, and the thread ends", async () => {
  const server = vi.fn(async (..._: Parameters<typeof fetch>) => new Response(Uint8Array.of(1, 2, 3)));
  vi.stubGlobal("fetch", server);
  const { open, asked, say, ended } = openThread();
  const told: string[] = [];
  const laid = layPart(wish, (done, total) => told.push(`${done}/${total}`), never, open);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toEqual({ bytes: Uint8Array.of(1, 2, 3), places, seed: 4 });
  expect(server.mock.calls[0]?.[1]?.body).toBe('{"traceIds":["a","b"]}');
  say({ kind: "progress", done: 20, total: 500 });
  const alone = { x: Float32Array.of(9, 9), y: Float32Array.of(8, 8) };
  say({ kind: "laid", places: alone, untold: 1 });
  expect(await laid).toMatchObject({ places: alone, untold: 1 });
  expect([told, ended()]).toEqual([["20/500"], 1]);
});

test("what the server refuses opens no thread, and what a thread cannot do is said", async () => {
  const fault = reportOf(new Fault("invalid", "a layout needs at least 5 different texts"));
  vi.stubGlobal("fetch", async () => Response.json({ fault }, { status: 400 }));
  const first = openThread();
  await expect(layPart(wish, () => undefined, never, first.open)).rejects.toThrow(/at least 5/);
  expect(first.asked).toHaveLength(0);
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array()));
  const { open, asked, say, ended } = openThread();
  const laid = layPart(wish, () => undefined, never, open);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  say({ kind: "fault", report: reportOf(new Fault("broken", "the worker broke")) });
  await expect(laid).rejects.toThrow(/the worker broke/);
  expect(ended()).toBe(1);
});

test("one that is stopped ends its thread at once", async () => {
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array()));
  const { open, asked, ended } = openThread();
  const abort = new AbortController();
  const laid = layPart(wish, () => undefined, abort.signal, open);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  abort.abort();
  await expect(laid).rejects.toThrow(/abort/i);
  expect(ended()).toBe(1);
});

test("a sample has 5,000 of the points, in their order, the same for the same seed", () => {
  const points = Int32Array.from({ length: 20_000 }, (_, at) => 3 * at);
  const sample = samplePart(points, 7);
  expect([sample.length, new Set(sample).size]).toEqual([5_000, 5_000]);
  expect(sample).toEqual(samplePart(points, 7).slice().sort());
  expect(sample).not.toEqual(samplePart(points, 8));
  expect(sample.every((point) => point % 3 === 0)).toBe(true);
  const mean = sample.reduce((sum, point) => sum + point, 0) / sample.length;
  expect(Math.abs(mean - 30_000)).toBeLessThan(1_500);
  expect(samplePart(points.subarray(0, 12), 7)).toEqual(points.subarray(0, 12));
});
