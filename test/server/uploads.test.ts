import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Uploads } from "#lib/ports/uploads.ts";
import { openUploads } from "#lib/server/uploads.ts";
import { scopeOf } from "./lake/fixture.ts";

let folder: string;
let uploads: Uploads;
let nowMs: number;
let ids = 0;
const owner = scopeOf(["support"]);
const clock = { nowMs: () => nowMs, newId: () => `id${++ids}` };
const bounds = { bytes: 100, files: 3, open: 2, idleMs: 1000 };

beforeEach(async () => {
  nowMs = Date.now();
  folder = await mkdtemp(`${tmpdir()}/tracebook-uploads-`);
  uploads = await openUploads(folder, clock, bounds);
});
afterEach(async () => {
  await uploads.close();
  await rm(folder, { recursive: true, force: true });
});

async function* bytes(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

test("files are written as they come, under their names, and removed", async () => {
  const { uploadId } = await uploads.begin(owner);
  await uploads.add(owner, uploadId, "./chats/a.csv", bytes("a,b\n", "1,2\n"));
  const upload = await uploads.add(owner, uploadId, "b.json", bytes("{}"));
  expect(upload.files).toEqual([
    { name: "chats/a.csv", sizeBytes: 8 },
    { name: "b.json", sizeBytes: 2 }
  ]);
  expect(await readFile(`${upload.folder}/chats/a.csv`, "utf8")).toBe("a,b\n1,2\n");
  await uploads.remove(owner, uploadId);
  await uploads.remove(owner, uploadId);
  await expect(readdir(upload.folder)).rejects.toThrow("ENOENT");
  expect(() => uploads.find(owner, uploadId)).toThrow("not here any more");
});

test("what is beyond the bounds is refused, leaves nothing, and takes no room from what follows", async () => {
  const { uploadId, folder: place } = await uploads.begin(owner);
  const add = (name: string, text: string) => uploads.add(owner, uploadId, name, bytes(text));
  await add("a", "x".repeat(60));
  await expect(add("b", "x".repeat(60))).rejects.toMatchObject({ code: "limit", message: /larger than/ });
  expect(await readdir(place)).toEqual(["a"]);
  await add("b", "x".repeat(40));
  await add("c", "");
  await expect(add("d", "")).rejects.toMatchObject({ code: "limit", message: "one import takes 3 files" });
  await expect(add("a", "")).rejects.toMatchObject({ code: "conflict" });
});

test("a file whose sender breaks off is no file", async () => {
  const { uploadId, folder: place } = await uploads.begin(owner);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("half");
    throw new Error("the browser left");
  }
  await expect(uploads.add(owner, uploadId, "a", broken())).rejects.toMatchObject({
    code: "broken",
    message: 'the file "a" did not come in whole: the browser left'
  });
  expect(await readdir(place)).toEqual([]);
});

test.each(["", "..", "a/../../b", "a\u0000b", "x".repeat(300)])("%j cannot be the name of a file", async (name) => {
  const { uploadId } = await uploads.begin(owner);
  await expect(uploads.add(owner, uploadId, name, bytes("x"))).rejects.toMatchObject({ code: "invalid" });
});

test("nobody else finds an upload, and it is not theirs to remove", async () => {
  const { uploadId } = await uploads.begin(owner);
  const other = { ...owner, userId: "somebody else" };
  await uploads.remove(other, uploadId);
  expect(() => uploads.find(other, uploadId)).toThrow("not here any more");
  expect(uploads.find(owner, uploadId).files).toEqual([]);
});

test("only so many are open, and one that nobody touches makes room", async () => {
  const first = await uploads.begin(owner);
  const second = await uploads.begin(owner);
  await expect(uploads.begin(owner)).rejects.toMatchObject({ code: "limit", message: "2 imports are open already" });
  nowMs += 900;
  uploads.find(owner, second.uploadId);
  nowMs += 200;
  await uploads.begin(owner);
  expect(() => uploads.find(owner, first.uploadId)).toThrow();
  expect(uploads.find(owner, second.uploadId)).toBeDefined();
});

test("what a process left that ended is swept; what another process uses stays until it is a day old", async () => {
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  for (const name of [`${ended}-a`, `${process.pid}-b`, `${process.ppid}-c`, `${process.ppid}-d`])
    await mkdir(`${folder}/${name}/upload`, { recursive: true });
  await utimes(`${folder}/${process.ppid}-d`, 1, 1);
  const next = await openUploads(folder, clock, bounds);
  expect(await readdir(folder)).toEqual([`${process.ppid}-c`]);
  await next.close();
});
