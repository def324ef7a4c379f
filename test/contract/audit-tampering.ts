import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AuditEntry, AuditVerdict } from "#lib/model/audit.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Audit } from "#lib/ports/audit.ts";
import { formatEntry, linkHash, parseEntry } from "#lib/server/audit/chain.ts";
import { linkColumns } from "#lib/server/audit/chain-check.ts";
import { formatCheckpoint, parseCheckpoint } from "#lib/server/audit/checkpoint-file.ts";
import { erasureFacts } from "#lib/server/audit/erasure.ts";
import { verifyTrail } from "#lib/server/audit/exported-trail.ts";
import { openSigningKey, parsePublicKeys, type SigningKey } from "#lib/server/audit/signing-key.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openAudit } from "#lib/server/state/audit.ts";
import { recordIn } from "#lib/server/state/audit-rows.ts";
import { openErasures } from "#lib/server/state/erasures.ts";
import type { StateTables } from "#lib/server/state/schema.ts";

type Db = Kysely<StateTables>;

const who: Scope = { userId: "ada", roles: ["admin"], businessUnits: ["support"] };
const tables = ["audit_entries", "audit_payloads", "audit_checkpoints", "audit_head"] as const;
const [signedAt, entries] = [8, 12];
const later = Date.UTC(2026, 4, 1);
const signal = new AbortController().signal;

const set = (db: Db, seq: number, values: Partial<StateTables["audit_entries"]>) =>
  db.updateTable("audit_entries").set(values).where("seq", "=", seq).execute();
const read = (db: Db, seq: number) =>
  db.selectFrom("audit_entries").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
const forge = (body: string, change: object) => formatEntry({ ...parseEntry(JSON.parse(body)), ...change });
const cutTail = async (db: Db, last: number) => {
  await db.deleteFrom("audit_entries").where("seq", ">", last).execute();
  const { hash, at_ms } = await read(db, last);
  await db.updateTable("audit_head").set({ seq: last, hash, at_ms }).execute();
};
/** Writes the chain anew from a place on, each hash right, as one who owns the database can. */
const rewrite = async (db: Db, from: number, change: object) => {
  let previousHash = from === 1 ? "0".repeat(64) : (await read(db, from - 1)).hash;
  for (let seq = from; seq <= entries; seq++) {
    const body = forge((await read(db, seq)).body, { previousHash, ...(seq === from ? change : {}) });
    previousHash = linkHash(previousHash, body);
    const { atMs, actorId, action, outcome } = linkColumns(parseEntry(JSON.parse(body)));
    await set(db, seq, { body, hash: previousHash, at_ms: atMs, actor_id: actorId, action, outcome });
  }
  await db.updateTable("audit_head").set({ hash: previousHash }).execute();
};
const other = { actor: { kind: "user", id: "eve", roles: [], units: [] } } as const;

/** What is tried, where it has to be found, and by what. */
interface Tampering {
  readonly tried: string;
  readonly at: number;
  readonly caughtBy: RegExp;
  tamper(db: Db, folder: string, key: SigningKey): Promise<unknown>;
}

const t4 = { kind: "trace", id: "t4" } as const;
const clockOf = (nowMs: number) => ({ ...systemClock, nowMs: () => nowMs });
const erase = (db: Db, key: SigningKey) =>
  openErasures(db, clockOf(later + 100), key).erase(who, { kind: "object", object: t4 }, "asked for", signal);
const payloadOf = (db: Db, seq: number) =>
  db
    .selectFrom("audit_payloads as p")
    .innerJoin("audit_entries as e", "e.payload_digest", "p.digest")
    .selectAll("p")
    .where("e.seq", "=", seq)
    .executeTakeFirstOrThrow();
const dropPayload = async (db: Db, seq: number) =>
  db
    .deleteFrom("audit_payloads")
    .where("digest", "=", (await payloadOf(db, seq)).digest)
    .execute();
/** Adds the record of an erasure, as one who owns the database can. */
const addRecord = (db: Db, facts: AuditEntry["facts"]) =>
  db
    .transaction()
    .execute((writer) =>
      recordIn(
        writer,
        who,
        { action: "erasure.completed", object: t4, units: ["support"], facts },
        clockOf(later + 200)
      )
    );

