import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { listLeftovers, openLakeFixture } from "./fixture.ts";
import { runKillRounds } from "./kill-rounds.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/tracebook-kill-`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("of a process killed at any point every acknowledged span is there once, and no half of a batch", async () => {
  const report = await runKillRounds(root, { rounds: 3, seed: 20, writers: ["one", "two"] });
  console.log(
    `killed ${report.kills} times: ${report.acknowledged} acknowledged batches kept, ${report.unsaid} kept unsaid, files left over after ${report.withLeftovers} rounds`
  );
  expect(report.kills).toBe(6);
  expect(report.acknowledged).toBeGreaterThan(6);
}, 120_000);

test("what the killed processes left is gone with a flush two hours later, and the lake is whole", async () => {
  const clock = { nowMs: () => Date.now() + 7_200_000, newId: () => systemClock.newId() };
  const fixture = await openLakeFixture({ folder: `${root}/lake`, stateFolder: root, clock });
  try {
    await fixture.lake.flush();
    expect(await listLeftovers(fixture)).toEqual([]);
    expect(await readdir(`${root}/lake/.writing`)).toEqual([]);
    expect(await fixture.lake.verify()).toEqual([]);
  } finally {
    await fixture.close();
  }
});
