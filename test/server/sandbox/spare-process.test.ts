import { afterEach, expect, test } from "vitest";
import { SpareProcess } from "#lib/server/sandbox/spare-process.ts";
import type { Walls } from "#lib/server/sandbox/walls.ts";

/** Walls around nothing: the "script" is a line for the shell. Remembers what was started under which limit. */
function fakeWalls() {
  const started: number[] = [];
  const walls: Walls = {
    names: [],
    endsWithParent: false,
    command(script, memoryBytes) {
      started.push(memoryBytes);
      return { file: "sh", args: ["-c", script] };
    }
  };
  return { walls, started };
}

const waits = "read line";
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const thing of opened.splice(0)) thing.close();
});

function open(script = waits) {
  const { walls, started } = fakeWalls();
  const processes = new SpareProcess(walls, script);
  opened.push(processes);
  return {
    started,
    processes,
    take(memoryBytes: number) {
      const taken = processes.take(memoryBytes);
      opened.push({ close: () => taken.kill() });
      return taken;
    }
  };
}

test("a process that waits is given to the next who asks for its limit, and to nobody else", () => {
  const { processes, take, started } = open();
  processes.prepare(100);
  const first = take(100);
  expect(started).toEqual([100]);
  expect(take(100)).not.toBe(first);
  expect(started).toEqual([100, 100]);
});

test("preparing twice starts one process", () => {
  const { processes, started } = open();
  processes.prepare(100);
  processes.prepare(100);
  expect(started).toEqual([100]);
});

test("who asks for another limit gets a process of its own, and the one that waits goes on waiting", () => {
  const { processes, take, started } = open();
  processes.prepare(100);
  take(200);
  take(100);
  expect(started).toEqual([100, 200]);
});

test("preparing for another limit ends the one that waited", () => {
  const { processes, take, started } = open();
  processes.prepare(100);
  processes.prepare(200);
  take(100);
  expect(started).toEqual([100, 200, 100]);
});

test("one that has ended while it waited is not given to anybody", async () => {
  const { processes, take, started } = open("exit 3");
  processes.prepare(100);
  const ended = take(100);
  await expect(ended.ask("a question", 5000, "late")).rejects.toThrow(/ended its own process \(code 3\)/);
  processes.prepare(100);
  const [before] = [started.length];
  await expect(take(100).ask("a question", 5000, "late")).rejects.toThrow(/code 3/);
  expect(started.length).toBe(before);
});

test("after closing, nothing is prepared, and what waited has ended", async () => {
  const { processes, started } = open();
  processes.prepare(100);
  processes.close();
  processes.prepare(100);
  expect(started).toEqual([100]);
});
