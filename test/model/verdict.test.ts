import { expect, test } from "vitest";
import { verdictOf } from "#lib/model/verdict.ts";

const said = (...labels: readonly string[]) => labels.map((label) => ({ label, asks: false }));
const [all, most] = [
  { reviewsPerItem: 2, decideBy: "unanimous" },
  { reviewsPerItem: 2, decideBy: "majority" }
] as const;

test("the final label is what an adjudicator decided, else what all said, or most where that is enough", () => {
  expect(verdictOf([], all, null)).toEqual({ kind: "open", label: null });
  expect(verdictOf(said("bad"), all, null)).toEqual({ kind: "open", label: null });
  expect(verdictOf(said("bad", "bad"), all, null)).toEqual({ kind: "unanimous", label: "bad" });
  expect(verdictOf(said("bad", "good"), all, null)).toEqual({ kind: "contested", label: null });
  expect(verdictOf(said("bad", "good", "bad"), all, null)).toEqual({ kind: "contested", label: null });
  expect(verdictOf(said("bad", "good", "bad"), most, null)).toEqual({ kind: "majority", label: "bad" });
  expect(verdictOf(said("bad", "good"), most, null)).toEqual({ kind: "contested", label: null });
  expect(verdictOf(said("bad", "good"), most, "good")).toEqual({ kind: "adjudicated", label: "good" });
});

test("one who asks for an adjudicator gets one, whatever others say", () => {
  expect(verdictOf([{ label: "bad", asks: true }], all, null).kind).toBe("contested");
  expect(verdictOf([...said("bad", "bad"), { label: "bad", asks: true }], most, null).kind).toBe("contested");
});
