import { expect, test } from "vitest";
import type { AuditVerdict, NewAuditEntry } from "#lib/model/audit.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Audit } from "#lib/ports/audit.ts";
import { exportAudit, formatVerdict, listAudit, verifyAudit } from "#lib/work/read-audit.ts";

const max: Scope = { userId: "max", roles: ["auditor"], businessUnits: ["support"] };
const intact: AuditVerdict = {
  ...{ isIntact: true, isCut: false, entries: 1200, first: 1, last: 1200, checkpoints: 3 },
  ...{ unsigned: 0, clockSetBack: 0, erased: 0, erasures: [], defects: [] }
};
const { signal } = new AbortController();

function openTrail(verdict = intact) {
  const recorded: NewAuditEntry[] = [];
  const signed: number[] = [];
  const audit: Audit = {
    record: async (_, entry) => void recorded.push(entry),
    list: async () => ({ entries: [], before: null }),
    async *export() {
      yield "line";
    },
    verify: async () => verdict,
    checkpoint: async () => {
      signed.push(recorded.length);
      return { seq: 1200, hash: "", at: "", keyId: "", signature: "" };
    }
  };
  return { audit, recorded, signed, doors: { audit, people: { namesOf: async () => new Map([["ada", "Ada"]]) } } };
}

test("that the trail was read is recorded, once for each list that is begun", async () => {
  const { audit, recorded, doors } = openTrail();
  const reply = await listAudit(doors, max, { filter: { actorId: "ada" }, limit: 10 });
  expect(reply).toMatchObject({ entries: [], names: { ada: "Ada" }, businessUnits: ["support"] });
  await listAudit(doors, max, { filter: { actorId: "ada" }, before: 5, limit: 10 });
  await Array.fromAsync(await exportAudit(audit, max, {}, "csv", signal));
  expect(recorded).toMatchObject([
    { action: "audit.view", units: ["support"], facts: { filter: "who=ada", entries: 0 } },
    { action: "audit.export", facts: { format: "csv" } }
  ]);
});

test("what was verified is signed where it is intact, after it was recorded", async () => {
  const { audit, signed } = openTrail({ ...intact, unsigned: 7 });
  expect(await verifyAudit(audit, max, signal)).toMatchObject({ checkpoints: 4, unsigned: 0 });
  expect(signed).toEqual([1]);
});

test("who audits some units is not told how many entries were signed", async () => {
  const cut = { ...intact, isCut: true, entries: 2, checkpoints: 0 };
  const { audit, signed } = openTrail(cut);
  expect(await verifyAudit(audit, max, signal)).toEqual(cut);
  expect(signed).toEqual([1]);
});

test("what verifying found is recorded with it, and a broken chain is not signed", async () => {
  const { audit, recorded, signed } = openTrail({ ...intact, isIntact: false, defects: [{ seq: 7, problem: "gone" }] });
  expect((await verifyAudit(audit, max, signal)).isIntact).toBe(false);
  expect(signed).toEqual([]);
  expect(recorded).toMatchObject([{ action: "audit.verify", outcome: "error", facts: { defects: 1, first_bad: 7 } }]);
});

test("a verdict is a sentence", () => {
  expect(formatVerdict(intact)).toBe("The audit trail is intact: 1,200 entries, held against 3 checkpoints.");
  expect(formatVerdict({ ...intact, first: 5, unsigned: 1, clockSetBack: 2 })).toBe(
    "The audit trail is intact: 1,200 entries from 5 to 1200, held against 3 checkpoints. The last 1 entry is in order and not signed yet. At 2 entries the clock had been set back."
  );
  expect(formatVerdict({ ...intact, isCut: true, entries: 1, first: null, last: null })).toBe(
    "The audit trail is intact; it has 1 entry of your business units."
  );
  expect(formatVerdict({ ...intact, isCut: true, isIntact: false })).toBe(
    "The audit trail was tampered with, at entries that are not of your business units."
  );
  expect(formatVerdict({ ...intact, erased: 12, erasures: [37] })).toContain(
    "checkpoints. What was kept beside 12 entries was erased, as entry 37 records."
  );
  expect(formatVerdict({ ...intact, erased: 1, erasures: [37, 40] })).toContain(
    " What was kept beside 1 entry was erased, as entries 37, 40 record."
  );
  expect(formatVerdict({ ...intact, entries: 0, first: null, last: null })).toBe("The audit trail is empty.");
  expect(formatVerdict({ ...intact, isIntact: false, defects: [{ seq: 7, problem: "entry 7 is missing" }] })).toBe(
    "The audit trail was tampered with, from entry 7 on: entry 7 is missing."
  );
});
