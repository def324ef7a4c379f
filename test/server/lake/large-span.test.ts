import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
let folder: string;
const scope = scopeOf(["support"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
  folder = await mkdtemp(`${tmpdir()}/tracebook-large-`);
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

/** Seeded words of several scripts, so many bytes in UTF-8. */
function longText(least: number): string {
  const random = seededRandom(10);
  const words = ["refund", "заказ", "払い戻し", "🙏🏽", "a\u0000b", '"quoted"', "line\nbreak", "\\u0041"];
  const parts: string[] = [];
  for (let bytes = 0; bytes < least; ) {
    const word = `${words[Math.floor(random() * words.length)]} ${Math.floor(random() * 1e6)} `;
    parts.push(word);
    bytes += Buffer.byteLength(word);
  }
  return parts.join("");
}

const digest = (text: unknown) => createHash("sha256").update(String(text)).digest("hex");

async function importFile(name: string, document: unknown) {
  const path = `${folder}/${name}`;
  await writeFile(path, JSON.stringify(document));
  return importTraces(
    { lake: fixture.lake, annotations: fixture.state.annotations, sources: localFiles, clock: systemClock },
    scope,
    { path, businessUnit: "support", format: null, environment: null },
    () => undefined,
    new AbortController().signal
  );
}

async function ask(sql: string) {
  const kernel = await fixture.lake.openKernel(scope);
  try {
    return await kernel.rows(sql, {}, 100);
  } finally {
    await kernel.close();
  }
}

test("a message of 10 MB in an OTLP document is read back byte for byte, and its neighbour too", async () => {
  const text = longText(10_000_000);
  const span = (spanId: string, content: string) => ({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId,
    name: "chat",
    startTimeUnixNano: "1795132800000000001",
    endTimeUnixNano: "1795132801000000003",
    attributes: [
      { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
      {
        key: "gen_ai.input.messages",
        value: { stringValue: JSON.stringify([{ role: "user", parts: [{ type: "text", content }] }]) }
      }
    ]
  });
  const summary = await importFile("large.json", {
    resourceSpans: [{ scopeSpans: [{ spans: [span("b7ad6b7169203331", text), span("b7ad6b7169203332", "short")] }] }]
  });
  expect(summary).toMatchObject({ spans: 2, spansAdded: 2, rejected: 0 });
  const rows = await ask("select input, input_text from spans order by span_id");
  expect(rows.map((row) => digest(JSON.parse(String(row.input))[0].parts[0].content))).toEqual([
    digest(text),
    digest("short")
  ]);
  expect(digest(rows[0]!.input_text)).toBe(digest(text));
  expect(await fixture.lake.verify()).toEqual([]);
}, 120_000);

test("a message of 2 MB in a chat run is read back byte for byte", async () => {
  const text = longText(2_000_000);
  const summary = await importFile("runs.json", [
    {
      task_id: 1,
      trial: 0,
      reward: 1,
      info: {},
      traj: [
        { role: "system", content: "Be kind." },
        { role: "user", content: text },
        { role: "assistant", content: "That was long." }
      ]
    }
  ]);
  expect(summary).toMatchObject({ traces: 1, rejected: 0 });
  const [row] = await ask("select input, input_text from spans where kind = 'llm'");
  expect(digest(JSON.parse(String(row!.input)).at(-1).parts[0].content)).toBe(digest(text));
  expect(String(row!.input_text).includes(text)).toBe(true);
}, 120_000);

test("a trace of 25,000 spans is taken in, added to and read within seconds", async () => {
  const spans = Array.from({ length: 25_000 }, (_, index) =>
    makeSpan({
      traceId: "long",
      spanId: String(index),
      parentSpanId: index === 0 ? null : String(Math.floor((index - 1) / 4)),
      kind: index % 2 === 0 ? "llm" : "tool",
      inputTokens: index % 2 === 0 ? 1 : null,
      startNs: BigInt(Date.UTC(2026, 10, 20)) * 1_000_000n + BigInt(index) * 1_000_000n,
      outputText: `answer ${index}`
    })
  );
  const began = performance.now();
  await fixture.lake.append(scope, { spans: spans.slice(0, 24_000), scores: [] });
  const first = performance.now();
  await fixture.lake.append(scope, { spans: spans.slice(24_000), scores: [] });
  const second = performance.now();
  await fixture.lake.flush();
  const flushed = performance.now();
  const [row] = await ask("select spans, tokens_in, llm_calls from traces");
  console.log(
    `24,000 spans taken in after ${Math.round(first - began)} ms, 1,000 more after ${Math.round(second - first)} ms, flushed after ${Math.round(flushed - second)} ms`
  );
  // Of each wrapper only what it wraps counts: three quarters of the spans are leaves, half of those call a model.
  const parents = new Set(spans.map(({ parentSpanId }) => parentSpanId));
  const leaves = spans.filter(({ spanId, kind }) => kind === "llm" && !parents.has(spanId)).length;
  expect(row).toMatchObject({ spans: 25_000, llm_calls: 12_500 });
  expect(Number(row!.tokens_in)).toBeGreaterThanOrEqual(leaves);
  expect(await ask("select count(*) as n, count(distinct span_id) as d from spans")).toEqual([
    { n: 25_000, d: 25_000 }
  ]);
  expect(flushed - began).toBeLessThan(90_000);
}, 120_000);
