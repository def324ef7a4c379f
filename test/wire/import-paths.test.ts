import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { importPaths } from "#lib/wire/import-paths.ts";
import { parseKeyRequest } from "#lib/wire/keys.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

test.each([
  [importPaths.uploads(), "api/import"],
  [importPaths.upload("a/b"), "api/import/[uploadId]"],
  [importPaths.file("u", "folder/ä.csv"), "api/import/[uploadId]/files"],
  [importPaths.preview("u"), "api/import/[uploadId]/preview"],
  [importPaths.run("u"), "api/import/[uploadId]/run"],
  [importPaths.keys(), "api/keys"],
  [importPaths.key("k?"), "api/keys/[keyId]"]
])("the address %s is one path with a route", (path, folder) => {
  const plain = path.split("?", 1)[0]!;
  expect(plain.split("/").length).toBe(folder.split("/").length + 1);
  expect(existsSync(`${root}app/${folder}/route.ts`)).toBe(true);
});

test("the name of a file comes back out of its address", () => {
  const { searchParams } = new URL(importPaths.file("u", "a&b/ä?.csv"), "http://tracebook");
  expect(searchParams.get("name")).toBe("a&b/ä?.csv");
});

test("a request for a key is read, and one without a name or with half a span a second is refused", () => {
  const asked = { businessUnit: "support", name: "shop" };
  expect(parseKeyRequest({ ...asked, odd: 1 })).toEqual({ ...asked, spansPerSecond: null });
  expect(parseKeyRequest({ ...asked, spansPerSecond: 5 }).spansPerSecond).toBe(5);
  expect(() => parseKeyRequest({ businessUnit: "support" })).toThrow('"name" is not a text');
  expect(() => parseKeyRequest({ ...asked, spansPerSecond: 0.5 })).toThrow("not a whole number");
});
