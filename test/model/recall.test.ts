import { expect, test } from "vitest";
import { recall } from "#lib/model/recall.ts";

test("a key is read once, those that were not asked for longest are forgotten, and so is what could not be read", async () => {
  const held = new Map<string, Promise<string>>();
  const asked: string[] = [];
  const read = (key: string) =>
    recall(held, key, 2, async () => {
      asked.push(key);
      if (key === "broken") throw new Error("not now");
      return key.toUpperCase();
    });
  expect([await read("a"), await read("b"), await read("a"), await read("c"), await read("a")].join("")).toBe("ABACA");
  expect(asked).toEqual(["a", "b", "c"]);
  expect(await read("b")).toBe("B");
  expect(asked).toEqual(["a", "b", "c", "b"]);
  await expect(read("broken")).rejects.toThrow("not now");
  await expect(read("broken")).rejects.toThrow("not now");
  expect(asked.slice(4)).toEqual(["broken", "broken"]);
});
