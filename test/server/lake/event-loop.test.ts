import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { busyMs, type LongestTurns, longestMs } from "./longest-turns.ts";

test("large answers leave the server free to answer others", async () => {
  const program = fileURLToPath(new URL("./longest-turns.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const { busy, answers } = JSON.parse(stdout) as LongestTurns;
  // Work that keeps the loop is noticed.
  expect(busy).toBeGreaterThanOrEqual(busyMs);
  expect(answers).toHaveLength(4);
  for (const { name, rows, turn, copy } of answers) {
    const [came, asked] = rows;
    expect(came, name).toBe(asked);
    // On a slow machine the bound gives way to what one copy of the answer costs there, now.
    expect(turn, name).toBeLessThan(Math.max(longestMs, copy));
  }
}, 120_000);
