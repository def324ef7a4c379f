import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
const scope = scopeOf(["support"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
  await fixture.lake.append(scope, { spans: [makeSpan({ traceId: "a", spanId: "root" })], scores: [] });
  await fixture.lake.flush();
});
afterEach(() => fixture.close());

async function spansFile(): Promise<string> {
  const [file] = await fixture.state.catalog.listFiles({
    snapshotId: await fixture.lake.snapshotId(),
    tables: ["spans"]
  });
  return file!.path;
}

test("a lake whose files are as the catalog says has no problems", async () => {
  expect(await fixture.lake.verify()).toEqual([]);
});

test("a file that is gone is named with the rows that are missing", async () => {
  const path = await spansFile();
  await rm(`${fixture.folder}/${path}`);
  expect(await fixture.lake.verify()).toEqual([{ path, message: "the file is gone; its 1 rows of spans are missing" }]);
});

test("a file that grew is named", async () => {
  const path = await spansFile();
  await appendFile(`${fixture.folder}/${path}`, "more");
  expect(await fixture.lake.verify()).toMatchObject([{ path, message: expect.stringMatching(/bytes instead of/) }]);
});

test("a file of the right size that cannot be read is named", async () => {
  const files = await fixture.state.catalog.listFiles({
    snapshotId: await fixture.lake.snapshotId(),
    tables: ["spans"]
  });
  await writeFile(`${fixture.folder}/${files[0]!.path}`, Buffer.alloc(files[0]!.bytes, 7));
  expect(await fixture.lake.verify()).toMatchObject([
    { path: files[0]!.path, message: expect.stringMatching(/cannot be read/) }
  ]);
});

test("a file that no snapshot knows is named as left over", async () => {
  const path = "spans/business_unit=support/date=2026-11-01/left.parquet";
  await mkdir(`${fixture.folder}/spans/business_unit=support/date=2026-11-01`, { recursive: true });
  await writeFile(`${fixture.folder}/${path}`, "half");
  expect(await fixture.lake.verify()).toMatchObject([
    { path, message: expect.stringMatching(/no snapshot knows this file and no write is at it/) }
  ]);
});

test("words whose spans are no longer part of the lake are named", async () => {
  const files = await fixture.state.catalog.listFiles({ snapshotId: await fixture.lake.snapshotId() });
  const spans = files.find(({ table }) => table === "spans")!;
  await fixture.state.catalog.commit({ add: [], remove: [spans.fileId] });
  const terms = files.find(({ table }) => table === "terms")!;
  expect((await fixture.lake.verify())[0]).toEqual({ path: terms.path, message: expect.stringContaining("words") });
});
