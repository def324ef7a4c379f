import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MaskRules, maskMark, noMaskRules, type UnitMask } from "#lib/model/mask.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import type { Span } from "#lib/model/span.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { hiddenIn } from "#lib/server/lake/terms-name.ts";
import { maskRows } from "#lib/sql/mask-columns.ts";
import { scorerSpanKeys } from "#lib/sql/mask-spans.ts";
import { formatScorerSpan } from "#lib/sql/scorer-span.ts";
import { lakeViews } from "#lib/sql/view-sql.ts";
import { views } from "#lib/sql/views.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

const card = "4111 1111 1111 1111";
const mail = "ann.lee@corp.test";
const customer = "KD-774411";
const everything = `card ${card}, write to ${mail}, number ${customer}`;
const secrets = [card, mail, customer];

const rules: MaskRules = {
  patterns: ["email", "card"],
  expressions: [{ name: "customer number", pattern: "KD-[0-9]{6}" }],
  fields: ["attributes.customer.name", "tool_args.door.code"]
};
const unitMask = (given: Partial<UnitMask> = {}): UnitMask => ({
  ...{ businessUnit: "support", version: 1, rules, userId: "tester", setAtMs: 0, salt: "s" },
  ...given
});

/** A span that says all of it wherever a span can say anything. */
function chatter(unit: string, word: string, given: Partial<Span> = {}): Span {
  const ids = { traceId: `${unit}${word}`, spanId: `${unit}${word}` };
  const plain = makeSpan({ ...ids, parentSpanId: null, businessUnit: unit });
  const kept = ["traceId", "spanId", "parentSpanId", "businessUnit", "kind", "timeSource", "status", "costSource"];
  const text = (Object.keys(plain) as (keyof Span)[]).filter(
    (key) => !kept.includes(key) && (plain[key] === null || typeof plain[key] === "string")
  );
  const numbers = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens"];
  const said = Object.fromEntries(
    text.filter((key) => ![...numbers, "costUsd", "ttftSeconds"].includes(key)).map((key) => [key, everything])
  );
  const json = { role: "user", parts: [{ type: "text", content: `a\n${everything}` }], [mail]: 4111111111111111 };
  return {
    ...plain,
    ...said,
    source: "sample",
    input: [json],
    output: { nested: JSON.stringify({ note: `x\n${everything}` }) },
    systemInstructions: json,
    toolDefinitions: [json],
    toolArgs: { door: { code: "open-sesame" }, more: everything },
    toolResult: everything,
    events: [{ name: "exception", attributes: { "exception.message": everything } }],
    links: [{ said: everything }],
    attributes: { "customer.name": "Grace Hopper", other: everything, count: 3 },
    resource: { host: everything },
    retrievedDocs: [{ id: everything, content: everything, score: 0.5, metadata: { from: everything } }],
    finishReasons: [everything],
    ...given
  };
}

const verdict = (unit: string, word: string): ScoreRecord => ({
  ...{ traceId: hexId(`${unit}${word}`, 32), spanId: null, businessUnit: unit, day: "2026-11-20", scorer: "s" },
  ...{ scorerVersion: "1", source: "scorer", durationMs: 1, costUsd: 0, runId: null, samplingProbability: 1 },
  scoredAtMs: Date.UTC(2026, 10, 20),
  score: {
    ...{ kind: "scored", value: 0, pass: false, label: everything, reason: everything },
    evidence: [{ spanId: null, quote: everything }]
  },
  detail: { said: everything }
});

let fixture: LakeFixture;
let masks: readonly UnitMask[] = [];
beforeAll(async () => {
  fixture = await openLakeFixture({ masks: () => masks });
  const admin = scopeOf(["support", "sales"]);
  const batch = (word: string) => ({
    spans: ["support", "sales"].map((unit) => chatter(unit, word)),
    scores: ["support", "sales"].map((unit) => verdict(unit, word))
  });
  await fixture.lake.append(admin, batch("sorted"));
  await fixture.lake.flush();
  await fixture.lake.append(admin, batch("fresh"));
  for (const unit of ["support", "sales"])
    await fixture.state.annotations.append(scopeOf([unit]), [
      {
        ...{ annotationId: unit, traceId: hexId(`${unit}sorted`, 32), spanId: null, businessUnit: unit },
        ...{ label: "odd", note: everything, userId: "tester", createdAtMs: 1, source: null }
      }
    ]);
});
afterAll(() => fixture.close());

