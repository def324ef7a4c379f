import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ColumnUse,
  checkMapping,
  columnTargets,
  formatColumnUse,
  formatMapOptions,
  parseColumnUse
} from "#lib/formats/column-mapping.ts";
import { findColumn, listColumns } from "#lib/formats/column-mapping-cells.ts";
import { plainMapping, suggestMapping } from "#lib/formats/column-mapping-guess.ts";
import { MappedRows } from "#lib/formats/column-mapping-rows.ts";
import {
  readInstant,
  readKind,
  readNumber,
  readStatus,
  readVerdict,
  tellEpochUnit
} from "#lib/formats/column-mapping-values.ts";
import { type Fields, isFields } from "#lib/formats/fields.ts";
import { findScoreDefect, findSpanDefect } from "#lib/model/storable.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };
const uses = (...words: string[]) => checkMapping(words.map(parseColumnUse));
const read = (words: readonly string[], ...records: readonly Fields[]) => {
  const rows = new MappedRows(uses(...words), context, "chats");
  return records.map((record) => rows.read(record));
};
const span = (words: readonly string[], record: Fields) => read(words, record)[0]!.spans[0]!;

describe("a mapping in words", () => {
  test("is read as it is written, scales too", () => {
    expect(parseColumnUse("score:helpful=rating[1..5]")).toEqual({
      target: "score:helpful",
      column: "rating",
      range: [1, 5]
    });
    expect(parseColumnUse("input = a=b")).toEqual({ target: "input", column: "a=b", range: null });
    const target = fc.oneof(fc.constantFrom(...columnTargets), fc.stringMatching(/^score:[a-z]{1,9}$/));
    fc.assert(
      fc.property(
        target,
        fc.stringMatching(/^[a-z.\] é]{0,8}[a-z]$/),
        fc.option(fc.tuple(fc.integer({ min: -9, max: 0 }), fc.integer({ min: 1, max: 9 }))),
        (word, column, range) => {
          const use = {
            target: word,
            column: column.trim(),
            range: word.startsWith("score:") ? range : null
          } as ColumnUse;
          expect(parseColumnUse(formatColumnUse(use))).toEqual(use);
        }
      )
    );
  });

  test.each([
    ["input", "is not written as target=column"],
    ["=x", "is not written as target=column"],
    ["answer=x", 'a column cannot be "answer"'],
    ["score:=x", 'a column cannot be "score:"'],
    ["score:a=x[5..1]", "does not rise from 5 to 1"]
  ])("%s is refused", (word, why) => expect(() => parseColumnUse(word)).toThrow(why));

  test("gives each target and each column once, and a scale to scores alone", () => {
    expect(() => uses("input=a", "input=b")).toThrow('the target "input" twice');
    expect(() => uses("input=a", "output=a")).toThrow('the column "a" twice');
    expect(() => checkMapping([])).toThrow("names no column");
    expect(() => checkMapping([{ target: "input", column: "a", range: [0, 1] }])).toThrow("is no score");
  });

  test("is quoted for a shell where it must be", () => {
    expect(formatMapOptions(uses("input=question", "score:ok=my rating[1..5]"))).toBe(
      "--map input=question --map 'score:ok=my rating[1..5]'"
    );
    expect(formatMapOptions(uses("input=it's"))).toBe("--map 'input=it'\\''s'");
  });
});

