import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import type { NewLakeFile } from "#lib/ports/catalog.ts";
import type { State } from "#lib/server/state/state.ts";

/** A fresh state, and what another process needs to open the same. */
export interface OpenedState {
  readonly state: State;
  readonly config: Readonly<Record<string, string | null>>;
  /** Another place, where no state has been made yet. */
  readonly fresh: Readonly<Record<string, string | null>>;
  close(): Promise<void>;
}

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["sales", "support"] } as const;
const stranger = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;

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

const run = (runId: string, businessUnits: readonly string[], startedAtMs = 1000): Run => ({
  runId,
  workbook: "weekly",
  title: "Weekly",
  revision: 1,
  trigger: "page",
  occurrenceMs: null,
  userId: "owner",
  businessUnits,
  snapshotId: 1,
  params: {},
  seed: 1,
  startedAtMs,
  endedAtMs: null,
  outcome: "running",
  cells: [{ key: "a", kind: "sql", text: "select 1", state: { state: "idle" } }],
  checks: [],
  engine: "1"
});

/** What every database of the state keeps. */
export function stateContract(name: string, open: () => Promise<OpenedState>): void {
  describe(`state on ${name}`, () => {
    let opened: OpenedState;
    let state: State;
    beforeAll(async () => {
      opened = await open();
      state = opened.state;
    });
    afterAll(() => opened?.close());

    /** Runs a second process; gives the lines it had acknowledged when it ended, or was killed after `killAfter`. */
    const write = (task: Readonly<Record<string, unknown>>, killAfter = Number.POSITIVE_INFINITY) =>
      new Promise<{ lines: readonly string[]; code: number | null }>((resolve) => {
        const child = spawn(
          process.execPath,
          [fileURLToPath(new URL("./state-writer.ts", import.meta.url)), JSON.stringify({ ...opened.config, ...task })],
          { stdio: ["ignore", "pipe", "inherit"] }
        );
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          if (text.split("\n").length > killAfter) child.kill("SIGKILL");
        });
        child.once("close", (code) => resolve({ lines: text.split("\n").slice(0, -1), code }));
      });

    test("a workbook keeps every revision, and its slug is given once", async () => {
      const { workbooks } = state;
      const made = await workbooks.create(scope, "refunds", "Refunds", "one");
      expect(made).toMatchObject({ slug: "refunds", revision: 1, userId: "owner", text: "one" });
      await expect(workbooks.create(scope, "refunds", "Again", "x")).rejects.toMatchObject({ code: "conflict" });
      expect(await workbooks.save(scope, "refunds", "Refunds", "two", 1)).toMatchObject({
        kind: "saved",
        workbook: { revision: 2 }
      });
      expect(await workbooks.save(scope, "refunds", "Refunds", "two", 2)).toMatchObject({
        kind: "saved",
        workbook: { revision: 2 }
      });
      expect(await workbooks.save(scope, "refunds", "Refunds", "three", 1)).toMatchObject({
        kind: "conflict",
        current: { revision: 2, text: "two" }
      });
      expect((await workbooks.listRevisions(scope, "refunds")).map(({ revision }) => revision)).toEqual([2, 1]);
      expect((await workbooks.findRevision(scope, "refunds", 1))?.text).toBe("one");
      expect((await workbooks.list(scope)).map(({ slug }) => slug)).toContain("refunds");
      await workbooks.remove(scope, "refunds");
      expect(await workbooks.find(scope, "refunds")).toBeUndefined();
      await expect(workbooks.save(scope, "refunds", "Refunds", "four", 2)).rejects.toMatchObject({ code: "missing" });
    });

    test("of saves at the same time on one revision exactly one wins", async () => {
      await state.workbooks.create(scope, "race", "Race", "");
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, n) => state.workbooks.save(scope, "race", "Race", `text ${n}`, 1))
      );
      expect(outcomes.filter(({ kind }) => kind === "saved")).toHaveLength(1);
      expect((await state.workbooks.find(scope, "race"))?.revision).toBe(2);
    });

    test("two processes never lose each other's saves", async () => {
      await state.workbooks.create(scope, "shared", "Shared", "");
      const ends = await Promise.all(
        ["a", "b"].map((writer) => write({ does: "save", slug: "shared", name: writer, count: 20 }))
      );
      const saved = ends.flatMap(({ lines }) => lines);
      const stored = await state.workbooks.find(scope, "shared");
      expect(ends.map(({ code }) => code)).toEqual([0, 0]);
      expect(stored?.text.split("\n").filter(Boolean).sort()).toEqual([...saved].sort());
      expect(stored?.revision).toBe(1 + saved.length);
    }, 30_000);

    test("processes that make a new state together all get in", async () => {
      const fresh = await open();
      try {
        const ends = await Promise.all(
          ["p1", "p2", "p3"].map((writer) => write({ ...fresh.fresh, does: "commit", name: writer, count: 3 }))
        );
        expect(ends.map(({ code, lines }) => [code, lines.length])).toEqual([
          [0, 3],
          [0, 3],
          [0, 3]
        ]);
      } finally {
        await fresh.close();
      }
    }, 30_000);

    test("a run is seen only by who may see all its units, and ends once", async () => {
      const { runs } = state;
      await runs.begin(scope, run("r1", ["sales"]));
      await runs.begin(scope, run("r2", ["sales", "support"]));
      await runs.begin(scope, run("r3", ["support"], 9000));
      await expect(runs.begin(scope, run("r1", ["sales"]))).rejects.toMatchObject({ code: "conflict" });
      expect((await runs.list(scope, { limit: 2 })).map(({ runId }) => runId)).toEqual(["r3", "r2"]);
      expect((await runs.list(scope, { limit: 2, before: "r2" })).map(({ runId }) => runId)).toEqual(["r1"]);
      expect((await runs.list(stranger, { limit: 5, workbook: "weekly" })).map(({ runId }) => runId)).toEqual(["r1"]);
      expect((await runs.list(scope, { limit: 1 }))[0]).not.toHaveProperty("cells");
      expect(await runs.find(stranger, "r2")).toBeUndefined();
      const ended: Run = { ...run("r1", ["sales"]), endedAtMs: 2000, outcome: "passed" };
      await runs.end(scope, ended, "<p>report</p>");
      await runs.end(scope, { ...ended, outcome: "failed" }, null);
      expect(await runs.find(stranger, "r1")).toEqual(ended);
      expect(await runs.findReport(stranger, "r1")).toBe("<p>report</p>");
      expect(await runs.findReport(stranger, "r2")).toBeUndefined();
      expect(await runs.sweep(5000)).toBe(1);
      expect((await runs.find(scope, "r2"))?.outcome).toBe("stopped");
      expect((await runs.find(scope, "r3"))?.outcome).toBe("running");
    });

    test("a label is added once per trace, all or none, and read within the scope", async () => {
      const traces = [
        { traceId: "a".repeat(32), businessUnit: "sales" },
        { traceId: "b".repeat(32), businessUnit: "support" }
      ];
      await expect(state.annotations.tag(stranger, traces, "wrong", "")).rejects.toMatchObject({ code: "missing" });
      expect(await state.annotations.list(scope)).toEqual([]);
      expect(await state.annotations.tag(scope, traces, "wrong", "why")).toBe(2);
      expect(await state.annotations.tag(scope, traces, "wrong", "again")).toBe(0);
      expect((await state.annotations.list(stranger)).map(({ businessUnit }) => businessUnit)).toEqual(["sales"]);
      expect(await state.annotations.list(scope, { traceId: "b".repeat(32) })).toMatchObject([
        { label: "wrong", note: "why", userId: "owner", version: 1 }
      ]);
    });

    test("a schedule moves on once per due instant and is kept when nothing about it changed", async () => {
      const { schedules } = state;
      await schedules.put("weekly", { cron: "0 7 * * 1", timezone: "Europe/Berlin", userId: "owner", nextDueMs: 100 });
      await schedules.put("weekly", { cron: "0 7 * * 1", timezone: "Europe/Berlin", userId: "owner", nextDueMs: 999 });
      expect((await schedules.list())[0]?.nextDueMs).toBe(100);
      const moves = await Promise.all([1, 2, 3].map(() => schedules.advance("weekly", 100, 200)));
      expect(moves.filter(Boolean)).toHaveLength(1);
      await schedules.put("weekly", { cron: "0 8 * * 1", userId: "owner", nextDueMs: 300 });
      expect(await schedules.list()).toEqual([{ slug: "weekly", cron: "0 8 * * 1", userId: "owner", nextDueMs: 300 }]);
      await schedules.put("weekly", null);
      expect(await schedules.list()).toEqual([]);
    });

    test("an ingest key opens with its secret until it is revoked, and the secret itself is kept nowhere", async () => {
      const { ingestKeys } = state;
      const { key, secret } = await ingestKeys.create(scope, { businessUnit: "sales", name: " shop backend " });
      expect(key).toMatchObject({
        businessUnit: "sales",
        name: "shop backend",
        spansPerSecond: null,
        revokedAtMs: null
      });
      expect(await ingestKeys.find(secret)).toEqual(key);
      expect(await ingestKeys.find(`${secret}x`)).toBeNull();
      expect(await ingestKeys.find(key.keyId)).toBeNull();
      const rows = await state.db.selectFrom("ingest_keys").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(secret.slice(4));
      await ingestKeys.revoke(scope, key.keyId);
      const revoked = (await ingestKeys.list(scope)).find(({ keyId }) => keyId === key.keyId);
      await ingestKeys.revoke(scope, key.keyId);
      expect(revoked?.revokedAtMs).toBeGreaterThanOrEqual(key.createdAtMs);
      expect((await ingestKeys.list(scope)).find(({ keyId }) => keyId === key.keyId)).toEqual(revoked);
      expect(await ingestKeys.find(secret)).toBeNull();
    });

    test("only those who may change a unit make, see and revoke its ingest keys", async () => {
      const { ingestKeys } = state;
      const lead = { userId: "lead", roles: ["lead"], businessUnits: ["sales"] } as const;
      const { key } = await ingestKeys.create(scope, { businessUnit: "support", name: "bot", spansPerSecond: 500 });
      const own = await ingestKeys.create(lead, { businessUnit: "sales", name: "crm" });
      expect((await ingestKeys.list(lead)).every(({ businessUnit }) => businessUnit === "sales")).toBe(true);
      expect((await ingestKeys.list(scope)).map(({ keyId }) => keyId)).toEqual(
        expect.arrayContaining([key.keyId, own.key.keyId])
      );
      await expect(ingestKeys.revoke(lead, key.keyId)).rejects.toMatchObject({ code: "missing" });
      await expect(ingestKeys.revoke(stranger, own.key.keyId)).rejects.toMatchObject({ code: "denied" });
      await expect(ingestKeys.create(lead, { businessUnit: "support", name: "bot" })).rejects.toMatchObject({
        code: "denied"
      });
      for (const wrong of [
        { businessUnit: "No Unit", name: "bot" },
        { businessUnit: "sales", name: "  " },
        { businessUnit: "sales", name: "n".repeat(81) },
        { businessUnit: "sales", name: "bot", spansPerSecond: 0 }
      ])
        await expect(ingestKeys.create(scope, wrong)).rejects.toMatchObject({ code: "invalid" });
    });

    test("a commit that cannot be made whole changes nothing", async () => {
      const { catalog } = state;
      const first = await catalog.commit({ add: [file("whole/a"), file("whole/b", "sales")], remove: [] });
      const a = (await catalog.listFiles({ snapshotId: first })).find(({ path }) => path === "whole/a");
      expect(a).toMatchObject({ ...file("whole/a"), addedSnapshot: first, removedSnapshot: null });
      const remove = [a?.fileId ?? ""];
      const second = await catalog.commit({ add: [file("whole/c")], remove, expectedSnapshot: first });
      expect(second).toBe(first + 1);
      await expect(catalog.commit({ add: [file("whole/d")], remove })).rejects.toMatchObject({ code: "conflict" });
      await expect(
        catalog.commit({ add: [file("whole/d")], remove: [], expectedSnapshot: first })
      ).rejects.toMatchObject({ code: "conflict" });
      expect(await catalog.currentSnapshot()).toBe(second);
      expect((await catalog.listAllFiles()).map(({ path }) => path)).not.toContain("whole/d");
      expect(await catalog.listBusinessUnits()).toEqual(["sales", "support"]);
      expect((await catalog.listFiles({ snapshotId: second, businessUnits: [] })).length).toBe(0);
    });

    test("a change conflicts with what came since in its own units, and with nothing else", async () => {
      const { catalog } = state;
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
      const { catalog } = state;
      const base = await catalog.currentSnapshot();
      const refused = await catalog.commit({ add: [], remove: [], refuse: [file("slow/a", "tardy")] });
      const slow = () => catalog.commit({ add: [file("slow/a", "tardy")], remove: [], expectedSnapshot: base });
      await expect(slow()).rejects.toMatchObject({ code: "conflict" });
      expect((await catalog.listFiles({ snapshotId: refused })).map(({ path }) => path)).not.toContain("slow/a");
      expect(await catalog.listBusinessUnits()).not.toContain("tardy");
      await catalog.expire({ removedBeforeMs: Number.MAX_SAFE_INTEGER, pinnedSinceMs: Number.MAX_SAFE_INTEGER });
      await expect(slow()).rejects.toMatchObject({ code: "conflict" });
    });

    test("commits at the same time make consecutive snapshots", async () => {
      const before = await state.catalog.currentSnapshot();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => state.catalog.commit({ add: [file(`together/${n}`)], remove: [] }))
      );
      expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => before + 1 + n));
    });

    test("the files of a snapshot never change after later commits", async () => {
      let serial = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ add: fc.nat(3), remove: fc.nat(2) }), { maxLength: 6 }),
          async (steps) => {
            const seen = new Map<number, readonly string[]>();
            const pathsAt = async (snapshotId: number) =>
              (await state.catalog.listFiles({ snapshotId })).map(({ path }) => path);
            for (const step of steps) {
              const current = await state.catalog.currentSnapshot();
              const live = await state.catalog.listFiles({ snapshotId: current });
              const id = await state.catalog.commit({
                add: Array.from({ length: step.add }, () => file(`law/${serial++}`)),
                remove: live.slice(0, step.remove).map(({ fileId }) => fileId)
              });
              expect(id).toBe(current + 1);
              seen.set(id, await pathsAt(id));
            }
            for (const [id, paths] of seen) expect(await pathsAt(id)).toEqual(paths);
          }
        ),
        { seed: 11, numRuns: 12 }
      );
    }, 30_000);

    test("files that left are forgotten with the snapshots they were part of, but not while a reader is on one", async () => {
      const { catalog } = state;
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
      const { lines } = await write({ does: "commit", name: "killed", count: 100_000 }, 25);
      expect(lines.length).toBeGreaterThanOrEqual(25);
      const files = await state.catalog.listFiles({ snapshotId: await state.catalog.currentSnapshot() });
      const kept = new Map(files.map(({ path, addedSnapshot }) => [path, addedSnapshot]));
      for (const line of lines) {
        const [snapshotId, path] = line.split(" ");
        expect(kept.get(path ?? "")).toBe(Number(snapshotId));
      }
    }, 30_000);
  });
}
