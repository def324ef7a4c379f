import { expect, test } from "vitest";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { hashText, ReadTrail } from "#lib/work/read-trail.ts";

const ada: Scope = { userId: "ada", roles: [], businessUnits: ["support"] };
const opened = (id: string) => ({ action: "trace.view", object: { kind: "trace", id }, units: ["support"] }) as const;

function openTrail() {
  const entries: { readonly who: string; readonly entry: NewAuditEntry }[] = [];
  const state = { nowMs: 0, isBroken: false, entries };
  const record = async ({ userId }: Scope, entry: NewAuditEntry) => {
    if (state.isBroken) throw new Fault("broken", "this could not be written to the audit trail, so it was not done");
    entries.push({ who: userId, entry });
  };
  return { ...state, state, trail: new ReadTrail({ record }, () => state.nowMs) };
}

test("what one reads in pieces within a minute is one entry, for each reader and each thing", async () => {
  const { trail, entries, state } = openTrail();
  await Promise.all([trail.note(ada, opened("t1")), trail.note(ada, opened("t1"))]);
  await trail.note(ada, opened("t2"));
  await trail.note({ ...ada, userId: "bob" }, opened("t1"));
  state.nowMs = 59_999;
  await trail.note(ada, opened("t1"));
  expect(entries.map(({ who, entry }) => `${who} ${entry.object.id}`)).toEqual(["ada t1", "ada t2", "bob t1"]);
  state.nowMs = 60_000;
  await trail.note(ada, opened("t1"));
  expect(entries).toHaveLength(4);
});

test("what cannot be recorded is refused, and tried again by the next to ask", async () => {
  const { trail, entries, state } = openTrail();
  state.isBroken = true;
  await expect(trail.note(ada, opened("t1"))).rejects.toMatchObject({ code: "broken" });
  state.isBroken = false;
  await trail.note(ada, opened("t1"));
  expect(entries).toHaveLength(1);
});

test("whose data it is, is looked up only for what is recorded", async () => {
  const { trail, entries } = openTrail();
  let looked = 0;
  const units = async () => {
    looked += 1;
    return ["sales"];
  };
  await trail.note(ada, { ...opened("t1"), units });
  await trail.note(ada, { ...opened("t1"), units });
  expect([looked, entries[0]?.entry.units]).toEqual([1, ["sales"]]);
});

test("of more readings than are remembered the oldest is recorded once more", async () => {
  const { trail, entries } = openTrail();
  for (let n = 0; n <= 10_000; n++) await trail.note(ada, opened(`t${n}`));
  await trail.note(ada, opened("t10000"));
  expect(entries).toHaveLength(10_001);
  await trail.note(ada, opened("t0"));
  expect(entries).toHaveLength(10_002);
});

test("what is refused is recorded, what failed otherwise is not", async () => {
  const { trail, entries } = openTrail();
  for (const code of ["denied", "missing", "invalid", "conflict"] as const) {
    await trail.refuse(ada, "GET /api/traces/t1", { code });
  }
  expect(entries.map(({ entry }) => [entry.action, entry.outcome, entry.reason, entry.units])).toEqual([
    ["access.deny", "denied", "denied", []],
    ["access.deny", "error", "missing", []]
  ]);
});

test("a text is told from others by its SHA-256", async () => {
  expect(await hashText("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