async function withKernel<T>(units: readonly string[], work: (kernel: Kernel) => Promise<T>): Promise<T> {
  const kernel = await fixture.lake.openKernel(scopeOf(units));
  try {
    return await work(kernel);
  } finally {
    await kernel.close();
  }
}

describe("what a unit hides", () => {
  test("is in no column of any view, sorted or fresh, and is in the files as it was", async () => {
    masks = [unitMask()];
    const left = await withKernel(["support"], async (kernel) => {
      const found: string[] = [];
      for (const { name, columns } of views) {
        for (const row of await kernel.rows(`select * from ${name}`, {}, 100)) {
          for (const column of columns) {
            const said =
              JSON.stringify(row[column.name], (_, value: unknown) =>
                typeof value === "bigint" ? String(value) : value
              ) ?? "";
            if (/4111|ann\.lee|KD-77|Grace|sesame/.test(said))
              found.push(`${name}.${column.name}: ${said.slice(0, 80)}`);
          }
        }
      }
      const [counts] = await kernel.rows("select count(*) as n, count(input) as said from traces", {}, 1);
      expect(counts).toEqual({ n: 2, said: 2 });
      return found;
    });
    expect(left).toEqual([]);
    masks = [];
    await withKernel(["support"], async (kernel) => {
      const [row] = await kernel.rows("select input_text, user_id from spans", {}, 1);
      expect(row).toEqual({ input_text: everything, user_id: everything });
    });
  });

  test("leaves the JSON of scorers JSON, and all else in it as it was", async () => {
    const read = (unit: string) =>
      withKernel([unit], async (kernel) => {
        const rows = await kernel.rows("select document from trace_documents order by trace_id", {}, 9);
        return rows.map((row) => JSON.parse(String(row["document"])) as { spans: Record<string, unknown>[] });
      });
    masks = [];
    const raw = await read("support");
    masks = [unitMask()];
    const shown = await read("support");
    expect(shown).toHaveLength(2);
    for (const [at, document] of shown.entries()) {
      const [span, was] = [document.spans[0]!, raw[at]!.spans[0]!];
      expect(Object.keys(span)).toEqual(Object.keys(was));
      for (const key of ["id", "startedAt", "durationMs", "status", "kind", "usage"])
        expect(span[key]).toEqual(was[key]);
      expect(span["input"]).toEqual([
        {
          role: "user",
          parts: [{ type: "text", content: `a\ncard ${maskMark}, write to ${maskMark}, number ${maskMark}` }],
          [maskMark]: maskMark
        }
      ]);
      expect(JSON.parse((span["output"] as { nested: string }).nested)).toEqual({
        note: `x\ncard ${maskMark}, write to ${maskMark}, number ${maskMark}`
      });
      expect(span["attributes"]).toMatchObject({ "customer.name": maskMark, count: 3 });
      expect(span["toolArgs"]).toMatchObject({ door: { code: maskMark } });
    }
  });

  test("is found by no search, and by nothing that tells that it is there", async () => {
    masks = [unitMask()];
    const search = (words: string) =>
      withKernel(["sales", "support"], async (kernel) => {
        const rows = await kernel.rows("select business_unit from search($words)", { words }, 9);
        return rows.map((row) => row["business_unit"]).sort();
      });
    for (const words of ['"4111 1111 1111 1111"', "4111", "ann.lee@corp.test", "KD-774411", "774411", "sesame"])
      expect(await search(words)).toEqual(["sales", "sales"]);
    expect(await search("write to")).toEqual(["sales", "sales", "support", "support"]);
  });

  test("of one unit is hidden there alone", async () => {
    masks = [unitMask()];
    await withKernel(["sales", "support"], async (kernel) => {
      const rows = await kernel.rows("select business_unit as unit, input_text as said from spans", {}, 9);
      for (const { unit, said } of rows)
        expect(secrets.some((secret) => String(said).includes(secret))).toBe(unit === "sales");
    });
  });

  test("names of people stay apart and cannot be guessed", async () => {
    masks = [unitMask()];
    const names = await withKernel(["support"], (kernel) =>
      kernel.rows("select distinct user_id, session_id from traces", {}, 9)
    );
    expect(names).toHaveLength(1);
    expect(names[0]!["user_id"]).toMatch(/^▮▮▮[0-9a-f]{8}$/);
    masks = [unitMask({ salt: "other" })];
    const others = await withKernel(["support"], (kernel) => kernel.rows("select distinct user_id from traces", {}, 9));
    expect(others[0]!["user_id"]).not.toBe(names[0]!["user_id"]);
  });

  test("whole columns can be hidden, with what repeats them", async () => {
    const fields = ["input", "tool_result", "retrieved_docs", "attributes", "events", "user_id", "status_message"];
    masks = [unitMask({ rules: { patterns: [], expressions: [], fields } })];
    await withKernel(["support"], async (kernel) => {
      const [row] = await kernel.rows("select * from spans", {}, 1);
      expect(row).toMatchObject({
        input: `"${maskMark}"`,
        input_text: maskMark,
        tool_result: `"${maskMark}"`,
        status_message: maskMark
      });
      expect(row!["output_text"]).toBe(maskMark);
      expect(row!["system_instructions"]).toContain(card);
      const [trace] = await kernel.rows(
        "select t.input, d.document from traces t join trace_documents d using (trace_id)",
        {},
        1
      );
      expect(trace!["input"]).toBe(maskMark);
      const document = JSON.parse(String(trace!["document"])) as { spans: { input: unknown; documents: unknown }[] };
      expect(document.spans[0]).toMatchObject({
        input: maskMark,
        inputText: maskMark,
        documents: [{ content: maskMark }]
      });
    });
  });

  test("does not show its beginning where a trace's text was cut", async () => {
    masks = [unitMask({ rules: { ...rules, fields: [] } })];
    const cut = `${"x".repeat(19_980)} card 4111 1111 1111 1111`;
    await fixture.lake.append(scopeOf(["support"]), {
      spans: [chatter("support", "cut", { input: null, inputText: cut })],
      scores: []
    });
    const [row] = await withKernel(["support"], (kernel) =>
      kernel.rows("select input from traces where length(input) > 10000", {}, 1)
    );
    expect(row!["input"]).toMatch(/^x+…$/);
  });

  test("changes nothing in how units without rules are read", () => {
    const table = (name: string) => ({
      parquet: [`/lake/${name}/business_unit=sales/date=2026-11-20/a.parquet`],
      ...{ ndjson: [], largestNdjsonBytes: 0 }
    });
    const files = {
      ...{ spans: table("spans"), first_parts: table("first_parts"), trace_parts: table("trace_parts") },
      ...{ scores: table("scores"), placements: table("placements"), embeddings: table("embeddings") }
    };
    const statements = (masks: readonly UnitMask[]) => [...lakeViews(files, masks).values()].map((view) => view.sql());
    const plain = statements([]);
    expect(statements([unitMask()])).toEqual(plain);
    const none = unitMask({ businessUnit: "sales", rules: noMaskRules });
    expect(statements([none])).toEqual(plain);
    expect(statements([unitMask({ businessUnit: "sales" })])).not.toEqual(plain);
  });

  test("is not read in vectors that were made of the texts before", () => {
    const mask = unitMask({ setAtMs: 5 });
    expect(maskRows("embeddings", {}, mask, "select 1")).toBe(
      "select * from (select 1) where embedded_at >= make_timestamp(5000)"
    );
  });

  test("has a place for every key of a span as scorers get it", () => {
    const span = chatter("support", "keys");
    expect(Object.keys(JSON.parse(formatScorerSpan(span)) as object)).toEqual(Object.keys(scorerSpanKeys));
  });
});

