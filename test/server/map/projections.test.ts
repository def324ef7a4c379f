import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProjections } from "#lib/server/map/projections.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-projections-`);
});
afterAll(() => rm(folder, { recursive: true }));

test("the bytes of each version are there until the map is removed", async () => {
  const projections = openProjections(folder);
  await projections.write("a1", 1, Uint8Array.of(1, 2));
  await projections.write("a1", 2, Uint8Array.of(3));
  expect([...(await projections.read("a1", 1))]).toEqual([1, 2]);
  expect([...(await projections.read("a1", 2))]).toEqual([3]);
  expect((await readdir(`${folder}/a1`)).sort()).toEqual(["1.bin", "2.bin"]);
  await projections.remove("a1");
  await projections.remove("a1");
  await expect(projections.read("a1", 1)).rejects.toMatchObject({ code: "missing" });
});

test("an id that could leave the folder is refused", async () => {
  const projections = openProjections(folder);
  await expect(projections.write("../up", 1, Uint8Array.of(1))).rejects.toMatchObject({ code: "invalid" });
  await expect(projections.read("a/b", 1)).rejects.toMatchObject({ code: "invalid" });
  await expect(projections.remove("")).rejects.toMatchObject({ code: "invalid" });
});
