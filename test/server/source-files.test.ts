import { mkdir, mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceFile } from "#lib/ports/source-files.ts";
import { localFiles } from "#lib/server/source-files.ts";

let folder: string;
// Wider than one chunk of a file stream, so that letters of several bytes lie across chunks.
const long = "ä🙂x".repeat(40_000);

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-files-`);
  await mkdir(`${folder}/b/deep`, { recursive: true });
  await writeFile(`${folder}/c.json`, long);
  await writeFile(`${folder}/a.json`, "[]");
  await writeFile(`${folder}/b/deep/d.json.gz`, gzipSync(long));
  await writeFile(`${folder}/b/broken.json.gz`, "no gzip");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function readAll(file: SourceFile) {
  let text = "";
  let readBytes = 0;
  for await (const piece of file.read()) {
    expect(piece.readBytes).toBeGreaterThanOrEqual(readBytes);
    readBytes = piece.readBytes;
    text += piece.text;
  }
  return { text, readBytes };
}

test("a folder gives all its files, also deep ones, in order of name, as seen from it", async () => {
  const files = await localFiles.list(folder);
  expect(files.map(({ name }) => name)).toEqual(["a.json", "b/broken.json.gz", "b/deep/d.json.gz", "c.json"]);
});

test("a file gives itself under its own name with its size", async () => {
  const files = await localFiles.list(`${folder}/c.json`);
  expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([["c.json", Buffer.byteLength(long)]]);
});

test("a text comes whole, whatever bytes its pieces end at, and says how far it is", async () => {
  const [file] = await localFiles.list(`${folder}/c.json`);
  expect(await readAll(file!)).toEqual({ text: long, readBytes: file!.sizeBytes });
});

test("a zipped file is unzipped on the way, and progress counts its bytes on disk", async () => {
  const [file] = await localFiles.list(`${folder}/b/deep/d.json.gz`);
  expect(await readAll(file!)).toEqual({ text: long, readBytes: file!.sizeBytes });
});

test("a zipped file is told by its content, whatever it is called", async () => {
  const path = `${folder}/b/renamed.json`;
  await writeFile(path, gzipSync(long));
  const [file] = await localFiles.list(path);
  expect((await readAll(file!)).text).toBe(long);
  await unlink(path);
});

test("a path that is not there is a fault that names it", async () => {
  await expect(localFiles.list(`${folder}/none`)).rejects.toMatchObject({
    code: "missing",
    message: `"${folder}/none" cannot be read: there is no such file or folder`
  });
});

test("a file that is not what its ending says rejects the reader", async () => {
  const [file] = await localFiles.list(`${folder}/b/broken.json.gz`);
  await expect(readAll(file!)).rejects.toThrow(/header/);
});

test("a zipped file that vanishes before it is read rejects the reader instead of hanging it", async () => {
  const path = `${folder}/b/gone.json.gz`;
  await writeFile(path, gzipSync("[]"));
  const [file] = await localFiles.list(path);
  await unlink(path);
  await expect(readAll(file!)).rejects.toThrow(/ENOENT/);
});
