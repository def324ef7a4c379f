import { DuckDBInstance, JSDuckDBValueConverter } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Json, type Span, spanKinds } from "#lib/model/span.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { formatSpanRow, formatTimestampNs, parseSpanRow, spanColumns, spanSelectList } from "#lib/sql/span-columns.ts";
import { makeSpan } from "../spans.ts";

let instance: DuckDBInstance;
let connection: Awaited<ReturnType<DuckDBInstance["connect"]>>;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** What the engine answers for a span's row, as the lake asks it. */
async function readBack(span: Span): Promise<Span> {
  const row = JSON.stringify({ ...formatSpanRow(span), business_unit: span.businessUnit });
  const types = JSON.stringify(
    Object.fromEntries([...spanColumns.map(({ name, type }) => [name, type]), ["business_unit", "VARCHAR"]])
  );
  const answer = await connection.runAndReadAll(
    `select ${spanSelectList} from (select unnest(from_json($row::json, ${quoteText(types)}), max_depth := 1))`,
    { row }
  );
  const [found] = answer.convertRowObjects(JSDuckDBValueConverter);
  return parseSpanRow(found!);
}

const text = fc.string({ maxLength: 20 }).filter((value) => !value.includes("\0"));
const maybeText = fc.option(text);
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
  .filter((value) => !JSON.stringify(value).includes("\\u0000"));
const maybeCount = fc.option(fc.integer({ min: 0, max: 10_000_000 }));
const instant = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });
const keyed = fc.dictionary(fc.stringMatching(/^[a-z.]{1,12}$/), json, { maxKeys: 3 });

const someSpan: fc.Arbitrary<Span> = fc
  .record({
    name: text,
    kind: fc.constantFrom(...spanKinds),
    startNs: instant,
    endNs: instant,
    statusMessage: maybeText,
    agent: maybeText,
    agentVersion: maybeText,
    promptName: maybeText,
    promptVersion: maybeText,
    input: json,
    output: json,
    inputText: maybeText,
    toolArgs: json,
    retrievedDocs: fc.option(
      fc.array(fc.record({ id: maybeText, content: text, score: fc.option(fc.integer()), metadata: json }), {
        maxLength: 2
      })
    ),
    inputTokens: maybeCount,
    reasoningTokens: maybeCount,
    costUsd: fc.option(fc.integer({ min: 0, max: 100_000 }).map((count) => count / 1024)),
    finishReasons: fc.option(fc.array(text, { maxLength: 2 })),
    attributes: keyed,
    resource: keyed,
    events: json
  })
  .map((given) => makeSpan({ traceId: "t", spanId: "s", ...given }));

test("a span that went through the engine is the span it was", async () => {
  await fc.assert(
    fc.asyncProperty(someSpan, async (span) => {
      expect(await readBack(span)).toEqual(span);
    }),
    { numRuns: 80 }
  );
});

test("what is not known of a span is null in every column, and null again when read", async () => {
  const span = makeSpan({ traceId: "t", spanId: "s" });
  const known = Object.entries(formatSpanRow(span));
  expect(known.map(([name]) => name)).toEqual([
    "trace_id",
    "span_id",
    "name",
    "kind",
    "start_ts",
    "end_ts",
    "time_source",
    "status",
    "source"
  ]);
  expect(await readBack(span)).toEqual(span);
});

test("times keep their nanoseconds, also before 1970", async () => {
  expect(formatTimestampNs(1_795_132_800_000_000_001n)).toBe("2026-11-20 00:00:00.000000001");
  expect(formatTimestampNs(-1n)).toBe("1969-12-31 23:59:59.999999999");
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -4_000_000_000_000_000_000n, max: 8_000_000_000_000_000_000n }), async (ns) => {
      const answer = await connection.runAndReadAll(
        `select epoch_ns('${formatTimestampNs(ns)}'::timestamp_ns)::varchar`
      );
      expect(answer.getRows()).toEqual([[String(ns)]]);
    }),
    { numRuns: 60 }
  );
});
