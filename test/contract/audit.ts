import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditFilter, NewAuditEntry } from "#lib/model/audit.ts";
import type { Scope, Via } from "#lib/model/scope.ts";
import type { Audit } from "#lib/ports/audit.ts";
import { formatEntry, linkHash, saltedDigest } from "#lib/server/audit/chain.ts";
import { verifyTrail } from "#lib/server/audit/exported-trail.ts";
import { openSigningKey, parsePublicKeys } from "#lib/server/audit/signing-key.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openAudit } from "#lib/server/state/audit.ts";
import { recordIn } from "#lib/server/state/audit-rows.ts";
import type { State } from "#lib/server/state/state.ts";

const via: Via = {
  ...{ kind: "user", method: "password", sessionId: "s1", ip: "10.0.0.7", userAgent: "Firefox" },
  ...{ requestId: "r1", roles: ["sales:expert", "support:lead"] }
};
const reader: Scope = { userId: "ada", roles: [], businessUnits: ["sales", "support"], via };
const auditor: Scope = { userId: "max", roles: ["auditor"], businessUnits: ["sales", "support"] };
const salesAuditor: Scope = { userId: "sam", roles: [], businessUnits: ["sales"] };
const signal = new AbortController().signal;

const opened = (id: string, ...units: string[]): NewAuditEntry => ({
  action: "trace.view",
  object: { kind: "trace", id },
  units,
  facts: { spans: 3 },
  title: "Refund"
});

async function readAll(parts: AsyncIterable<string>): Promise<string> {
  return (await Array.fromAsync(parts)).join("");
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split("\n");
}

/**
 * What every database keeps of the audit trail.
 *
 * @param open   a state of its own
 * @param write  runs a second process on it
 */
