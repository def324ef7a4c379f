import { expect, test } from "vitest";
import { SettledSnapshots } from "#lib/work/settled-snapshots.ts";

test("a snapshot has settled when it has been there for a while, and is known to have been all until then", () => {
  const settled = new SettledSnapshots(2_000);
  expect(settled.newest(0)).toBeUndefined();
  settled.note(5, 1_000);
  settled.note(5, 2_000);
  settled.note(7, 2_500);
  expect(settled.newest(2_900)).toBeUndefined();
  expect(settled.newest(3_000)).toEqual({ snapshotId: 5, atMs: 1_000 });
  settled.note(7, 9_000);
  expect(settled.newest(9_000)).toEqual({ snapshotId: 7, atMs: 7_000 });
});

test("when something came after a snapshot is known only as far back as was looked", () => {
  const settled = new SettledSnapshots(2_000);
  settled.note(5, 1_000);
  settled.note(8, 1_500);
  settled.note(4, 1_600);
  expect([settled.firstAfter(4), settled.firstAfter(5), settled.firstAfter(8)]).toEqual([undefined, 1_500, undefined]);
});
