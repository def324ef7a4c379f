import { expect, test } from "vitest";
import type { Membership } from "#lib/model/rights.ts";
import { type ScopeOfUserDoors, scopeOfUser } from "#lib/server/auth/scope-of-user.ts";

const doors = (memberships: readonly Membership[] | null, hasAny = true): ScopeOfUserDoors => ({
  people: {
    find: async (userId) =>
      memberships ? { userId, email: "ann@x.org", name: "Ann", createdAtMs: 0, memberships } : undefined,
    hasAny: async () => hasAny
  },
  clock: { newId: () => "request" },
  listUnits: async () => ["claims", "sales"]
});

test("work in somebody's name has what the right gives them now", async () => {
  const held = doors([
    { businessUnit: "claims", role: "scientist" },
    { businessUnit: "sales", role: "viewer" }
  ]);
  expect(await scopeOfUser(held, "ann", "run")).toMatchObject({
    userId: "ann",
    roles: [],
    businessUnits: ["claims"],
    via: { kind: "system", method: "program", roles: ["claims:scientist", "sales:viewer"] }
  });
});

test("who has left has nothing, and the local owner everything until somebody has an account", async () => {
  expect((await scopeOfUser(doors(null), "gone", "run")).businessUnits).toEqual([]);
  expect((await scopeOfUser(doors(null), "owner", "run")).businessUnits).toEqual([]);
  expect(await scopeOfUser(doors(null, false), "owner", "run")).toMatchObject({
    roles: ["admin"],
    businessUnits: ["claims", "sales"]
  });
  expect((await scopeOfUser(doors(null, false), "ann", "run")).businessUnits).toEqual([]);
});
