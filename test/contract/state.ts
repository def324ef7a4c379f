import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";
import { openSignIn } from "#lib/server/auth/sign-in.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openApiKeys } from "#lib/server/state/api-keys.ts";
import { openInvitations } from "#lib/server/state/invitations.ts";
import { openPeople } from "#lib/server/state/people.ts";
import { openResetLinks } from "#lib/server/state/reset-links.ts";
import { openReviews } from "#lib/server/state/reviews.ts";
import { openSignInAttempts } from "#lib/server/state/sign-in-attempts.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { adjudicationsContract } from "./adjudications.ts";
import { alertsContract } from "./alerts.ts";
import { auditContract } from "./audit.ts";
import { auditTamperingContract } from "./audit-tampering.ts";
import { auditedActsContract } from "./audited-acts.ts";
import { catalogContract } from "./catalog.ts";
import { clusterQuestionsContract } from "./cluster-questions.ts";
import { clusterTitlesContract } from "./cluster-titles.ts";
import { commentsContract } from "./comments.ts";
import { datasetsContract } from "./datasets.ts";
import { keptMapsContract } from "./kept-maps.ts";
import { logMessagesContract } from "./log-messages.ts";
import { masksContract } from "./masks.ts";
import { modelAnswersContract } from "./model-answers.ts";
import { peopleContract } from "./people.ts";
import { promotedScorersContract } from "./promoted-scorers.ts";
import { queueFillingsContract } from "./queue-fillings.ts";
import { queuesContract } from "./queues.ts";
import { reviewsContract } from "./reviews.ts";
import { scoringRulesContract } from "./scoring-rules.ts";
import { sharesContract } from "./shares.ts";
import { signInAttemptsContract } from "./sign-in-attempts.ts";
import { testLooksContract } from "./test-looks.ts";

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
    const secret = "s".repeat(32);
    let opened: OpenedState;
    let state: State;
    let signIn: SignIn;
    beforeAll(async () => {
      opened = await open();
      state = opened.state;
      const ground = { db: state.db, clock: systemClock, invitations: state.invitations, provider: null };
      signIn = await openSignIn({ ...ground, secret, publicUrl: "http://127.0.0.1:3000" });
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

    test("a saved view is seen by who may see all its units, and its name is given once", async () => {
      const { savedViews } = state;
      const slow = await savedViews.save(scope, { name: " Slow ones ", query: "duration=10000.." });
      const bad = await savedViews.save(stranger, { name: "Bad ones", query: "status=error" });
      expect(slow).toMatchObject({ name: "Slow ones", query: "duration=10000..", businessUnits: ["sales", "support"] });
      expect((await savedViews.list(scope)).map(({ name }) => name)).toEqual(["Bad ones", "Slow ones"]);
      expect(await savedViews.list(stranger)).toEqual([bad]);
      await expect(savedViews.save(scope, { name: "Slow ones", query: "" })).rejects.toMatchObject({
        code: "conflict"
      });
      await expect(savedViews.save(scope, { name: " ", query: "" })).rejects.toMatchObject({ code: "invalid" });
      await expect(savedViews.change(stranger, slow.viewId, { name: "Mine", query: "" })).rejects.toMatchObject({
        code: "missing"
      });
      const other = await savedViews.save(scope, { name: "Other", query: "" });
      await expect(savedViews.change(scope, other.viewId, { name: "Slow ones", query: "" })).rejects.toMatchObject({
        code: "conflict"
      });
      expect(await savedViews.change(scope, slow.viewId, { name: "Slowest", query: "sort=-duration" })).toMatchObject({
        viewId: slow.viewId,
        name: "Slowest",
        query: "sort=-duration",
        businessUnits: ["sales", "support"]
      });
      await savedViews.remove(scope, other.viewId);
      expect((await savedViews.list(scope)).map(({ name }) => name)).toEqual(["Bad ones", "Slowest"]);
      await expect(savedViews.remove(stranger, slow.viewId)).rejects.toMatchObject({ code: "missing" });
    });

    test("a run is seen only by who may see all its units, and ends once", async () => {
      const { runs } = state;
      await state.workbooks.create(scope, "weekly", "Weekly", "");
      await state.shares.put(scope, "weekly", "unit:sales", "view");
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

    test("an imported annotation is added once, follows its source, and gives way to a person's change", async () => {
      const { annotations } = state;
      const unit = { ...scope, businessUnits: ["legal"] } as const;
      const brought = (label: string) => ({
        annotationId: "1".repeat(32),
        traceId: "d".repeat(32),
        spanId: "e".repeat(16),
        businessUnit: "legal",
        label,
        note: "seen elsewhere",
        userId: "imported",
        createdAtMs: 5,
        source: "who-and-when"
      });
      const newest = async () => (await annotations.list(unit)).map(({ label, version }) => [label, version]);
      await expect(annotations.append(stranger, [brought("mistake")])).rejects.toMatchObject({ code: "denied" });
      const again = [brought("mistake"), brought("mistake")];
      expect(await annotations.append(scope, again)).toEqual({ added: 1, changed: 0, unchanged: 0 });
      expect(await annotations.append(scope, again)).toEqual({ added: 0, changed: 0, unchanged: 1 });
      expect(await annotations.append(scope, [brought("slip")])).toEqual({ added: 0, changed: 1, unchanged: 0 });
      expect(await newest()).toEqual([["slip", 2]]);
      await annotations.append(scope, [{ ...brought("no mistake"), userId: "owner", source: null }]);
      expect(await annotations.append(scope, again)).toEqual({ added: 0, changed: 0, unchanged: 1 });
      expect(await newest()).toEqual([["no mistake", 3]]);
    });

    test("a judgement whose run has not come waits once, and is forgotten when it waits no longer", async () => {
      const { annotations } = state;
      const judgement = {
        businessUnit: "sales",
        source: "agentrx",
        run: "7",
        step: 3,
        key: "1",
        atMs: 5,
        said: { kind: "annotation", label: "System Failure", note: "", rater: null }
      } as const;
      await expect(
        annotations.appendWaiting(stranger, [{ ...judgement, businessUnit: "support" }])
      ).rejects.toMatchObject({ code: "denied" });
      await annotations.appendWaiting(stranger, [judgement, { ...judgement, step: null }]);
      await annotations.appendWaiting(stranger, [{ ...judgement, atMs: 9 }]);
      expect(await annotations.listWaiting({ ...scope, businessUnits: ["support"] })).toEqual([]);
      expect(await annotations.listWaiting(scope)).toHaveLength(2);
      await annotations.removeWaiting(scope, [{ ...judgement, step: null }]);
      expect(await annotations.listWaiting(scope)).toEqual([judgement]);
      await annotations.removeWaiting(scope, [judgement]);
      expect(await annotations.listWaiting(scope)).toEqual([]);
    });

    test("a schedule moves on once per due instant and is kept when nothing about it changed", async () => {
      const { schedules } = state;
      await schedules.put("weekly", { cron: "0 7 * * 1", timezone: "Europe/Berlin", userId: "owner", nextDueMs: 100 });
      await schedules.put("weekly", { cron: "0 7 * * 1", timezone: "Europe/Berlin", userId: "owner", nextDueMs: 999 });
      expect((await schedules.list())[0]?.nextDueMs).toBe(100);
      await schedules.put("weekly", { cron: "0 7 * * 1", timezone: "Europe/Berlin", userId: "ann", nextDueMs: 999 });
      expect(await schedules.list()).toMatchObject([{ userId: "ann", nextDueMs: 100 }]);
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
      expect(ingestKeys.lastUsedAtMs(key.keyId)).toBeNull();
      expect(await ingestKeys.find(secret)).toEqual(key);
      expect(ingestKeys.lastUsedAtMs(key.keyId)).toBeGreaterThanOrEqual(key.createdAtMs);
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
      const elsewhere = { ...stranger, businessUnits: ["legal"] };
      await expect(ingestKeys.revoke(elsewhere, own.key.keyId)).rejects.toMatchObject({ code: "missing" });
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

    catalogContract(() => state.catalog, write);
    logMessagesContract(() => state.db);
    keptMapsContract(() => state.keptMaps);
    alertsContract(() => state);
    const openOwn = async () => {
      const { fresh, close } = await open();
      const { db, close: end } = await openState(fresh as Parameters<typeof openState>[0], systemClock);
      return { db, config: fresh, close: () => end().then(close) };
    };
    auditTamperingContract(name, openOwn);
    auditContract(openOwn, write);
    auditedActsContract(openOwn, run);
    promotedScorersContract(() => state.promotedScorers);
    scoringRulesContract(() => state.scoringRules);
    datasetsContract(() => state.datasets);
    queuesContract(() => state.queues);
    let later = 0;
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + later };
    adjudicationsContract(() => state);
    queueFillingsContract(() => state);
    reviewsContract(() => ({
      ...{ db: state.db, queues: state.queues },
      annotations: state.annotations,
      reviews: openReviews(state.db, clock),
      pass: (ms) => {
        later += ms;
      }
    }));
    peopleContract(() => ({
      ...{ signIn, secret, dump: () => dump(state) },
      people: openPeople(state.db, clock),
      units: state.units,
      ingestKeys: state.ingestKeys,
      invitations: openInvitations(state.db, clock),
      resetLinks: openResetLinks(state.db, clock),
      apiKeys: openApiKeys(state.db, clock),
      kept: (userId) => readKept(state, userId),
      enter: (userId) => writeSession(state, userId),
      pass: (ms) => {
        later += ms;
      }
    }));
    signInAttemptsContract(() => ({
      open: (most) => openSignInAttempts(state.db, clock, most),
      pass: (ms) => {
        later += ms;
      },
      kept: async () => (await state.db.selectFrom("sign_in_attempts").select("tries").execute()).length
    }));
    sharesContract(() => state);
    commentsContract(() => state);
    testLooksContract(() => state.testLooks);
    masksContract(() => state.masks);
    clusterQuestionsContract(() => state);
    clusterTitlesContract(() => state);
    modelAnswersContract(() => state.modelAnswers);
  });
}

/** Every row of every table. */
async function dump({ db }: State): Promise<string> {
  const tables = await db.introspection.getTables();
  const rows = await Promise.all(
    tables.map(({ name }) =>
      db
        .selectFrom(name as "people")
        .selectAll()
        .execute()
    )
  );
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

async function readKept(state: State, userId: string) {
  const password = await state.db
    .selectFrom("sign_in_accounts")
    .select("password")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  const sessions = await state.db.selectFrom("sign_in_sessions").select("id").where("user_id", "=", userId).execute();
  return { password: password?.password ?? null, sessions: sessions.length };
}

async function writeSession(state: State, userId: string): Promise<void> {
  const at = new Date().toISOString();
  const id = systemClock.newId();
  await state.db
    .insertInto("sign_in_sessions")
    .values({
      ...{ id, token: id, user_id: userId, method: "password", ip_address: null, user_agent: null },
      ...{ expires_at: at, created_at: at, updated_at: at }
    })
    .execute();
}
