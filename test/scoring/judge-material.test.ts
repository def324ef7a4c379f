import { expect, test } from "vitest";
import { estimateTokens } from "#lib/model/text-tokens.ts";
import type { SpanDocument } from "#lib/model/trace-document.ts";
import { listSources, readMaterial } from "#lib/scoring/judge-material.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { completeTrace } from "../scorers/trace.ts";

const viewOf = (...spans: readonly Partial<SpanDocument>[]) => new TraceView(completeTrace({ spans }));

const root: Partial<SpanDocument> = { kind: "agent", inputText: "refund me", outputText: "Here it is." };
const tool: Partial<SpanDocument> = {
  ...{ id: "call", parentId: "root", kind: "tool", name: "t", toolName: "pay", toolArgs: { eur: 5 } },
  ...{ toolResult: "paid nothing", status: "error", statusMessage: "card declined" }
};
const retriever: Partial<SpanDocument> = {
  ...{ id: "find", parentId: "root", kind: "retriever", name: "search" },
  documents: [{ id: "d", content: "Refunds take a day.", score: 1, metadata: null }]
};

test("a judge sees the parts that it names and nothing else", () => {
  const view = viewOf(root, tool, retriever);
  expect(readMaterial(view, ["input"], 1000)).toEqual({ parts: { input: "refund me" }, isCut: false });
  expect(readMaterial(view, ["output", "conversation", "tools", "documents", "failure"], 1000).parts).toEqual({
    output: "Here it is.",
    conversation: [
      { role: "user", text: "refund me" },
      { role: "assistant", text: "Here it is." }
    ],
    tools: [{ tool: "pay", arguments: { eur: 5 }, result: "paid nothing", error: "card declined" }],
    documents: ["Refunds take a day."],
    failure: [{ step: "t", error: "card declined" }]
  });
});

test("a part of which the trace holds nothing is absent", () => {
  expect(readMaterial(viewOf({}), ["input", "conversation", "tools", "documents", "failure"], 1000).parts).toEqual({});
});

test("a quote is found in the step that it is of", () => {
  const sources = listSources(viewOf(root, tool, retriever), ["conversation", "tools", "documents", "failure"]);
  const stepOf = (quote: string) => sources.find(({ text }) => text.includes(quote))?.spanId;
  expect([stepOf("refund me"), stepOf("paid nothing"), stepOf("declined"), stepOf("take a day")]).toEqual([
    ...[null, "call", "call", "find"]
  ]);
  expect(listSources(viewOf(root, tool), ["output"]).some(({ text }) => text.includes("paid"))).toBe(false);
});

test.each([
  ["one long text", [{ outputText: `begins ${"word ".repeat(100_000)} ends`, inputText: "q" }]],
  ["many calls", [root, ...Array.from({ length: 3000 }, (_, at) => ({ ...tool, id: `c${at}`, toolResult: `r${at}` }))]],
  [
    "an object of many fields",
    [root, { ...tool, toolArgs: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key${at}`, at])) }]
  ]
])("what is too long is cut to fit: %s", (_, spans) => {
  const { parts, isCut } = readMaterial(viewOf(...spans), ["output", "tools"], 1000);
  expect(isCut).toBe(true);
  expect(estimateTokens(JSON.stringify(parts))).toBeLessThanOrEqual(1000);
  expect(Object.keys(parts).length).toBeGreaterThan(0);
});

test("of a long text its beginning and its end stay", () => {
  const view = viewOf({ outputText: `begins ${"word ".repeat(100_000)} ends` });
  expect(readMaterial(view, ["output"], 1000).parts["output"]).toMatch(/^begins word[\s\S]*word {2}ends$/);
});