export function auditContract(
  open: () => Promise<{
    readonly db: State["db"];
    readonly config: Readonly<Record<string, unknown>>;
    close(): Promise<void>;
  }>,
  write: (task: Readonly<Record<string, unknown>>) => Promise<{ readonly code: number | null }>
): void {
  let state: Awaited<ReturnType<typeof open>>;
  let folder = "";
  let audit: Audit;
  const openAt = async (nowMs?: number) =>
    openAudit(state.db, nowMs === undefined ? systemClock : { ...systemClock, nowMs: () => nowMs }, {
      key: await openSigningKey(folder, null),
      formerKeys: null,
      files: [`${folder}/checkpoints.ndjson`]
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracebook-audit-"));
    state = await open();
    audit = await openAt();
    await audit.record(reader, opened("t0", "support"));
  });
  afterAll(async () => {
    await state?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const newest = async (scope = auditor) => (await audit.list(scope, {}, { limit: 1 })).entries[0]!;

  test("an entry tells who did what to what, and how they came in", async () => {
    await audit.record(reader, opened("t1", "support"));
    const entry = await newest();
    expect(entry).toMatchObject({
      ...{ action: "trace.view", object: { kind: "trace", id: "t1" }, units: ["support"], outcome: "success" },
      actor: { kind: "user", id: "ada", roles: via.roles, units: ["sales", "support"] },
      auth: { method: "password", sessionId: "s1" },
      ...{ requestId: "r1", facts: { spans: 3 }, clockAt: null, isCut: false },
      payload: { ip: "10.0.0.7", userAgent: "Firefox", title: "Refund" }
    });
    expect(entry.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  });

  test("the chain holds the digest of what is kept beside it, and each entry the hash of the one before", async () => {
    await audit.record(reader, { ...opened("t2", "support"), before: { label: "bad" }, after: { label: "good" } });
    const [second, first] = (await audit.list(auditor, {}, { limit: 2 })).entries;
    const body = formatEntry(second!);
    expect(body).not.toMatch(/10\.0\.0\.7|Firefox|Refund/);
    expect(second!.previousHash).toBe(first!.hash);
    expect(second!.hash).toBe(linkHash(first!.hash, body));
    expect(second!.afterSha256).toBe(saltedDigest(second!.payload!.salt, { label: "good" }));
    expect(second!.beforeSha256).not.toBe(second!.afterSha256);
  });

  test("what is taken back leaves no entry, and what cannot be recorded is not done", async () => {
    const { db } = state;
    const last = await newest();
    const work = db.transaction().execute(async (transaction) => {
      await recordIn(transaction, reader, opened("t3", "support"));
      throw new Error("taken back");
    });
    await expect(work).rejects.toThrow("taken back");
    expect((await newest()).seq).toBe(last.seq);
    const broken = openAudit(
      { transaction: () => ({ execute: () => Promise.reject(new Error("disk full")) }) } as unknown as State["db"],
      systemClock,
      { key: await openSigningKey(folder, null), formerKeys: null, files: [] }
    );
    await expect(broken.record(reader, opened("t3", "support"))).rejects.toMatchObject({ code: "broken" });
  });

  test("an auditor of one unit reads its entries alone, and of shared ones only what concerns it", async () => {
    await audit.record(reader, { ...opened("q1", "sales", "support"), facts: { rows: 7 } });
    await audit.record(reader, opened("q2", "support"));
    await audit.record(reader, opened("q3"));
    const { entries } = await audit.list(salesAuditor, {}, { limit: 50 });
    expect(entries.map(({ object }) => object.id)).toEqual(["q1"]);
    expect(entries[0]).toMatchObject({
      ...{ units: ["sales"], facts: {}, payload: null, isCut: true },
      actor: { units: ["sales"], roles: ["sales:expert"] }
    });
    expect((await newest()).object.id).toBe("q3");
  });

  test("entries are found by who, what, where, how it went and when, in parts", async () => {
    const from = (await newest()).seq;
    for (let n = 0; n < 5; n++) await audit.record({ ...reader, userId: `p${n % 2}` }, opened(`f${n}`, "support"));
    await audit.record(reader, { ...opened("f5"), action: "access.deny", outcome: "denied" });
    const ids = async (filter: Parameters<Audit["list"]>[1]) =>
      (await audit.list(auditor, filter, { limit: 50 })).entries
        .filter(({ seq }) => seq > from)
        .map(({ object }) => object.id);
    expect(await ids({ actorId: "p1" })).toEqual(["f3", "f1"]);
    expect(await ids({ action: "trace" })).toEqual(["f4", "f3", "f2", "f1", "f0"]);
    expect(await ids({ action: "trace.import" })).toEqual([]);
    expect(await ids({ outcome: "denied" })).toEqual(["f5"]);
    expect(await ids({ businessUnit: "sales" })).toEqual([]);
    const { at } = await newest();
    expect(await ids({ fromMs: Date.parse(at) + 1 })).toEqual([]);
    expect(await ids({ toMs: Date.parse(at) })).toHaveLength(6);
    const first = await audit.list(auditor, {}, { limit: 4 });
    const second = await audit.list(auditor, {}, { limit: 2, before: first.before! });
    expect([...first.entries, ...second.entries].map(({ object }) => object.id).slice(0, 6)).toEqual([
      "f5",
      "f4",
      "f3",
      "f2",
      "f1",
      "f0"
    ]);
  });

  test("a clock that is set back moves no time backwards and is told", async () => {
    const { at } = await newest();
    const behind = Date.parse(at) - 3_600_000;
    await (await openAt(behind)).record(reader, opened("late", "support"));
    const entry = await newest();
    expect(entry.at).toBe(at);
    expect(Date.parse(entry.clockAt!)).toBe(behind);
    expect((await audit.verify(auditor, signal)).clockSetBack).toBeGreaterThanOrEqual(1);
  });

  test("many who write at once make one chain", async () => {
    const { seq } = await newest();
    await Promise.all(Array.from({ length: 40 }, (_, n) => audit.record(reader, opened(`c${n}`, "support"))));
    expect((await newest()).seq).toBe(seq + 40);
    expect(await audit.verify(auditor, signal)).toMatchObject({ isIntact: true, last: seq + 40, defects: [] });
  });

  test("two processes that write at once make one chain", async () => {
    const { seq } = await newest();
    const ends = await Promise.all(
      ["a", "b"].map((name) => write({ ...state.config, does: "record", name, count: 25 }))
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(await audit.verify(auditor, signal)).toMatchObject({ isIntact: true, last: seq + 50, defects: [] });
    for (const userId of ["a", "b"]) {
      const { entries } = await audit.list(auditor, { actorId: userId }, { limit: 50 });
      expect(entries.map(({ object }) => object.id)).toEqual(Array.from({ length: 25 }, (_, n) => `${24 - n}`));
    }
  }, 30_000);

  test("a checkpoint is signed where something was added, and kept in the state and outside", async () => {
    const checkpoint = await audit.checkpoint();
    expect(checkpoint).toMatchObject({ seq: (await newest()).seq, hash: (await newest()).hash });
    expect(await audit.checkpoint()).toBeUndefined();
    const lines = await readAll(audit.export(auditor, {}, "ndjson", signal));
    expect(lines).toContain(checkpoint!.signature);
    expect(await readFile(`${folder}/checkpoints.ndjson`, "utf8")).toContain(checkpoint!.signature);
    expect(await audit.verify(auditor, signal)).toMatchObject({ isIntact: true, unsigned: 0 });
    await audit.record(reader, opened("t9", "support"));
    expect(await audit.verify(auditor, signal)).toMatchObject({ isIntact: true, unsigned: 1 });
  });

  test("an export is verified by itself, and what an auditor of one unit takes out says that it is a part", async () => {
    const trusted = parsePublicKeys((await openSigningKey(folder, null)).publicKey);
    const verify = async (scope: Scope, filter: AuditFilter, isPartial = false) =>
      verifyTrail(linesOf(await readAll(audit.export(scope, filter, "ndjson", signal))), { trusted, isPartial });
    const whole = await verify(auditor, {});
    expect(whole).toMatchObject({ isIntact: true, defects: [], first: 1, last: (await newest()).seq });
    expect(whole.checkpoints).toBeGreaterThan(0);
    await expect(verify(salesAuditor, {})).rejects.toThrow(/left out/);
    expect(await verify(salesAuditor, {}, true)).toMatchObject({ isIntact: true, entries: 1, checkpoints: 0 });
    // How much others did is in nothing that is told to them.
    expect(await audit.verify(salesAuditor, signal)).toEqual({
      ...{ isIntact: true, isCut: true, entries: 1, first: null, last: null, checkpoints: 0, unsigned: 0 },
      ...{ clockSetBack: 0, erased: 0, erasures: [], defects: [] }
    });
    const at = Date.parse((await newest()).at);
    const late = await verify(auditor, { fromMs: at });
    expect(late).toMatchObject({ isIntact: true, last: whole.last });
    expect(late.first).toBeGreaterThan(1);
    expect(await verify(auditor, { actorId: "p1" }, true)).toMatchObject({ isIntact: true, entries: 2 });
    const csv = await readAll(audit.export(auditor, { actorId: "p1" }, "csv", signal));
    expect(csv.split("\r\n")).toHaveLength(4);
    expect(csv).toContain(",trace.view,trace,f3,,Refund,support,success,");
  });
}
