import { expect, test } from "vitest";
import { spansWith } from "#lib/browser/span-words.ts";
import type { SpanHead } from "#lib/wire/traces.ts";

const head = (fields: Partial<SpanHead>) =>
  ({ name: "chat", toolName: null, model: null, kind: "llm", ...fields }) as SpanHead;

test("words are looked for in name, tool, model and kind, letter case aside", () => {
  const spans = [
    head({ name: "Plan" }),
    head({ toolName: "look_up" }),
    head({ model: "Small-2" }),
    head({ kind: "tool" })
  ];
  expect(["plan", "LOOK", " small ", "tool", "absent"].map((words) => spansWith(spans, words).length)).toEqual([
    1, 1, 1, 1, 0
  ]);
});

test("asking nothing gives every span", () => {
  const spans = [head({}), head({ name: "other" })];
  expect(spansWith(spans, "  ")).toBe(spans);
});