describe("a cell", () => {
  test("is found by its name, with dots within fields, and where the name itself has dots", () => {
    const record = { "a.b": 1, a: { b: 2, "c.d": { e: 3 } } };
    expect(["a.b", "a.c.d.e", "a.x", "toString"].map((column) => findColumn(record, column))).toEqual([
      1,
      3,
      undefined,
      undefined
    ]);
    expect(listColumns([record, { z: [] }])).toEqual(["a.b", "a.c.d.e", "z"]);
  });

  test("is an instant as text or as a number whose range tells its unit", () => {
    const at = 1_790_000_000_123_000_000n;
    const same = [
      "2026-09-21T14:13:20.123Z",
      "2026-09-21 14:13:20.123 UTC",
      "2026-09-21T16:13:20.123+02",
      1_790_000_000.123,
      1_790_000_000_123,
      "1790000000123",
      1_790_000_000_123_000,
      "1790000000123000000"
    ];
    for (const text of same) expect(readInstant(text), String(text)).toBe(at);
    expect(readInstant("2026-09-21")).toBe(1_789_948_800_000_000_000n);
    for (const none of ["yesterday", "21/09/2026", "", null, true, 9e30, "9999-01-01", "2026-13-01"])
      expect(readInstant(none), String(none)).toBeNull();
    expect([1, 1e11, 1e14, 1e17].map(tellEpochUnit)).toEqual(["s", "ms", "us", "ns"]);
  });

  test("is a number, a verdict, a kind or a status in the words that others use", () => {
    expect(["$0.5", " 7 ", "1e3", ".5", "1,5", "", "x"].map(readNumber)).toEqual([0.5, 7, 1000, 0.5, null, null, null]);
    expect(["Yes", "👎", "0.5", true, "maybe"].map(readVerdict)).toEqual([true, false, 0.5, true, null]);
    expect(["GENERATION", "tool call", "llm", "constructor", 1].map(readKind)).toEqual([
      "llm",
      "tool",
      "llm",
      null,
      null
    ]);
    expect(["Success", 500, false, "odd", {}].map(readStatus)).toEqual(["ok", "error", "error", null, null]);
  });
});

