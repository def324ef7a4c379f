import { expect, test } from "vitest";
import { parseSavedViewRequest } from "#lib/wire/saved-views.ts";

test("a view is saved with the address of a list, and with no other", () => {
  const view = { name: "Slow", query: "duration=10000..&columns=began,cost" };
  expect(parseSavedViewRequest({ ...view, more: 1 })).toEqual(view);
  expect(() => parseSavedViewRequest({ name: "Slow", query: "duration=long" })).toThrow(/"duration" is "long"/);
  expect(() => parseSavedViewRequest({ query: "" })).toThrow(/"name" is not a text/);
});
