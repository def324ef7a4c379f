import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseColumnUse } from "#lib/formats/column-mapping.ts";
import type { Uploads } from "#lib/ports/uploads.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { openUploads } from "#lib/server/uploads.ts";
import { type ImportEvent, parseImportAsked } from "#lib/wire/import.ts";
import { importUpload, previewUpload, type UploadDoors } from "#lib/work/import-upload.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let folder: string;
let uploads: Uploads;
let doors: UploadDoors;
const owner = scopeOf(["support"]);
const asked = {
  businessUnit: "support",
  environment: null,
  mapping: ["input=question", "started_at=at"].map(parseColumnUse)
};

beforeEach(async () => {
  fixture = await openLakeFixture();
  folder = await mkdtemp(`${tmpdir()}/tracebook-import-upload-`);
  uploads = await openUploads(folder, systemClock);
  doors = {
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    sources: localFiles,
    clock: systemClock,
    uploads
  } as unknown as UploadDoors;
});
afterEach(async () => {
  await uploads.close();
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

async function upload(): Promise<string> {
  const { uploadId } = await uploads.begin(owner);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("question,at\nWhere?,2026-01-01\nWhen?,2026-01-03\n");
  }
  await uploads.add(owner, uploadId, "shop/chats.csv", bytes());
  return uploadId;
}

async function run(uploadId: string, signal = new AbortController().signal): Promise<ImportEvent[]> {
  const events: ImportEvent[] = [];
  for await (const event of importUpload(doors, owner, uploadId, asked, signal)) events.push(event);
  return events;
}

test("uploaded files are previewed, imported with progress and a summary, and then gone", async () => {
  const uploadId = await upload();
  const preview = await previewUpload(doors, owner, uploadId, { ...asked, mapping: null });
  expect(preview).toMatchObject({ needsMapping: true, files: [{ name: "shop/chats.csv" }] });
  expect((await previewUpload(doors, owner, uploadId, asked)).traces[0]).toMatchObject({
    agent: "shop",
    input: "Where?"
  });
  const events = await run(uploadId);
  expect(events.map(({ kind }) => kind)).toEqual(["progress", "done"]);
  expect(events.at(-1)).toMatchObject({
    summary: { traces: 2, spansAdded: 2, startsMs: [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 3)] }
  });
  expect(() => uploads.find(owner, uploadId)).toThrow("not here any more");
});

test("an import that is stopped says so and keeps its files for another try", async () => {
  const uploadId = await upload();
  const stop = new AbortController();
  stop.abort();
  expect(await run(uploadId, stop.signal)).toMatchObject([
    { kind: "fault", fault: { code: "limit", message: "stopped" } }
  ]);
  expect((await run(uploadId)).at(-1)?.kind).toBe("done");
});

test("only units of one's own are written to", async () => {
  const uploadId = await upload();
  const foreign = { ...asked, businessUnit: "travel" };
  const viewer = { ...owner, roles: ["viewer" as const] };
  await expect(previewUpload(doors, viewer, uploadId, foreign)).rejects.toMatchObject({ code: "denied" });
  expect(() => importUpload(doors, viewer, uploadId, foreign, new AbortController().signal)).toThrow("not yours");
});

test("a request for an import is read, and one that cannot be is refused with what is wrong", () => {
  const mapping = [
    { target: "score:a", column: "x", range: [1, 5] },
    { target: "input", column: "q", range: null }
  ];
  expect(parseImportAsked({ businessUnit: "support", environment: "", mapping })).toEqual({
    businessUnit: "support",
    environment: null,
    mapping
  });
  expect(parseImportAsked({ businessUnit: "support" }).mapping).toBeNull();
  const refused = (more: object) => () => parseImportAsked({ businessUnit: "support", ...more });
  expect(refused({ businessUnit: "No Unit" })).toThrow('"No Unit" cannot be a business unit');
  expect(refused({ mapping: {} })).toThrow('"mapping" is not a list');
  expect(refused({ mapping: [{ target: "input", column: "q", range: [1] }] })).toThrow("two numbers");
  expect(refused({ mapping: [{ target: "odd", column: "q" }] })).toThrow('a column cannot be "odd"');
});
