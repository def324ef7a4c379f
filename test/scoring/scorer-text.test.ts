import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "#lib/model/span.ts";
import { canonicalJson, readJson } from "#lib/scoring/json-value.ts";
import {
  editDistance,
  findCitations,
  jsonText,
  plainText,
  readArguments,
  readExpectedCalls,
  saidText,
  sentencesOf,
  toldText,
  wordsOf
} from "#lib/scoring/scorer-text.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { completeTrace } from "../scorers/trace.ts";

test("texts that read alike are written alike, and words are told apart in scripts without spaces", () => {
  expect(plainText("  “Ｄon’t”—\u00a0stop\u200b ")).toBe('"don\'t"- stop');
  expect(wordsOf("The rate is 3.5 %, don't ask: 退款 Straße_x.")).toEqual([
    "the",
    "rate",
    "is",
    "3.5",
    "don't",
    "ask",
    "退",
    "款",
    "straße",
    "x"
  ]);
  expect(sentencesOf('It is 3.5. "Yes," he said! No\n- one\n- two\n好。坏。')).toEqual([
    "It is 3.5.",
    '"Yes," he said!',
    "No",
    "- one",
    "- two",
    "好。",
    "坏。"
  ]);
});

test("what an agent was told leaves out what it said itself", () => {
  const say = (role: string, content: string): Json => ({ role, parts: [{ type: "text", content }] });
  const trace = new TraceView(
    completeTrace({
      spans: [
        { kind: "tool", toolName: "find", toolResult: { total: 7 } },
        { kind: "retriever", documents: [{ id: "a", content: "a document", score: null, metadata: { page: 9 } }] },
        {
          kind: "llm",
          systemInstructions: "be kind",
          input: [say("user", "a question")],
          output: [say("assistant", "an answer")]
        }
      ]
    })
  );
  const told = toldText(trace);
  for (const part of ["a question", "a document", '"page": 9', '"total": 7']) expect(told).toContain(part);
  expect(told).not.toContain("an answer");
  expect(told).not.toContain("be kind");
  expect(toldText(trace, { withInstructions: true })).toContain("be kind");
  expect(saidText(trace)).toBe("an answer");
  expect(saidText(new TraceView(completeTrace({ spans: [{ kind: "agent", outputText: "only this" }] })))).toBe(
    "only this"
  );
});

test("citations are numbers, marked ids and, where ids are known, what is built like them", () => {
  expect(findCitations("See [1, 2], [doc:x 9], 【７†page】 and [3](http://x.test).")).toEqual(["1", "2", "x 9", "7"]);
  expect(findCitations("[case-2009-12; note] [2024] [4]", ["case-1998-7"])).toEqual(["4", "case-2009-12"]);
});

test("edits are a distance: nought for equal texts alone, the same both ways, and never longer than by way of a third", () => {
  expect([editDistance("kitten", "sitting"), editDistance("", "abc"), editDistance("😀", "😁")]).toEqual([3, 3, 1]);
  const word = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 7 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
    { seed: 5, numRuns: 200 }
  );
});

test.each<[Json, unknown]>([
  [
    ["find", { name: "pay", args: { sum: 1 } }],
    [
      { name: "find", args: null },
      { name: "pay", args: { sum: 1 } }
    ]
  ],
  [{ function: { name: "pay", arguments: '{"sum":1}' } }, [{ name: "pay", args: { sum: 1 } }]],
  [{ calls: [{ pay: { sum: [1] } }] }, [{ name: "pay", args: { sum: [1] } }]],
  [{ name: "pay", kwargs: { sum: 2 } }, [{ name: "pay", args: { sum: 2 } }]],
  [[], []],
  [null, undefined],
  [3, undefined],
  ["", undefined],
  [{ a: 1, b: 2 }, undefined],
  [[["x"]], undefined]
])("the calls that %j names", (expected, calls) => {
  expect(readExpectedCalls(expected)).toEqual(calls);
});

test("JSON is read where it is some, and is one text whatever the order of its keys", () => {
  expect([readJson("[1]"), readJson("[1"), readJson(3), readJson(null)]).toEqual([[1], "[1", 3, null]);
  expect([readArguments(""), readArguments('{"a":1}'), readArguments([1]), readArguments("no")]).toEqual([
    {},
    { a: 1 },
    undefined,
    undefined
  ]);
  expect([jsonText(undefined), jsonText("x"), jsonText([1])]).toEqual(["", "x", "[\n 1\n]"]);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed as Json)).toBe(canonicalJson(value as Json));
      expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 5, numRuns: 200 }
  );
});
