import fc from "fast-check";
import { expect, test } from "vitest";
import type { Catalog, NewLakeFile } from "#lib/ports/catalog.ts";

const file = (path: string, businessUnit = "support", day = "2026-05-01"): NewLakeFile => ({
  table: "spans",
  businessUnit,
  day,
  path,
  format: "parquet",
  rows: 3,
  bytes: 5_000_000_000,
  minStartMs: 1_777_777_777_000,
  maxStartMs: 1_777_777_778_000
});

/**
 * What every catalog keeps.
 *
 * @param open   the catalog, once the tests run
 * @param write  runs a second process on it, and gives the lines it acknowledged before it was killed
 */
export function catalogContract(
  open: () => Catalog,
  write: (task: Readonly<Record<string, unknown>>, killAfter?: number) => Promise<{ readonly lines: readonly string[] }>
): void {
  test("a commit that cannot be made whole changes nothing", async () => {
    const catalog = open();
    const first = await catalog.commit({ add: [file("whole/a"), file("whole/b", "sales")], remove: [] });
    const a = (await catalog.listFiles({ snapshotId: first })).find(({ path }) => path === "whole/a");
    expect(a).toMatchObject({ ...file("whole/a"), addedSnapshot: first, removedSnapshot: null });
    const remove = [a?.fileId ?? ""];
    const second = await catalog.commit({ add: [file("whole/c")], remove, expectedSnapshot: first });
    expect(second).toBe(first + 1);
    await expect(catalog.commit({ add: [file("whole/d")], remove })).rejects.toMatchObject({ code: "conflict" });
    await expect(catalog.commit({ add: [file("whole/d")], remove: [], expectedSnapshot: first })).rejects.toMatchObject(
      { code: "conflict" }
    );
    expect(await catalog.currentSnapshot()).toBe(second);
    expect((await catalog.listAllFiles()).map(({ path }) => path)).not.toContain("whole/d");
    expect(await catalog.listBusinessUnits()).toEqual(["sales", "support"]);
    expect((await catalog.listFiles({ snapshotId: second, businessUnits: [] })).length).toBe(0);
  });

  test("a change conflicts with what came since in its own units, and with nothing else", async () => {
    const catalog = open();
    const base = await catalog.commit({ add: [file("units/a", "claims")], remove: [] });
    await catalog.commit({ add: [file("units/b", "legal")], remove: [], expectedSnapshot: base });
    await catalog.commit({ add: [file("units/c", "claims")], remove: [], expectedSnapshot: base });
    await expect(
      catalog.commit({ add: [file("units/d", "claims")], remove: [], expectedSnapshot: base })
    ).rejects.toMatchObject({ code: "conflict" });
    await expect(
      catalog.commit({ add: [file("units/e", "other")], remove: [], expectedSnapshot: base + 99 })
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("a refused file is part of no snapshot, and can never become one for who began before", async () => {
    const catalog = open();
    const base = await catalog.currentSnapshot();
    const refused = await catalog.commit({ add: [], remove: [], refuse: [file("slow/a", "tardy")] });
    const slow = () => catalog.commit({ add: [file("slow/a", "tardy")], remove: [], expectedSnapshot: base });
    await expect(slow()).rejects.toMatchObject({ code: "conflict" });
    expect((await catalog.listFiles({ snapshotId: refused })).map(({ path }) => path)).not.toContain("slow/a");
    expect(await catalog.listBusinessUnits()).not.toContain("tardy");
    await catalog.expire({ removedBeforeMs: Number.MAX_SAFE_INTEGER, pinnedSinceMs: Number.MAX_SAFE_INTEGER });
    await expect(slow()).rejects.toMatchObject({ code: "conflict" });
  });

  test("files that joined are listed after they left, too, and refused ones never", async () => {
    const catalog = open();
    const base = await catalog.commit({ add: [file("joined/a", "tail")], remove: [] });
    const second = await catalog.commit({ add: [file("joined/c", "tail"), file("joined/b", "tail")], remove: [] });
    const there = await catalog.listFiles({ snapshotId: second, businessUnits: ["tail"] });
    const third = await catalog.commit({
      add: [file("joined/d", "tail"), file("joined/other", "other-tail")],
      remove: there.map(({ fileId }) => fileId),
      refuse: [file("joined/e", "tail")]
    });
    const left = await catalog.listFiles({ snapshotId: third, businessUnits: ["other-tail", "tail"] });
    await catalog.commit({ add: [], remove: left.map(({ fileId }) => fileId) });
    const joined = async (after: number) =>
      (await catalog.listJoinedFiles({ after, businessUnits: ["tail"] })).map(({ path }) => path);
    expect(await joined(base)).toEqual(["joined/b", "joined/c", "joined/d"]);
    expect(await joined(second)).toEqual(["joined/d"]);
    expect(await catalog.listJoinedFiles({ after: base, businessUnits: [] })).toEqual([]);
  });

  test("commits at the same time make consecutive snapshots", async () => {
    const catalog = open();
    const before = await catalog.currentSnapshot();
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, n) => catalog.commit({ add: [file(`together/${n}`)], remove: [] }))
    );
    expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => before + 1 + n));
  });

  test("the files of a snapshot never change after later commits", async () => {
    const catalog = open();
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ add: fc.nat(3), remove: fc.nat(2) }), { maxLength: 6 }), async (steps) => {
        const seen = new Map<number, readonly string[]>();
        const pathsAt = async (snapshotId: number) => (await catalog.listFiles({ snapshotId })).map(({ path }) => path);
        for (const step of steps) {
          const current = await catalog.currentSnapshot();
          const live = await catalog.listFiles({ snapshotId: current });
          const id = await catalog.commit({
            add: Array.from({ length: step.add }, () => file(`law/${serial++}`)),
            remove: live.slice(0, step.remove).map(({ fileId }) => fileId)
          });
          expect(id).toBe(current + 1);
          seen.set(id, await pathsAt(id));
        }
        for (const [id, paths] of seen) expect(await pathsAt(id)).toEqual(paths);
      }),
      { seed: 11, numRuns: 12 }
    );
  }, 30_000);

  test("files that left are forgotten with the snapshots they were part of, but not while a reader is on one", async () => {
    const catalog = open();
    const everything = { removedBeforeMs: Number.MAX_SAFE_INTEGER, pinnedSinceMs: 0 };
    await catalog.expire(everything);
    const live = async () =>
      (await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() })).map(({ path }) => path);
    const kept = await live();
    const replace = async (path: string) => {
      const old = (await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() })).filter((found) =>
        found.path.startsWith("expire/")
      );
      return catalog.commit({ add: [file(path)], remove: old.map(({ fileId }) => fileId) });
    };
    const [first, second, third] = [await replace("expire/1"), await replace("expire/2"), await replace("expire/3")];
    expect(await catalog.expire({ removedBeforeMs: 0, pinnedSinceMs: 0 })).toEqual([]);
    await catalog.pin("early", first);
    await catalog.pin("early", second);
    expect(await catalog.expire(everything)).toEqual(["expire/1"]);
    expect(await Promise.all([0, first, second, third, third + 1].map((id) => catalog.isReadable(id)))).toEqual([
      true,
      false,
      true,
      true,
      false
    ]);
    await catalog.pin("late", third);
    await catalog.pin("early", null);
    expect(await catalog.expire(everything)).toEqual(["expire/2"]);
    await replace("expire/4");
    expect(await catalog.expire(everything)).toEqual([]);
    // A reader that was not heard since is taken as gone.
    expect(await catalog.expire({ ...everything, pinnedSinceMs: Number.MAX_SAFE_INTEGER })).toEqual(["expire/3"]);
    expect(await live()).toEqual([...kept, "expire/4"].sort());
  });

  test("a process killed between commits has lost none that it acknowledged", async () => {
    const catalog = open();
    const { lines } = await write({ does: "commit", name: "killed", count: 100_000 }, 25);
    expect(lines.length).toBeGreaterThanOrEqual(25);
    const files = await catalog.listFiles({ snapshotId: await catalog.currentSnapshot() });
    const kept = new Map(files.map(({ path, addedSnapshot }) => [path, addedSnapshot]));
    for (const line of lines) {
      const [snapshotId, path] = line.split(" ");
      expect(kept.get(path ?? "")).toBe(Number(snapshotId));
    }
  }, 30_000);
}
