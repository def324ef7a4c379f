import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import type { ExportRequest } from "#lib/ports/intake.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { unzip } from "#lib/server/intake/unzip.ts";
import { ExportDesk } from "#lib/work/export-desk.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { ingestKey as key } from "./ingest-key.ts";

let fixture: LakeFixture;
beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

const clock = { nowMs: () => Date.UTC(2026, 10, 20), newId: () => "" };
const body = (spanId = "aaaaaaaaaaaaaaa1", count = 1) =>
  JSON.stringify({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: Array.from({ length: count }, (_, at) => ({
              traceId: "0af7651916cd43dd8448eb211c80319c",
              spanId: (BigInt(`0x${spanId}`) + BigInt(at)).toString(16),
              name: "step",
              startTimeUnixNano: "1763600000000000000"
            }))
          }
        ]
      }
    ]
  });
const request = (text: string | Uint8Array, more: Partial<ExportRequest> = {}): ExportRequest => ({
  signal: "traces",
  encoding: "json",
  gzip: false,
  body: typeof text === "string" ? new TextEncoder().encode(text) : text,
  ...more
});
const open = (lake: Lake = fixture.lake) =>
  new ExportDesk({ lake, logMessages: fixture.state.logMessages, clock, unzip });
const failing = (error: Error): Lake =>
  new Proxy(fixture.lake, {
    get: (target, name: keyof Lake) => (name === "append" ? () => Promise.reject(error) : target[name].bind(target))
  });
const said = (reply: { readonly body: Uint8Array }) => JSON.parse(new TextDecoder().decode(reply.body)) as unknown;

async function countSpans(): Promise<number> {
  const kernel = await fixture.lake.openKernel(scopeOf(["support"]));
  try {
    return Number((await kernel.rows("select count(*)::int as n from spans", {}, 1))[0]?.n);
  } finally {
    await kernel.close();
  }
}

test("an export is answered when its spans are in the lake, plain or zipped", async () => {
  const desk = open();
  const plain = await desk.answer(key, request(body()));
  expect([plain.status, said(plain)]).toEqual([200, {}]);
  const zipped = await desk.answer(key, request(gzipSync(body("aaaaaaaaaaaaaab1", 3)), { gzip: true }));
  expect([zipped.status, said(zipped)]).toEqual([200, {}]);
  await desk.settle();
  expect(await countSpans()).toBe(4);
});

test("what can never be taken in is not asked for again", async () => {
  const desk = open();
  const zeros = gzipSync(Buffer.alloc(21 * 2 ** 20));
  for (const [status, wrong] of [
    [400, request("{")],
    [400, request("7")],
    [400, request('{"resourceSpans":7}')],
    [400, request(new Uint8Array([255]))],
    [400, request(new Uint8Array([255]), { encoding: "protobuf" })],
    [400, request("no gzip", { gzip: true })],
    [413, request(zeros, { gzip: true })]
  ] as const) {
    const reply = await desk.answer(key, wrong);
    expect([reply.status, reply.retryAfterSeconds]).toEqual([status, null]);
    if (wrong.encoding === "json") expect(said(reply)).toMatchObject({ code: 3, message: expect.stringMatching(/./) });
  }
  expect(await countSpans()).toBe(0);
});

test("a key beyond its rate and a full disk are told to come again, each in its own way", async () => {
  const desk = open();
  const slow = { ...key, spansPerSecond: 1 };
  expect((await desk.answer(slow, request(body("aaaaaaaaaaaaaaa1", 12)))).status).toBe(200);
  const late = await desk.answer(slow, request(body("bbbbbbbbbbbbbbb1")));
  expect(late).toMatchObject({ status: 429, retryAfterSeconds: 2 });
  expect(said(late)).toMatchObject({ code: 8 });
  const full = await open(failing(new Fault("limit", "the disk is full"))).answer(
    key,
    request(body("ccccccccccccccc1"))
  );
  expect(full).toMatchObject({ status: 503, retryAfterSeconds: 30 });
  expect(said(full)).toEqual({ code: 14, message: "the disk is full" });
  expect(await countSpans()).toBe(12);
});

test("a defect of the workbench is logged in full and told without its insides", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const reply = await open(failing(new Error("secret insides"))).answer(key, request(body()));
  expect([reply.status, JSON.stringify(said(reply))]).toEqual([500, expect.not.stringContaining("secret")]);
  expect(log).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ message: "secret insides" }));
  log.mockRestore();
});
