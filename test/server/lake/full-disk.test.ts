import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import type { Span } from "#lib/model/span.ts";
import { makeSpan } from "../../spans.ts";
import { type LakeFixture, listLeftovers, openLakeFixture, scopeOf } from "./fixture.ts";

const scope = scopeOf(["support"]);
const diskBytes = 48 * 2 ** 20;

/** A small disk of its own; null where this machine does not let the tests mount one. */
async function mountDisk(): Promise<string | null> {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-disk-`);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder], { stdio: "pipe" });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true });
    console.log(
      `the tests of a full disk are skipped: no disk can be mounted here (${String(error).split("\n", 1)[0]})`
    );
    return null;
  }
}

const disk = await mountDisk();

afterAll(async () => {
  if (!disk) return;
  execFileSync("umount", [disk]);
  await rm(disk, { recursive: true });
});

/** A batch of one trace that no compression makes smaller than `bytes`. */
function batch(trace: string, bytes: number, count = 4): Span[] {
  return Array.from({ length: count }, (_, index) =>
    makeSpan({
      traceId: trace,
      spanId: `${index}`,
      parentSpanId: index === 0 ? null : "0",
      outputText: randomBytes(Math.ceil((bytes / count) * 0.75)).toString("base64")
    })
  );
}

/** Fills the disk but for so many bytes. */
async function leave(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk!);
  await writeFile(`${disk}/ballast`, Buffer.alloc(bavail * bsize - bytes));
}

/** Appends until the disk is full. @returns the names of the batches that were acknowledged */
async function fill(lake: LakeFixture["lake"], prefix: string, bytes: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let n = 0; n < 1000; n++) {
    try {
      await lake.append(scope, { spans: batch(`${prefix}-${n}`, bytes), scores: [] });
      acknowledged.push(`${prefix}-${n}`);
    } catch (error) {
      if (!isFault(error)) throw error;
      expect(error).toMatchObject({
        code: "limit",
        message: "the disk is full, so nothing of this was written",
        hint: expect.stringMatching(/taken in before is safe/)
      });
      return acknowledged;
    }
  }
  throw new Error("the disk never filled");
}

async function countSpans(lake: LakeFixture["lake"]) {
  const kernel = await lake.openKernel(scope);
  try {
    const [row] = await kernel.rows(
      "select count(*)::integer as n, count(distinct (trace_id, span_id))::integer as d, (select sum(spans)::integer from traces) as s from spans",
      {},
      1
    );
    return row;
  } finally {
    await kernel.close();
  }
}

const times = (count: number) => ({ n: count, d: count, s: count === 0 ? null : count });

describe.skipIf(!disk)("on a disk that fills up", () => {
  let fixture: LakeFixture;
  beforeAll(async () => {
    fixture = await openLakeFixture({ folder: `${disk}/lake`, leastFreeBytes: 0 });
  });
  afterAll(() => fixture.close());

  test("an append says so, leaves nothing behind, and works again once there is space", async () => {
    const { lake, folder } = fixture;
    await leave(6 * 2 ** 20);
    let spans = 0;
    // Sizes that are no multiple of a page, so that the disk ends at another place of the file each time.
    for (const bytes of [1_300_003, 700_001, 90_007]) {
      spans += 4 * (await fill(lake, `size-${bytes}`, bytes)).length;
      expect(await listLeftovers(fixture)).toEqual([]);
      expect(await lake.verify()).toEqual([]);
      expect(await countSpans(lake)).toEqual(times(spans));
    }
    expect(spans).toBeGreaterThan(12);
    await rm(`${disk}/ballast`);
    await lake.append(scope, { spans: batch("after", 500_000), scores: [] });
    expect(await countSpans(lake)).toEqual(times(spans + 4));
    await lake.flush();
    expect(await countSpans(lake)).toEqual(times(spans + 4));
    expect(await lake.verify()).toEqual([]);
    expect(folder.startsWith(disk!)).toBe(true);
  });

  test("a flush that finds no room changes nothing, and flushes once there is", async () => {
    const { lake, state } = fixture;
    const before = await countSpans(lake);
    await lake.append(scope, { spans: batch("unflushed", 900_000), scores: [] });
    const kept = times(Number(before!.n) + 4);
    await leave(300_000);
    const snapshotId = await lake.snapshotId();
    await expect(lake.flush()).rejects.toMatchObject({ code: "limit", message: expect.stringMatching(/disk is full/) });
    expect(await lake.snapshotId()).toBe(snapshotId);
    expect(await listLeftovers(fixture)).toEqual([]);
    expect(await countSpans(lake)).toEqual(kept);
    expect(await lake.verify()).toEqual([]);
    await rm(`${disk}/ballast`);
    await lake.flush();
    expect(await countSpans(lake)).toEqual(kept);
    const files = await state.catalog.listFiles({ snapshotId: await lake.snapshotId() });
    expect(files.filter(({ format }) => format === "ndjson")).toEqual([]);
  });

  test("a correction that finds no room to write its trace anew leaves the trace as it was", async () => {
    const { lake } = fixture;
    const [first, ...rest] = batch("corrected", 600_000);
    await lake.append(scope, { spans: [first!, ...rest], scores: [] });
    await lake.flush();
    const before = await countSpans(lake);
    await leave(200_000);
    await expect(lake.append(scope, { spans: [{ ...first!, name: "again" }], scores: [] })).rejects.toMatchObject({
      code: "limit"
    });
    expect(await listLeftovers(fixture)).toEqual([]);
    expect(await countSpans(lake)).toEqual(before);
    await rm(`${disk}/ballast`);
    expect(await lake.append(scope, { spans: [{ ...first!, name: "again" }], scores: [] })).toMatchObject({
      spansReplaced: 1
    });
    expect(await countSpans(lake)).toEqual(before);
  });
});

test.skipIf(!disk)("when the disk of the catalog is full, an append leaves nothing and is taken in later", async () => {
  await mkdir(`${disk}/state`);
  const fixture = await openLakeFixture({ stateFolder: `${disk}/state` });
  try {
    await fixture.lake.append(scope, { spans: batch("before", 1000), scores: [] });
    await leave(0);
    // What the write-ahead log has room for is still taken in.
    const taken = await fill(fixture.lake, "full", 1000);
    expect(await listLeftovers(fixture)).toEqual([]);
    expect(await countSpans(fixture.lake)).toEqual(times(4 * (taken.length + 1)));
    await rm(`${disk}/ballast`);
    await fixture.lake.append(scope, { spans: batch("after", 1000), scores: [] });
    expect(await countSpans(fixture.lake)).toEqual(times(4 * (taken.length + 2)));
    expect(await fixture.lake.verify()).toEqual([]);
  } finally {
    await fixture.close();
  }
});