describe("a row", () => {
  test("is a trace with what its columns say, and what no column holds becomes an attribute that is reported", () => {
    const words = [
      "trace_id=conversation",
      "input=question",
      "output=answer",
      "score:helpful=rating[1..5]",
      "started_at=at",
      "duration_ms=took",
      "tokens_in=t",
      "cost_usd=c",
      "model=m",
      "status=s"
    ];
    const [found] = read(words, {
      conversation: "c-1",
      question: "Where is it?",
      answer: "On its way.",
      rating: "4",
      at: 1_790_000_000,
      took: "1500",
      t: "12",
      c: "$0.01",
      m: "gpt",
      s: "ok",
      channel: "mail"
    });
    expect(found!.spans[0]).toMatchObject({
      kind: "agent",
      agent: "chats",
      inputText: "Where is it?",
      outputText: "On its way.",
      inputTokens: 12,
      costUsd: 0.01,
      costSource: "reported",
      model: "gpt",
      status: "ok",
      startNs: 1_790_000_000_000_000_000n,
      endNs: 1_790_000_001_500_000_000n,
      timeSource: "reported",
      source: "columns",
      attributes: { conversation: "c-1", channel: "mail" }
    });
    expect(found!.scores[0]).toMatchObject({
      scorer: "helpful",
      spanId: null,
      score: { kind: "scored", value: 0.75 },
      detail: { written: "4" }
    });
    expect(found!.losses).toEqual([
      { field: "conversation (no trace_id as written)", fate: "attribute", count: 1 },
      { field: "channel", fate: "attribute", count: 1 }
    ]);
  });

  test("gives labels as people's, but for a text that is too long for one", () => {
    const [found] = read(["input=q", "label:intent=i", "label:why=w"], { q: "a", i: " refund ", w: "x".repeat(201) });
    const { traceId } = found!.spans[0]!;
    expect(found!.annotations).toMatchObject([
      { traceId, spanId: null, label: "intent: refund", key: "intent", source: "columns" }
    ]);
    expect(found!.spans[0]!.attributes).toEqual({ w: "x".repeat(201) });
  });

  test("with the trace id of another is of that trace, and its verdict is on its own span", () => {
    const [first, second] = read(
      ["trace_id=c", "input=q", "score:ok=r"],
      { c: "7", q: "a", r: "yes" },
      { c: "7", q: "b", r: "no" }
    );
    expect(second!.spans[0]!.traceId).toBe(first!.spans[0]!.traceId);
    expect(second!.spans[0]!.spanId).not.toBe(first!.spans[0]!.spanId);
    expect([first!.scores[0]!.spanId, second!.scores[0]!.spanId]).toEqual([null, second!.spans[0]!.spanId]);
  });

  test("with span ids is a step below its parent, of the kind that it says or shows", () => {
    const words = ["trace_id=t", "span_id=s", "parent_span_id=p", "kind=k", "tool_name=tool", "model=m"];
    const t = "4bf92f3577b34da6a3ce929d0e0e4736";
    const found = read(
      words,
      { t, s: "a", k: "agent" },
      { t, s: "b", p: "a", tool: "search" },
      { t, s: "c", p: "b", m: "gpt" },
      { t, s: "d", k: "odd" },
      { t, s: "e", k: "plan" },
      { t, s: "a" }
    );
    const spans = found.flatMap((one) => one.spans);
    expect(spans.map(({ kind }) => kind)).toEqual(["agent", "tool", "llm", "chain", "plan"]);
    expect(spans.map(({ traceId }) => traceId)).toEqual([t, t, t, t, t]);
    expect(spans[1]!.parentSpanId).toBe(spans[0]!.spanId);
    expect(spans[1]).toMatchObject({ name: "search", sourceSpanId: "b" });
    expect(spans[3]!.attributes).toEqual({ k: "odd" });
    expect(found[5]!.rejected).toEqual(['row 6 repeats the span id "a" of its trace']);
  });

  test("without times gets times in order, a second apart, that say so", () => {
    const found = read(["input=q"], { q: "a" }, { q: "b" }).map(({ spans }) => spans[0]!);
    expect(found.map(({ timeSource }) => timeSource)).toEqual(["synthesised", "synthesised"]);
    expect(found[1]!.startNs - found[0]!.startNs).toBe(1_000_000_000n);
    expect(span(["ended_at=e", "duration_ms=d"], { e: "2026-01-01T00:00:02Z", d: 2000 }).startNs).toBe(
      1_767_225_600_000_000_000n
    );
  });

  test("that comes twice in one file is two traces, and the same two when the file comes again", () => {
    const ids = () => read(["input=q"], { q: "a" }, { q: "a" }).map(({ spans }) => spans[0]!.traceId);
    expect(new Set([...ids(), ...ids()]).size).toBe(2);
  });

  test("with messages as JSON in a cell holds messages", () => {
    const messages = JSON.stringify([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hello" }
    ]);
    expect(span(["input=m", "output=o"], { m: messages, o: { role: "assistant", content: "Hi" } })).toMatchObject({
      input: [{ role: "system" }, { role: "user", parts: [{ type: "text", content: "Hello" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "Hi" }] }]
    });
  });

  test("whose cell cannot be read as what it is mapped to keeps it as an attribute and says so", () => {
    const [found] = read(["started_at=at", "tokens_in=n", "input=meta.q"], {
      at: "yesterday",
      n: "-3",
      meta: { q: "hi", x: 1 }
    });
    expect(found!.spans[0]).toMatchObject({
      timeSource: "synthesised",
      inputTokens: null,
      inputText: "hi",
      attributes: { at: "yesterday", n: "-3", meta: { x: 1 } }
    });
    expect(found!.losses!.map(({ field }) => field)).toEqual([
      "at (no started_at as written)",
      "n (no tokens_in as written)",
      "meta"
    ]);
  });

  test("is meant by the mapping where it has all of its columns, whatever else it may look like", () => {
    const rows = new MappedRows(uses("input=q", "output=meta.a"), context, "chats");
    expect([{ q: null, meta: { a: 1 } }, { q: 1 }, { span_id: "1" }].map((record) => rows.claims(record))).toEqual([
      true,
      false,
      false
    ]);
  });

  test("without any of the columns is rejected with the names it has", () => {
    expect(read(["input=q"], { a: 1, b: 2 })[0]!.rejected).toEqual([
      "row 1 has none of the mapped columns: it has a, b"
    ]);
  });

  test("a verdict outside its scale, or in other words, is unscored and keeps what was written", () => {
    const [found] = read(["score:a=x", "score:b=y[1..5]", "score:c=z"], { x: 7, y: "9", z: "so so" });
    expect(found!.scores.map(({ score, detail }) => [score.kind, detail])).toEqual([
      ["unscored", { value: 7, label: null, reason: null }],
      ["unscored", { written: "9", range: [1, 5] }],
      ["unscored", { written: "so so", range: null }]
    ]);
  });

  const someRecord = fc
    .dictionary(
      fc.constantFrom("id", "q", "at", "n", "r", "p", "k", "__proto__", "odd"),
      fc.oneof(fc.jsonValue(), fc.constantFrom("1", 1e12, "2026-01-01", "yes", "x".repeat(9)), fc.double())
    )
    .filter(isFields);
  const words = [
    "trace_id=id",
    "span_id=p",
    "input=q",
    "started_at=at",
    "ended_at=n",
    "duration_ms=k",
    "tokens_in=odd",
    "score:r=r"
  ];

  test("of any content is imported or reported, never both, and never throws; the lake can keep what comes of it", () => {
    fc.assert(
      fc.property(fc.array(someRecord, { maxLength: 6 }), fc.subarray(words, { minLength: 1 }), (records, chosen) => {
        const found = read(chosen, ...records);
        for (const { spans, scores, rejected } of found) {
          expect(spans.length + rejected.length).toBe(1);
          expect(spans.map(findSpanDefect)).toEqual(spans.map(() => undefined));
          expect(scores.map(findScoreDefect)).toEqual(scores.map(() => undefined));
        }
        const keys = found.flatMap(({ spans }) => spans.map(({ traceId, spanId }) => traceId + spanId));
        expect(new Set(keys).size).toBe(keys.length);
        expect(read(chosen, ...records)).toEqual(found);
      }),
      { numRuns: 300 }
    );
  });

  test("is guessed at without a fault whatever it holds, and what is guessed is a mapping", () => {
    fc.assert(
      fc.property(fc.array(someRecord, { maxLength: 5 }), (records) => {
        const guessed = plainMapping(suggestMapping(records));
        if (guessed.length > 0) expect(checkMapping(guessed)).toBe(guessed);
      })
    );
  });
});

