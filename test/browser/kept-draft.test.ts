import { expect, test, vi } from "vitest";
import { findDraft, forgetDraft, keepDraft } from "#lib/browser/kept-draft.ts";

function storageOf(entries: Record<string, string> = {}): Storage {
  const held = new Map(Object.entries(entries));
  return {
    get length() {
      return held.size;
    },
    clear: () => held.clear(),
    key: (at) => [...held.keys()][at] ?? null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key)
  };
}

test("what is kept for a workbook is found again until it is forgotten", () => {
  const storage = storageOf();
  const draft = { text: "# مرحبا 🦜\n", baseRevision: 4 };
  expect(keepDraft(storage, "a", draft)).toBe(true);
  expect(findDraft(storage, "a")).toEqual(draft);
  expect(findDraft(storage, "b")).toBeNull();
  forgetDraft(storage, "a");
  expect(findDraft(storage, "a")).toBeNull();
});

test.each(["not json", "null", "3", '{"text":1,"baseRevision":1}', '{"text":"a"}'])(
  "what is no draft is not taken for one: %s",
  (kept) => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    expect(findDraft(storageOf({ "tracebook.draft.a": kept }), "a")).toBeNull();
    warn.mockRestore();
  }
);

test("a browser without room says so and does not stop the typing", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
  const storage = storageOf();
  storage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  expect(keepDraft(storage, "a", { text: "x", baseRevision: 1 })).toBe(false);
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
