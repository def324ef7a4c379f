import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Span } from "#lib/model/span.ts";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
const scope = scopeOf(["support"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

async function readSpans(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const kernel = await fixture.lake.openKernel(scope);
  try {
    return await kernel.rows(
      `select trace_id, span_id, name, output_text, input, tool_args, finish_reasons, to_json(retrieved_docs)::varchar as docs, attributes from spans order by span_id`,
      {},
      10_000
    );
  } finally {
    await kernel.close();
  }
}

/** Files of the spans that are merged when there are many. */
const listParquet = async () =>
  (await fixture.state.catalog.listFiles({ snapshotId: await fixture.lake.snapshotId(), tables: ["spans"] })).filter(
    ({ format }) => format === "parquet"
  );

/** The same text in every form that a column may have. */
function spanOf(text: string, index = 0, traceId = "t"): Span {
  return makeSpan({
    traceId,
    spanId: String(index),
    name: text,
    kind: "llm",
    input: [{ role: "user", parts: [{ type: "text", content: text }] }],
    outputText: text,
    toolArgs: { [`key ${text}`]: text },
    finishReasons: [text],
    retrievedDocs: [{ id: "d", content: text, score: 0.5, metadata: { text } }],
    attributes: { said: text }
  });
}

const scripts = {
  emoji: "👩‍👩‍👧‍👦 🇩🇪 🙏🏽",
  "right to left": "مرحبا بالعالم — שלום",
  "ends of ranges": "\u0001\u001f\u007f\u0080\u2028\u2029\ufeff\uffff\u{10ffff}",
  NUL: "before\u0000after",
  "only NUL": "\u0000",
  combining: "e\u0301 \u1112\u1161\u11ab Z̷̢̛a̴lgo",
  quotes: `"'\\\\n\\u0041 \r\n\t</script>{}[]`,
  empty: ""
};

test("texts of any script are the same after append, flush and merging", async () => {
  const texts = Object.values(scripts);
  const spans = texts.map((text, n) => spanOf(text, n));
  const check = async () => {
    const rows = (await readSpans()).filter((row) => row.trace_id === spans[0]!.traceId);
    expect(rows).toHaveLength(texts.length);
    for (const row of rows) {
      const text = texts[spans.findIndex(({ spanId }) => spanId === row.span_id)]!;
      expect(row).toMatchObject({ name: text, output_text: text, finish_reasons: [text] });
      expect(JSON.parse(String(row.input))[0].parts[0].content).toBe(text);
      expect(JSON.parse(String(row.tool_args))).toEqual({ [`key ${text}`]: text });
      expect(JSON.parse(String(row.attributes))).toEqual({ said: text });
      expect(JSON.parse(String(row.docs))[0].content).toBe(text);
    }
  };
  await fixture.lake.append(scope, { spans, scores: [] });
  await check();
  await fixture.lake.flush();
  await check();
  const before = (await listParquet()).map(({ path }) => path);
  for (let n = 0; n < 9; n++) {
    await fixture.lake.append(scope, { spans: [spanOf("more", 0, `more ${n}`)], scores: [] });
    await fixture.lake.flush();
  }
  expect((await listParquet()).filter(({ path }) => before.includes(path))).toEqual([]);
  await check();
  expect(await fixture.lake.append(scope, { spans, scores: [] })).toMatchObject({ spansUnchanged: texts.length });
});

test("half of a character never makes the lake unreadable: columns of text show it as U+FFFD, JSON keeps it", async () => {
  const halves = ["a\ud83d", "\ude00b", "\ud83d\ud83d\ude00", "\ude00\ud83d"];
  await fixture.lake.append(scope, { spans: halves.map((text, n) => spanOf(text, n)), scores: [] });
  for (const flushed of [false, true]) {
    if (flushed) await fixture.lake.flush();
    const rows = await readSpans();
    expect(rows.map((row) => row.output_text).sort()).toEqual(halves.map((text) => text.toWellFormed()).sort());
    expect(rows.map((row) => JSON.parse(String(row.attributes)).said).sort()).toEqual([...halves].sort());
  }
  expect(
    await fixture.lake.append(scope, { spans: halves.map((text, n) => spanOf(text, n)), scores: [] })
  ).toMatchObject({
    spansUnchanged: 4
  });
  // The first is written anew with its trace, and is still the same span to the lake.
  await fixture.lake.append(scope, { spans: [spanOf("other", 3)], scores: [] });
  expect(await fixture.lake.append(scope, { spans: [spanOf(halves[0]!)], scores: [] })).toMatchObject({
    spansUnchanged: 1
  });
});

test("a long text that is cut for the list of traces is not cut through a character", async () => {
  await fixture.lake.append(scope, { spans: [spanOf(`x${"😀".repeat(15_000)}`)], scores: [] });
  const kernel = await fixture.lake.openKernel(scope);
  const [row] = await kernel.rows("select input, output from traces", {}, 1);
  await kernel.close();
  expect(row!.input).toBe(`x${"😀".repeat(9_999)}`);
  expect(row!.output).toBe(row!.input);
});

test("any text comes back as it was", async () => {
  let trace = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 20, maxLength: 40 }),
      async (texts) => {
        const traceId = `random ${trace++}`;
        await fixture.lake.append(scope, { spans: texts.map((text, n) => spanOf(text, n, traceId)), scores: [] });
        const ids = texts.map((text, n) => [spanOf(text, n, traceId).spanId, text] as const);
        const kernel = await fixture.lake.openKernel(scope);
        const rows = await kernel.rows("select span_id, output_text from spans", {}, 100_000);
        await kernel.close();
        const found = new Map(rows.map((row) => [row.span_id, row.output_text]));
        expect(ids.map(([id]) => found.get(id))).toEqual(ids.map(([, text]) => text.toWellFormed()));
      }
    ),
    { numRuns: 4, seed: 3 }
  );
});

test.each([
  ["an instant that no nanosecond can say", { startNs: 2n ** 64n - 1n }, /lies outside the years/],
  ["an end before all calendars", { endNs: -(2n ** 63n) }, /lies outside the years/],
  ["a count that is none", { inputTokens: 1e30 }, /inputTokens 1e\+30 is no count/],
  ["half a token", { outputTokens: 0.5 }, /is no count/],
  ["a cost without a number", { costUsd: Number.POSITIVE_INFINITY }, /costUsd Infinity is no number/]
])("%s is refused by name and does not make the rest unreadable", async (_, wrong, message) => {
  await fixture.lake.append(scope, { spans: [spanOf("good")], scores: [] });
  await expect(
    fixture.lake.append(scope, { spans: [spanOf("fine", 1), { ...spanOf("bad", 2), ...wrong }], scores: [] })
  ).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(message) });
  expect(await readSpans()).toHaveLength(1);
});