test("columns are guessed by their names and by what is in them", () => {
  const guessed = suggestMapping([
    {
      conversation_id: "c1",
      "user message": "Hi",
      Answer: "Hello",
      createdAt: 1_790_000_000_000,
      customer_id: 5,
      rating: "4",
      thumbs_up: "yes",
      intent: "greeting",
      latency_ms: 12,
      note: null,
      meta: { modelName: "gpt" }
    },
    {
      conversation_id: "c2",
      "user message": "Ho",
      Answer: "Hey",
      createdAt: 1_790_000_001_000,
      customer_id: 6,
      rating: "2",
      thumbs_up: "no",
      intent: "greeting",
      latency_ms: 13,
      note: "x",
      meta: { modelName: "gpt" }
    }
  ]);
  expect(plainMapping(guessed).map(formatColumnUse)).toEqual([
    "trace_id=conversation_id",
    "started_at=createdAt",
    "duration_ms=latency_ms",
    "input=user message",
    "output=Answer",
    "user_id=customer_id",
    "model=meta.modelName",
    "score:rating=rating[1..5]",
    "score:thumbs_up=thumbs_up",
    "label:intent=intent"
  ]);
  expect(guessed.find(({ target }) => target === "started_at")!.reason).toBe(
    "its name, and numbers that count ms since 1970"
  );
  const texts = [
    { a: "a long text of somebody who asks for something", b: "an even longer text that answers what somebody asked" }
  ];
  expect(suggestMapping(texts).map(({ target, column }) => [target, column])).toEqual([
    ["input", "a"],
    ["output", "b"]
  ]);
});