const tamperings: readonly Tampering[] = [
  {
    ...{ tried: "an entry is edited", at: 4, caughtBy: /its hash differs/ },
    tamper: async (db) => set(db, 4, { body: forge((await read(db, 4)).body, { outcome: "denied" }) })
  },
  {
    ...{ tried: "an entry is edited and its hash made right", at: 5, caughtBy: /does not follow entry 4/ },
    tamper: async (db) => {
      const { body } = await read(db, 4);
      const forged = forge(body, { outcome: "denied" });
      const hash = linkHash(parseEntry(JSON.parse(body)).previousHash, forged);
      await set(db, 4, { body: forged, outcome: "denied", hash });
    }
  },
  {
    ...{ tried: "an entry is listed under somebody else", at: 4, caughtBy: /different actor/ },
    tamper: (db) => set(db, 4, { actor_id: "eve" })
  },
  {
    ...{
      tried: "an entry is hidden from the auditors of its unit",
      at: 4,
      caughtBy: /different list of business units/
    },
    tamper: (db) => set(db, 4, { business_units: ",sales," })
  },
  {
    ...{ tried: "an entry is made unreadable", at: 4, caughtBy: /cannot be read/ },
    tamper: (db) => set(db, 4, { body: "{}" })
  },
  {
    ...{ tried: "an entry in the middle is deleted", at: 4, caughtBy: /entry 4 is missing/ },
    tamper: (db) => db.deleteFrom("audit_entries").where("seq", "=", 4).execute()
  },
  {
    ...{ tried: "the first entries are deleted", at: 1, caughtBy: /entries 1 to 2 are missing/ },
    tamper: (db) => db.deleteFrom("audit_entries").where("seq", "<=", 2).execute()
  },
  {
    ...{ tried: "every entry is deleted", at: 1, caughtBy: /end was cut off/ },
    tamper: (db) => db.deleteFrom("audit_entries").execute()
  },
  {
    ...{ tried: "an entry is inserted, those after it moved on", at: 4, caughtBy: /its hash differs|put in the place/ },
    async tamper(db) {
      const row = await read(db, 4);
      for (let seq = entries; seq >= 4; seq--) await set(db, seq, { seq: seq + 1 });
      await db
        .insertInto("audit_entries")
        .values({ ...row, body: forge(row.body, other) })
        .execute();
    }
  },
  {
    ...{ tried: "an entry is copied to the end", at: entries + 1, caughtBy: /put in the place/ },
    tamper: async (db) =>
      db
        .insertInto("audit_entries")
        .values({ ...(await read(db, 4)), seq: entries + 1 })
        .execute()
  },
  {
    ...{ tried: "two entries change places", at: 4, caughtBy: /entry 6 was put in the place of entry 4/ },
    async tamper(db) {
      const [{ seq: _a, ...left }, { seq: _b, ...right }] = [await read(db, 4), await read(db, 6)];
      await set(db, 4, right);
      await set(db, 6, left);
    }
  },
  {
    ...{ tried: "what is kept beside an entry is edited", at: 4, caughtBy: /not what was recorded/ },
    tamper: async (db) =>
      db
        .updateTable("audit_payloads")
        .set({ payload: '{"diff":null,"ip":"10.9.9.9","purpose":null,"title":null,"user_agent":null}' })
        .where("digest", "=", (await read(db, 4)).payload_digest)
        .execute()
  },
  {
    ...{ tried: "what is kept beside two entries is exchanged", at: 4, caughtBy: /not what was recorded/ },
    tamper: async (db) => set(db, 4, { payload_digest: (await read(db, 6)).payload_digest })
  },
  {
    ...{ tried: "what is kept beside an entry is deleted", at: 4, caughtBy: /is gone/ },
    tamper: (db) => dropPayload(db, 4)
  },
  {
    ...{ tried: "the record of an erasure is signed by another key", at: entries + 1, caughtBy: /not trusted/ },
    async tamper(db, folder) {
      await dropPayload(db, 4);
      await addRecord(db, erasureFacts(await openSigningKey(`${folder}/eve`, null), t4, [[4, 4]]));
    }
  },
  {
    ...{ tried: "the record of an erasure is forged", at: entries + 1, caughtBy: /record of an erasure is forged/ },
    async tamper(db, folder, { keyId }) {
      await dropPayload(db, 4);
      const facts = erasureFacts(await openSigningKey(`${folder}/eve`, null), t4, [[4, 4]]);
      await addRecord(db, { ...facts, key_id: keyId });
    }
  },
  {
    ...{ tried: "the record of an erasure says nothing", at: entries + 1, caughtBy: /cannot be read/ },
    async tamper(db) {
      await dropPayload(db, 4);
      await addRecord(db, { payloads: 1, seqs: "4" });
    }
  },
  {
    ...{ tried: "the record of an erasure is stretched over another", at: entries + 2, caughtBy: /is forged/ },
    async tamper(db, _, key) {
      await erase(db, key);
      await dropPayload(db, 5);
      await addRecord(db, { ...parseEntry(JSON.parse((await read(db, entries + 1)).body)).facts, seqs: "4-5" });
    }
  },
  {
    ...{ tried: "more is deleted than the record of an erasure tells", at: 5, caughtBy: /beside the entry is gone/ },
    async tamper(db, _, key) {
      await erase(db, key);
      await dropPayload(db, 5);
    }
  },
  {
    ...{ tried: "what was erased is put back", at: 4, caughtBy: /erased beside the entry is there again/ },
    async tamper(db, _, key) {
      const row = await payloadOf(db, 4);
      await erase(db, key);
      await db.insertInto("audit_payloads").values(row).execute();
    }
  },
  {
    ...{ tried: "the record of an erasure is deleted", at: 4, caughtBy: /is gone/ },
    async tamper(db, _, key) {
      await erase(db, key);
      await cutTail(db, entries);
    }
  },
  {
    ...{ tried: "the tail is cut", at: 11, caughtBy: /entries 11 to 12 are missing: the end was cut off/ },
    tamper: (db) => db.deleteFrom("audit_entries").where("seq", ">", 10).execute()
  },
  {
    ...{ tried: "the tail is cut and the head set back", at: 7, caughtBy: /entries 7 to 8 are missing: the end/ },
    tamper: (db) => cutTail(db, 6)
  },
  {
    ...{ tried: "the tail is cut with head and checkpoints", at: 7, caughtBy: /entries 7 to 8 are missing: the end/ },
    async tamper(db) {
      await cutTail(db, 6);
      await db.deleteFrom("audit_checkpoints").execute();
    }
  },
  {
    ...{ tried: "the whole chain is written anew", at: 1, caughtBy: /not begin where it was first signed/ },
    tamper: (db) => rewrite(db, 1, other)
  },
  {
    ...{ tried: "the chain is written anew from its middle", at: signedAt, caughtBy: /not the one that was signed/ },
    tamper: (db) => rewrite(db, 4, other)
  },
  {
    ...{
      tried: "the chain is written anew and signed by another key",
      at: signedAt,
      caughtBy: /key that is not trusted/
    },
    async tamper(db, folder) {
      await rewrite(db, 4, other);
      const { seq, hash } = await read(db, signedAt);
      const { signature, keyId, at } = (await openSigningKey(`${folder}/eve`, null)).sign({ seq, hash, at: "2026" });
      await db.deleteFrom("audit_checkpoints").execute();
      await db.insertInto("audit_checkpoints").values({ signature, seq, hash, signed_at: at, key_id: keyId }).execute();
    }
  },
  {
    ...{ tried: "a checkpoint is made to fit a chain that was written anew", at: signedAt, caughtBy: /is forged/ },
    async tamper(db) {
      await rewrite(db, 4, other);
      const { hash } = await read(db, signedAt);
      await db.updateTable("audit_checkpoints").set({ hash }).where("seq", "=", signedAt).execute();
    }
  },
  {
    ...{ tried: "a checkpoint is deleted from the state", at: signedAt, caughtBy: /is gone from the state/ },
    tamper: (db) => db.deleteFrom("audit_checkpoints").where("seq", "=", signedAt).execute()
  },
  {
    ...{ tried: "entries that nobody signed yet are dated back", at: 10, caughtBy: /dated 2020.*before entry 9/ },
    tamper: (db) => rewrite(db, 10, { at: "2020-01-01T00:00:00.000000000Z" })
  }
];