const piece = fc.constantFrom(
  ...[
    "refund",
    "Größe",
    "退款",
    "KD-774411",
    "KD-7744112",
    mail,
    `${mail}x`,
    card,
    `${card}7`,
    "4111",
    "ORD-17",
    "x".repeat(50)
  ],
  ...["KD", "774411", "1e+21", "\\u00fc", "said\tso", "corp", "\ufdd0"]
);
const gap = fc.constantFrom(" ", "", ", ", "\n", '"', "\\", "-");
const text = fc
  .array(fc.tuple(piece, gap), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.map(([said, between]) => said + between).join(""));
const place = fc.constantFrom("inputText", "outputText", "toolArgs", "toolResult", "input");
const someRules = fc.record({
  patterns: fc.subarray<(typeof rules.patterns)[number]>(["email", "card", "phone"]),
  expressions: fc
    .subarray(["KD-[0-9]{6}", "7+", "^refund", "[a-z]+@", "(?i)GR", "款"], { minLength: 1 })
    .map((all) => all.map((pattern) => ({ name: pattern, pattern }))),
  fields: fc.subarray(["tool_args.note", "tool_result", "input"])
});

test("words are found by the index as they are in the texts themselves, whatever is hidden and since when", async () => {
  const own = await openLakeFixture({ masks: () => masks });
  const search = async (questions: readonly string[]) => {
    const kernel = await own.lake.openKernel(scopeOf(["support"]));
    const found: string[] = [];
    for (const words of questions) {
      const rows = await kernel
        .rows('select trace_id, "date"::varchar as day from search($words)', { words }, 999)
        .catch((error: unknown) => [String(error)]);
      found.push(JSON.stringify(rows.map((row) => JSON.stringify(row)).sort()));
    }
    await kernel.close();
    return found;
  };
  const indexes = async () => {
    const files = await own.state.catalog.listFiles({ snapshotId: await own.lake.snapshotId() });
    return files.filter(({ table }) => table === "terms").map(({ path }) => hiddenIn(path));
  };
  try {
    masks = [];
    const said = fc.sample(fc.tuple(place, text), { numRuns: 40, seed: 5 });
    const spans = said.map(([field, words], at) => {
      const json = field.startsWith("tool") || field === "input";
      const ids = { traceId: `t${at % 20}`, spanId: `s${at}`, parentSpanId: null, businessUnit: "support" };
      const startNs = BigInt(Date.UTC(2026, 10, 20 + (at % 3))) * 1_000_000n;
      return makeSpan({
        ...ids,
        startNs,
        endNs: startNs,
        [field]: json ? { note: words, n: 4111111111111111 } : words
      });
    });
    await own.lake.append(scopeOf(["support"]), { spans, scores: [] });
    await own.lake.flush();
    const names = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        someRules,
        fc.array(fc.oneof(piece, text), { minLength: 4, maxLength: 4 }),
        async (given, asked) => {
          const questions = [
            ...asked,
            `"${asked[0]}"`,
            `"${asked[1]} ${asked[2]}"`,
            `${asked[3]!.slice(0, 4)}*`,
            "774*",
            "r*"
          ];
          masks = [unitMask({ rules: given })];
          const before = await indexes();
          const read = await search(questions);
          while (!(await own.lake.flush()));
          const after = await indexes();
          expect(new Set(after).size).toBe(1);
          expect(after.every((name) => name !== "" && !before.includes(name))).toBe(true);
          names.add(after[0]!);
          expect(await search(questions)).toEqual(read);
        }
      ),
      { seed: 11, numRuns: 2 }
    );
    expect(names.size).toBe(2);
    expect(await own.lake.verify()).toEqual([]);
    masks = [];
    await own.lake.flush();
    expect(new Set(await indexes())).toEqual(new Set([""]));
  } finally {
    await own.close();
  }
});
