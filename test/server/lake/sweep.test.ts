import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "#lib/ports/clock.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, listLeftovers, openLakeFixture, scopeOf } from "./fixture.ts";

const hourMs = 3_600_000;
const scope = scopeOf(["support"]);

/** The machine's clock, set forward by hand. */
class HandClock implements Clock {
  aheadMs = 0;
  nowMs = () => Date.now() + this.aheadMs;
  newId = () => systemClock.newId();
}

let clock: HandClock;
let fixture: LakeFixture;

beforeEach(async () => {
  clock = new HandClock();
  fixture = await openLakeFixture({ clock });
});
afterEach(() => fixture.close());

const append = (traceId: string, name = "step") =>
  fixture.lake.append(scope, { spans: [makeSpan({ traceId, spanId: "root", name })], scores: [] });

/** The same lake, as another process would open it. */
const openOther = () =>
  openLake({
    folder: fixture.folder,
    spillFolder: `${fixture.folder}/../other-spill`,
    catalog: fixture.state.catalog,
    clock,
    stateTables: () => ({})
  });

async function exists(path: string): Promise<boolean> {
  return stat(`${fixture.folder}/${path}`).then(
    () => true,
    () => false
  );
}

async function countSpans(snapshotId?: number): Promise<unknown> {
  const kernel = await fixture.lake.openKernel(scope, snapshotId === undefined ? {} : { snapshotId });
  try {
    return (await kernel.rows("select count(*) as n from spans", {}, 1))[0]!.n;
  } finally {
    await kernel.close();
  }
}

/** Leaves what a killed write leaves: a journal and the files it names. */
async function leaveWrite(files: readonly string[], agoMs: number, noted = files): Promise<string[]> {
  const day = "spans/business_unit=support/date=2026-11-20";
  await mkdir(`${fixture.folder}/${day}`, { recursive: true });
  for (const name of files) await writeFile(`${fixture.folder}/${day}/${name}`, "{");
  const journal = `${fixture.folder}/.writing/killed`;
  await writeFile(journal, noted.map((name) => `${day}/${name.replace(".partial", "")}`).join("\n"));
  const at = (Date.now() - agoMs) / 1000;
  await utimes(journal, at, at);
  return files.map((name) => `${day}/${name}`);
}

test("files that were replaced stay for an hour and are gone with the first flush after it", async () => {
  await append("a");
  await fixture.lake.flush();
  const removed = (await fixture.state.catalog.listAllFiles()).filter(
    ({ removedSnapshot }) => removedSnapshot !== null
  );
  expect(removed.map(({ format }) => format)).toEqual(["ndjson", "ndjson"]);
  clock.aheadMs = hourMs - 60_000;
  await fixture.lake.flush();
  expect(await Promise.all(removed.map(({ path }) => exists(path)))).toEqual([true, true]);
  expect(await countSpans(1)).toBe(1);
  clock.aheadMs = hourMs + 60_000;
  await fixture.lake.flush();
  expect(await Promise.all(removed.map(({ path }) => exists(path)))).toEqual([false, false]);
  expect(await countSpans()).toBe(1);
  expect(await fixture.lake.verify()).toEqual([]);
});

test("a snapshot whose files are gone is refused with what to do, and an unknown one too", async () => {
  await append("a");
  await fixture.lake.flush();
  clock.aheadMs = 2 * hourMs;
  await fixture.lake.flush();
  await expect(countSpans(1)).rejects.toMatchObject({
    code: "missing",
    message: "snapshot 1 of the lake can no longer be read",
    hint: expect.stringMatching(/Run the whole workbook/)
  });
  await expect(countSpans(99)).rejects.toMatchObject({ code: "missing" });
  expect(await countSpans(0)).toBe(0);
});

test("the files that an open kernel reads stay, also when another process sweeps", async () => {
  await append("a");
  await append("b");
  const kernel = await fixture.lake.openKernel(scope, { snapshotId: 1 });
  await fixture.lake.flush();
  clock.aheadMs = 2 * hourMs;
  // A reader repeats now and then what it reads; here its own flush does it.
  await fixture.lake.flush();
  const other = await openOther();
  await other.flush();
  expect(await kernel.rows("select count(*) as n from spans", {}, 1)).toEqual([{ n: 1 }]);
  await kernel.close();
  await fixture.lake.flush();
  await expect(countSpans(1)).rejects.toMatchObject({ code: "missing" });
  await other.close();
});

test("what a write that never ended left goes after an hour, at a flush and when the lake is opened", async () => {
  const names = ["whole.parquet", "half.parquet.partial", "batch.ndjson"];
  const left = await leaveWrite(names, hourMs / 2);
  await fixture.lake.flush();
  expect(await listLeftovers(fixture)).toEqual([...left].sort());
  expect(await fixture.lake.verify()).toEqual([]);
  clock.aheadMs = hourMs;
  await fixture.lake.flush();
  expect(await listLeftovers(fixture)).toEqual([]);
  expect(await readdir(`${fixture.folder}/.writing`)).toEqual([]);
  await leaveWrite(names, hourMs);
  const other = await openOther();
  await other.close();
  expect(await listLeftovers(fixture)).toEqual([]);
});

test("a journal that was cut off or names files of the lake costs no file", async () => {
  await append("a");
  const [file] = await fixture.state.catalog.listAllFiles();
  await writeFile(`${fixture.folder}/.writing/killed`, `${file!.path}\nspans/business_unit=support/date=2026`);
  clock.aheadMs = 2 * hourMs;
  await fixture.lake.flush();
  expect(await readdir(`${fixture.folder}/.writing`)).toEqual([]);
  expect(await countSpans()).toBe(1);
  expect(await fixture.lake.verify()).toEqual([]);
});

test("a file that no journal names is never removed: the catalog may be an older copy", async () => {
  const left = await leaveWrite(["whole.parquet"], 9 * hourMs, []);
  clock.aheadMs = 9 * hourMs;
  await fixture.lake.flush();
  expect(await listLeftovers(fixture)).toEqual(left);
});

test("a slow writer whose files were swept cannot commit them", async () => {
  await append("a");
  const snapshotId = await fixture.lake.snapshotId();
  const [path] = await leaveWrite(["slow.parquet"], hourMs);
  const [file] = await fixture.state.catalog.listAllFiles();
  await fixture.lake.flush();
  await expect(
    fixture.state.catalog.commit({ add: [{ ...file!, path: path! }], remove: [], expectedSnapshot: snapshotId })
  ).rejects.toMatchObject({ code: "conflict" });
});

test("a write that ends leaves no journal", async () => {
  await append("a");
  await append("a", "again");
  await fixture.lake.flush();
  expect(await readdir(`${fixture.folder}/.writing`)).toEqual([]);
});