/** That no change to a kept trail goes unseen. @param open  a state of its own, which this changes */
export function auditTamperingContract(
  name: string,
  open: () => Promise<{ readonly db: Db; close(): Promise<void> }>
): void {
  let folder = "";
  let state: Awaited<ReturnType<typeof open>>;
  let audit: Audit;
  let key: SigningKey;
  let whole: Readonly<Record<string, readonly object[]>>;
  const caught: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracebook-tamper-"));
    state = await open();
    key = await openSigningKey(folder, null);
    let now = later;
    const clock = { ...systemClock, nowMs: () => ++now };
    audit = openAudit(state.db, clock, { key, formerKeys: null, files: [`${folder}/checkpoints.ndjson`] });
    await audit.checkpoint();
    for (let n = 1; n <= entries; n++) {
      const object = { kind: "trace", id: `t${n}` };
      await audit.record(who, { action: "trace.view", object, units: ["support"], title: `Trace ${n}` });
      if (n === signedAt) await audit.checkpoint();
    }
    const kept = tables.map(async (table) => [table, await state.db.selectFrom(table).selectAll().execute()]);
    whole = Object.fromEntries(await Promise.all(kept));
  });
  afterEach(async () => {
    for (const table of tables) {
      await state.db.deleteFrom(table).execute();
      await state.db
        .insertInto(table)
        .values(whole[table] as never)
        .execute();
    }
  });
  afterAll(async () => {
    await state?.close();
    await rm(folder, { recursive: true, force: true });
    console.log(
      `audit trail on ${name}: ${caught.length} ways of tampering tried and caught\n  ${caught.join("\n  ")}`
    );
  });
  const expectCaught = ({ tried, at, caughtBy }: Omit<Tampering, "tamper">, verdict: AuditVerdict) => {
    const defect = verdict.defects.find(({ problem }) => caughtBy.test(problem));
    expect(verdict.isIntact).toBe(false);
    expect(defect?.seq, JSON.stringify(verdict.defects)).toBe(at);
    caught.push(`${tried}: entry ${defect!.seq}, ${defect!.problem}`);
  };

  test("a trail that nobody touched is intact", async () => {
    expect(await audit.verify(who, signal)).toMatchObject({
      ...{ isIntact: true, entries, checkpoints: 2, unsigned: entries - signedAt, defects: [] }
    });
  });

  test.each(tamperings)("$tried, and it is found", async (tampering) => {
    await tampering.tamper(state.db, folder, key);
    const verdict = await audit.verify(who, signal);
    expectCaught(tampering, verdict);
    expect(verdict.defects[0]!.seq).toBeLessThanOrEqual(tampering.at);
  });

  test("an auditor of a unit is told of defects of its entries, and of others that there are some", async () => {
    await dropPayload(state.db, 4);
    const told = async (...businessUnits: string[]) =>
      audit.verify({ userId: "sam", roles: [], businessUnits }, signal);
    const defects = [{ seq: 4, problem: "what was kept beside the entry is gone" }];
    expect(await told("support")).toMatchObject({ isIntact: false, isCut: true, entries, last: null, defects });
    expect(await told("sales")).toMatchObject({ isIntact: false, isCut: true, entries: 0, last: null, defects: [] });
  });

  test("what was erased leaves the trail intact, in the state and in files, and says so", async () => {
    const erasures = openErasures(state.db, clockOf(later + 100), key);
    const target = { kind: "object", object: t4 } as const;
    const lead: Scope = { ...who, roles: [] };
    await expect(erasures.count(lead, target, signal)).rejects.toMatchObject({ code: "denied" });
    await expect(erasures.erase(lead, target, "why", signal)).rejects.toMatchObject({ code: "denied" });
    const { digest, salt } = await payloadOf(state.db, 4);
    expect(await erasures.count(who, target, signal)).toEqual({ entries: 1, payloads: 1 });
    expect(await audit.verify(who, signal)).toMatchObject({ isIntact: true, entries, erased: 0 });
    expect(await erasures.erase(who, target, "asked for", signal)).toEqual({ entries: 1, payloads: 1 });
    expect(await erasures.erase(who, target, "again", signal)).toEqual({ entries: 1, payloads: 0 });
    const told = { isIntact: true, erased: 1, erasures: [entries + 1], defects: [] };
    expect(await audit.verify(who, signal)).toMatchObject({ ...told, entries: entries + 1 });
    const [record] = (await audit.list(who, {}, { limit: 1 })).entries;
    expect(record).toMatchObject({
      ...{ action: "erasure.completed", object: t4, units: ["support"], facts: { payloads: 1, seqs: "4" } },
      payload: { purpose: "asked for" }
    });
    const left = await state.db.selectFrom("audit_payloads").selectAll().execute();
    expect(left.some((row) => row.digest === digest || row.salt === salt)).toBe(false);
    const files = {
      ...{ "a whole file": {}, "a file that ends before the record": { toMs: later + 50 } },
      "a file of some entries": { action: "trace.view" }
    };
    for (const [file, filter] of Object.entries(files)) {
      const lines = (await Array.fromAsync(audit.export(who, filter, "ndjson", signal))).join("").trim().split("\n");
      const verify = (changed: readonly string[]) =>
        verifyTrail(changed.values() as unknown as AsyncIterable<string>, {
          ...{ trusted: parsePublicKeys(key.publicKey), isPartial: "action" in filter }
        });
      expect(await verify(lines)).toMatchObject(told);
      const place = lines.findIndex((line) => line.includes('"id":"t5"'));
      const { kept, ...rest } = JSON.parse(lines[place]!) as { readonly kept: object };
      const tried = `what is kept beside another is left out of ${file}`;
      const gone = lines.with(place, JSON.stringify({ ...rest, kept: null }));
      expectCaught({ tried, at: 5, caughtBy: /beside the entry is gone/ }, await verify(gone));
      const back = lines.map((line) =>
        line.includes('"id":"t4"') ? line.replace('"kept":null', `"kept":${JSON.stringify(kept)}`) : line
      );
      const again = `something is put beside what was erased in ${file}`;
      expectCaught({ tried: again, at: 4, caughtBy: /is there again/ }, await verify(back));
    }
    await openErasures(state.db, clockOf(later + 300), key).erase(
      who,
      { kind: "person", userId: "ada" },
      "left",
      signal
    );
    expect(await audit.verify(who, signal)).toMatchObject({ isIntact: true, erased: entries, erasures: [13, 14] });
    expect((await audit.list(who, {}, { limit: 1 })).entries[0]?.facts).toMatchObject({
      payloads: 11,
      seqs: "1-3,5-12"
    });
  });

  test("a line of an exported trail is edited, deleted or cut off, and it is found without the database", async () => {
    const lines = (await Array.fromAsync(audit.export(who, {}, "ndjson", signal))).join("").trim().split("\n");
    const trusted = parsePublicKeys(key.publicKey);
    async function* given(changed: readonly string[]) {
      yield* changed;
    }
    const verify = (changed: readonly string[]) => verifyTrail(given(changed), { trusted });
    expect(await verify(lines)).toMatchObject({ isIntact: true, entries, checkpoints: 2 });
    const place = lines.findIndex((line) => line.includes('"seq":4,'));
    const without = (line: number) => lines.filter((_, index) => index !== line);
    const file = "of an exported file";
    const edited = lines.map((line, index) => (index === place ? line.replace('"t4"', '"t5"') : line));
    expectCaught({ tried: `a line ${file} is edited`, at: 4, caughtBy: /its hash differs/ }, await verify(edited));
    const gone = without(place);
    expectCaught({ tried: `a line ${file} is deleted`, at: 4, caughtBy: /entry 4 is missing/ }, await verify(gone));
    const cut = lines.slice(0, -6);
    expectCaught({ tried: `the end ${file} is cut off`, at: 7, caughtBy: /end was cut off/ }, await verify(cut));
    const swapped = lines.with(place, lines[place + 1]!).with(place + 1, lines[place]!);
    expectCaught({ tried: `two lines ${file} change places`, at: 4, caughtBy: /out of order/ }, await verify(swapped));
    const hidden = lines.with(place, lines[place]!.replace('"is_cut":false', '"is_cut":true'));
    expectCaught({ tried: `a line ${file} is called cut`, at: 4, caughtBy: /parts.*left out/ }, await verify(hidden));
    await expect(verify([...lines, "{}"])).rejects.toMatchObject({ code: "invalid" });
    await expect(verify([...lines, "no json"])).rejects.toMatchObject({ code: "invalid" });
  });

  test("a checkpoint file that is edited is found, and one that cannot be read is named", async () => {
    const path = `${folder}/checkpoints.ndjson`;
    const before = await readFile(path, "utf8");
    const last = parseCheckpoint(JSON.parse(before.trim().split("\n").at(-1)!));
    await writeFile(path, `${before}${formatCheckpoint({ ...last, signature: last.signature.replace(/^./, "_") })}\n`);
    const tried = "a checkpoint is forged in the file";
    expectCaught({ tried, at: signedAt, caughtBy: /is forged/ }, await audit.verify(who, signal));
    await writeFile(path, "nonsense\n");
    await expect(audit.verify(who, signal)).rejects.toThrow(/line 1 of .* is no checkpoint/);
    await writeFile(path, before);
  });
}
