import { expect, test } from "vitest";
import type { ErasureTarget } from "#lib/model/audit.ts";
import type { Scope } from "#lib/model/scope.ts";
import { eraseAudit, formatErasure } from "#lib/work/erase-audit.ts";

const owner: Scope = { userId: "owner", roles: ["admin"], businessUnits: [] };
const { signal } = new AbortController();

const open = (payloads = 2) => {
  const done: (readonly [string, ErasureTarget, string?])[] = [];
  let signed = 0;
  const doors = {
    audit: {
      checkpoint: async () => {
        signed += 1;
        return undefined;
      }
    },
    erasures: {
      async count(_: Scope, target: ErasureTarget) {
        done.push(["count", target]);
        return { entries: 3, payloads };
      },
      async erase(_: Scope, target: ErasureTarget, reason: string) {
        done.push(["erase", target, reason]);
        return { entries: 3, payloads };
      }
    },
    people: {
      findByEmail: async (email: string) =>
        email === "eve@example.com" ? { userId: "u7", email, name: "Eve", createdAtMs: 0, memberships: [] } : undefined
    }
  };
  return { doors, done, signed: () => signed };
};

test("a person is found by e-mail address or id, an object by kind and id, and the record is signed", async () => {
  const { doors, done, signed } = open();
  const ask = (asked: object) => eraseAudit(doors, owner, { reason: " left ", isDryRun: false, ...asked }, signal);
  expect(await ask({ person: "eve@example.com" })).toEqual({ entries: 3, payloads: 2 });
  await ask({ person: "u9" });
  await ask({ object: "ingest key:k:1" });
  expect(done).toEqual([
    ["erase", { kind: "person", userId: "u7" }, "left"],
    ["erase", { kind: "person", userId: "u9" }, "left"],
    ["erase", { kind: "object", object: { kind: "ingest key", id: "k:1" } }, "left"]
  ]);
  expect(signed()).toBe(3);
});

test("a dry run only counts, and where nothing was destroyed nothing is signed", async () => {
  const { doors, done, signed } = open(0);
  await eraseAudit(doors, owner, { person: "u7", isDryRun: true }, signal);
  await eraseAudit(doors, owner, { person: "u7", reason: "left", isDryRun: false }, signal);
  expect(done.map(([name]) => name)).toEqual(["count", "erase"]);
  expect(signed()).toBe(0);
});

test("without one target, or a reason, nothing is erased", async () => {
  const { doors, done } = open();
  const ask = (asked: object) => eraseAudit(doors, owner, { reason: "left", isDryRun: false, ...asked }, signal);
  for (const wrong of [{}, { person: "u7", object: "trace:t" }, { object: "trace" }, { object: ":t" }])
    await expect(ask(wrong)).rejects.toMatchObject({ code: "invalid" });
  for (const person of ["bob@example.com", " "])
    await expect(ask({ person })).rejects.toMatchObject({ code: "missing" });
  for (const reason of [undefined, " ", "x".repeat(501)])
    await expect(ask({ person: "u7", reason })).rejects.toMatchObject({ code: "invalid" });
  expect(done).toEqual([]);
});

test("what was erased is a sentence", () => {
  expect(formatErasure({ entries: 0, payloads: 0 }, false)).toBe("The audit trail has no such entry.");
  expect(formatErasure({ entries: 1, payloads: 0 }, true)).toContain("nothing is kept beside them any more");
  expect(formatErasure({ entries: 3, payloads: 2 }, true)).toBe(
    "What is kept beside 2 entries of the 3 found would be erased. Nothing was changed."
  );
  expect(formatErasure({ entries: 1, payloads: 1 }, false)).toBe(
    "What was kept beside 1 entry is erased, and recorded."
  );
});
