import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Jobs } from "#lib/ports/jobs.ts";

/** Jobs of a fresh database, and what a worker process needs to reach the same. */
export interface OpenedJobs {
  readonly jobs: Jobs;
  readonly worker: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Line {
  readonly kind: "start" | "end";
  readonly id: string;
  readonly attempt: number;
  readonly name: string;
  readonly atMs: number;
}

/** What every implementation of the Jobs door keeps. `takeoverMs` bounds the wait for a dead worker's job. */
export function jobsContract(name: string, open: () => Promise<OpenedJobs>, takeoverMs: number): void {
  // Side by side, each in a queue of its own: most of their time is a wait for the next look.
  describe.concurrent(`jobs on ${name}`, () => {
    let opened: OpenedJobs;
    let folder: string;
    const children: ChildProcess[] = [];
    const until = <T>(look: () => T | Promise<T>, timeout = 20_000) => vi.waitFor(look, { timeout, interval: 50 });
    const stateOf = async (id: string) => (await opened.jobs.find(id))?.state;
    beforeAll(async () => {
      opened = await open();
      folder = await mkdtemp(join(tmpdir(), "tracebook-jobs-"));
    });
    afterAll(async () => {
      for (const child of children) child.kill("SIGKILL");
      await opened?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test("an id is enqueued once, ever, and its job is done once", async () => {
      const { jobs } = opened;
      expect(await jobs.enqueue("once", { n: 1 }, { id: "once-1" })).toBe(true);
      expect(await jobs.enqueue("once", { n: 2 }, { id: "once-1" })).toBe(false);
      const seen: unknown[] = [];
      const worker = await jobs.work("once", async ({ id, data, attempt }) => void seen.push({ id, data, attempt }));
      await until(async () => expect(await stateOf("once-1")).toBe("done"));
      await worker.stop();
      expect(await jobs.enqueue("once", { n: 3 }, { id: "once-1" })).toBe(false);
      expect(seen).toEqual([{ id: "once-1", data: { n: 1 }, attempt: 1 }]);
      expect(await jobs.find("never")).toBeUndefined();
    });

    test("work that comes up again is enqueued anew once it has ended, and not before", async () => {
      const { jobs } = opened;
      const again = { id: "again-1", again: true } as const;
      const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const begun: unknown[] = [];
      expect(await jobs.enqueue("again", 1, again)).toBe(true);
      expect(await jobs.enqueue("again", 2, again)).toBe(false);
      const worker = await jobs.work("again", async ({ data, attempt }) => {
        begun.push([data, attempt]);
        await gates[begun.length - 1]!.promise;
      });
      await until(() => expect(begun).toHaveLength(1));
      expect(await jobs.enqueue("again", 3, again)).toBe(false);
      gates[0]!.resolve();
      await until(async () => expect(await jobs.enqueue("again", 4, again)).toBe(true));
      await until(() => expect(begun).toHaveLength(2));
      gates[1]!.resolve();
      await until(async () => expect(await stateOf("again-1")).toBe("done"));
      await worker.stop();
      expect(begun).toEqual([
        [1, 1],
        [4, 1]
      ]);
    });

    test("a job that throws is tried again, and fails with its sentence after its last try", async () => {
      const { jobs } = opened;
      const attempts: number[] = [];
      const worker = await jobs.work("fails", async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error("it rained");
      });
      await jobs.enqueue("fails", null, { id: "fails-1", attempts: 2 });
      await until(async () => expect(await stateOf("fails-1")).toBe("failed"));
      await worker.stop();
      expect(attempts).toEqual([1, 2]);
      expect((await jobs.find("fails-1"))?.message).toContain("it rained");
    });

    test("a cancelled job is told so when it runs, and never begins when it waits", async () => {
      const { jobs } = opened;
      await jobs.enqueue("cancel", null, { id: "cancel-waits" });
      await jobs.cancel("cancel-waits");
      let told = false;
      const begun: string[] = [];
      const worker = await jobs.work("cancel", async ({ id, signal }) => {
        begun.push(id);
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        told = true;
      });
      await jobs.enqueue("cancel", null, { id: "cancel-runs" });
      await until(() => expect(begun).toEqual(["cancel-runs"]));
      await jobs.cancel("cancel-runs");
      await until(() => expect(told).toBe(true));
      await worker.stop();
      expect([await stateOf("cancel-waits"), await stateOf("cancel-runs")]).toEqual(["cancelled", "cancelled"]);
    });

    test("jobs of one group run one after another, those of others beside them", async () => {
      const { jobs } = opened;
      const now = new Map<string, number>();
      const most = new Map<string, number>();
      for (let n = 0; n < 12; n++) {
        await jobs.enqueue("groups", { group: `g${n % 2}` }, { id: `group-${n}`, group: `g${n % 2}` });
      }
      const worker = await jobs.work(
        "groups",
        async ({ data }) => {
          const { group } = data as { readonly group: string };
          now.set(group, (now.get(group) ?? 0) + 1);
          most.set(group, Math.max(most.get(group) ?? 0, now.get(group) ?? 0));
          await new Promise((resolve) => setImmediate(resolve));
          now.set(group, (now.get(group) ?? 0) - 1);
        },
        { concurrency: 3 }
      );
      await until(async () => {
        for (let n = 0; n < 12; n++) expect(await stateOf(`group-${n}`)).toBe("done");
      });
      await worker.stop();
      expect(Object.fromEntries(most)).toEqual({ g0: 1, g1: 1 });
    });

    test("a killed worker's job is taken over; every job ends once and never has two owners", async () => {
      const log = join(folder, "log");
      const start = (worker: string, hangs: boolean) => {
        const child = spawn(
          process.execPath,
          [
            fileURLToPath(new URL("./jobs-worker.ts", import.meta.url)),
            JSON.stringify({ ...opened.worker, log, name: worker, hangs })
          ],
          { stdio: ["ignore", "ignore", "inherit"] }
        );
        children.push(child);
        return child;
      };
      const lines = async () =>
        (await readFile(log, "utf8").catch(() => ""))
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Line);
      const ids = Array.from({ length: 6 }, (_, n) => `kill-${n}`);
      const doomed = start("doomed", true);
      for (const id of ids) await opened.jobs.enqueue("contract", null, { id });
      const held = await until(async () => {
        const line = (await lines())[0];
        expect(line).toBeDefined();
        return line as Line;
      });
      start("heir", false);
      await until(async () => expect((await lines()).some(({ name: worker }) => worker === "heir")).toBe(true));
      doomed.kill("SIGKILL");
      const killedAtMs = Date.now();
      await until(async () => {
        for (const id of ids) expect(await stateOf(id)).toBe("done");
      }, takeoverMs);
      const all = await lines();
      for (const id of ids) {
        expect(all.filter((line) => line.id === id && line.kind === "end")).toHaveLength(1);
        expect(all.filter((line) => line.id === id && line.kind === "start")).toHaveLength(id === held.id ? 2 : 1);
      }
      const again = all.find((line) => line.id === held.id && line.name === "heir" && line.kind === "start");
      expect(again?.attempt).toBe(2);
      expect(again?.atMs).toBeGreaterThanOrEqual(killedAtMs);
      console.log(`${name}: a killed worker's job was taken over after ${(again?.atMs ?? 0) - killedAtMs} ms`);
    }, 60_000);
  });
}
