import { expect, test } from "vitest";
import { kindColour } from "#lib/browser/span-colour.ts";

test("kinds that a trace is made of have colours of their own; the others share grey", () => {
  const own = (["llm", "tool", "guardrail", "retriever", "embedding", "memory", "agent"] as const).map(kindColour);
  expect(new Set(own).size).toBe(own.length);
  expect(kindColour("other")).toBe(kindColour("chain"));
  expect(own).not.toContain(kindColour("other"));
});
