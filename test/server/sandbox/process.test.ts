import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SandboxProcess } from "#lib/server/sandbox/process.ts";
import type { Walls } from "#lib/server/sandbox/walls.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-process-`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Walls around nothing: the "script" is a line for the shell. */
const walls = (endsWithParent: boolean): Walls => ({
  names: [],
  endsWithParent,
  command: (script) => ({ file: "sh", args: ["-c", script] })
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
};

test.skipIf(process.platform === "win32")("ending a process ends what it has started, too", async () => {
  const path = `${folder}/second`;
  const child = new SandboxProcess(
    walls(true),
    `sh -c 'echo $$ > ${path}.new; mv ${path}.new ${path}; exec sleep 300' & wait`,
    0
  );
  await vi.waitFor(() => expect(existsSync(path)).toBe(true), 10_000);
  const second = Number(await readFile(path, "utf8"));
  expect(isRunning(second)).toBe(true);
  child.kill();
  await vi.waitFor(() => expect(isRunning(second)).toBe(false), 10_000);
});

test("a process that cannot be started says so to the first who asks", async () => {
  const nowhere = { ...walls(false), command: () => ({ file: `${folder}/nowhere`, args: [] }) };
  await expect(new SandboxProcess(nowhere, "", 0).ask("a question", 5000, "late")).rejects.toThrow(
    /the sandbox could not be started: .*ENOENT/
  );
});

test("an answer that came while this process was held up is taken, late as it is", async () => {
  // Repeats the word of the question behind the length of an empty answer.
  const echo =
    "dd bs=1 count=4 of=/dev/null 2>/dev/null; printf '\\0\\0\\0\\0'; dd bs=1 count=8 2>/dev/null; exec sleep 300";
  const child = new SandboxProcess(walls(false), echo, 0);
  try {
    const answer = child.ask("a question", 50, "late");
    const until = performance.now() + 1500;
    while (performance.now() < until);
    expect(await answer).toBe("");
  } finally {
    child.kill();
  }
});
