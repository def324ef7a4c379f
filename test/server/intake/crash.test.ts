import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer } from "./crash-process.ts";
import { runCrashRounds } from "./crash-rounds.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/tracebook-crash-`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("of a server killed at any moment every acknowledged span is in the lake once, as it was sent", async () => {
  const script = fileURLToPath(new URL("./crash-server.ts", import.meta.url));
  const report = await runCrashRounds(root, () => startServer([script, root, "20"]), { kills: 2, seed: 7, senders: 4 });
  expect(report.kills).toBe(2);
  expect(report.acknowledged).toBeGreaterThan(2);
  expect(report.spans).toBeGreaterThan(2);
}, 60_000);
