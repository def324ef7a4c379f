import { expect, test } from "vitest";
import { Fault } from "#lib/model/fault.ts";
import { toDiskFault } from "#lib/server/disk-full.ts";

test.each([
  ["the operating system", Object.assign(new Error("write"), { code: "ENOSPC" })],
  ["a quota", Object.assign(new Error("write"), { code: "EDQUOT" })],
  ["a limit on files", Object.assign(new Error("write"), { code: "EFBIG" })],
  ["the engine", new Error('IO Error: Could not write file "x": No space left on device')],
  [
    "the engine's spill folder",
    new Error("Out of Memory Error: … This limit was set by the 'max_temp_directory_size'")
  ],
  ["SQLite", new Error("database or disk is full")]
])("a full disk is told in one sentence, whoever met it: %s", (_, error) => {
  expect(toDiskFault(error)).toMatchObject({
    name: "Fault",
    code: "limit",
    message: "the disk is full, so nothing of this was written",
    hint: expect.stringMatching(/what was taken in before is safe/),
    cause: error
  });
});

test("any other error stays what it is", () => {
  for (const error of [new Error("constraint failed"), new Fault("conflict", "no space left for two"), "text"])
    expect(toDiskFault(error)).toBe(error);
});
