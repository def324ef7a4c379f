import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { tellEncoding, tellForeign } from "#lib/server/file-kind.ts";
import { localFiles } from "#lib/server/source-files.ts";

const hex = (bytes: string) => Buffer.from(bytes, "hex");

test.each([
  ["504b030414000000", /zip archive: unpack it first/],
  ["89504e470d0a1a0a", /picture/],
  ["ffd8ffe000104a46", /picture/],
  ["255044462d312e34", /PDF/],
  ["28b52ffd04", /zstd/],
  ["4152524f57310000", /Arrow/],
  ["00ff00ff1234", /neither text nor Parquet/]
])("%s is no file of records, and is called by what it is", (bytes, words) => {
  expect(tellForeign(hex(bytes))).toMatch(words);
});

test("HTML and archives are told too, and what may hold records is not taken for them", () => {
  expect(tellForeign(Buffer.from("<!doctype html><p>"))).toBe("HTML or XML");
  const tar = Buffer.alloc(512);
  tar.write("ustar", 257);
  expect(tellForeign(tar)).toMatch(/tar archive/);
  for (const text of ['{"a":1}', "a,b\n1,2\n", "", "\ufeff[]"]) expect(tellForeign(Buffer.from(text))).toBeNull();
  expect(tellForeign(Buffer.from("PAR1\0\0"))).toBeNull();
});

test("a text is read in the encoding that its first bytes show, and bytes that are no letters are counted", async () => {
  const big = Buffer.from('\ufeff{"a":"ä"}', "utf16le").swap16();
  expect([big, big.subarray(2), Buffer.from('{"a":1}', "utf16le"), Buffer.from("{}")].map(tellEncoding)).toEqual([
    ...["utf-16be", "utf-16be", "utf-16le", "utf-8"]
  ]);
  const folder = await mkdtemp(`${tmpdir()}/tracebook-kinds-`);
  const read = async (name: string, bytes: Buffer) => {
    await writeFile(`${folder}/${name}`, bytes);
    const [file] = await localFiles.list(`${folder}/${name}`);
    const pieces = await Array.fromAsync(file!.read());
    return { text: pieces.map(({ text }) => text).join(""), losses: pieces.flatMap(({ losses = [] }) => losses) };
  };
  try {
    expect((await read("a.json", big)).text).toBe('{"a":"ä"}');
    const old = await read("b.json", Buffer.from('{"a":"ä"}', "latin1"));
    expect(old.losses).toEqual([{ field: "bytes that are no utf-8, shown as \ufffd", fate: "dropped", count: 1 }]);
    await expect(read("c.json", hex("504b0304"))).rejects.toThrow(/^the file is a zip archive/);
    await expect(read("d.csv", Buffer.from("\ufeffa,b\n1,2\n", "utf16le").swap16())).rejects.toThrow(/UTF-16/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
