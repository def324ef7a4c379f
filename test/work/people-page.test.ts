import { expect, test } from "vitest";
import type { Asker } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import { type PeoplePageDoors, readAccount, readPeoplePage } from "#lib/work/people-page.ts";

const doors = {
  people: { list: async () => [], find: async () => ({ email: "ada@example.com" }) },
  units: {
    list: async () => [
      { businessUnit: "gone", title: "Gone", removedAtMs: 5 },
      { businessUnit: "sales", title: "Sales", removedAtMs: null },
      { businessUnit: "support", title: "Support", removedAtMs: null }
    ]
  },
  invitations: { list: async () => [] }
} as unknown as PeoplePageDoors;

test("who administers a unit sees that unit, with its title or its id; removed ones show to who administers all", async () => {
  const lead: Scope = { userId: "lead", roles: [], businessUnits: ["legal", "sales"] };
  expect(await readPeoplePage(doors, lead)).toEqual({
    ...{ userId: "lead", people: [], invitations: [], administersAll: false },
    units: [
      { businessUnit: "legal", title: "legal", removedAtMs: null },
      { businessUnit: "sales", title: "Sales", removedAtMs: null }
    ],
    roles: ["lead", "scientist", "expert", "viewer"]
  });
  const all = await readPeoplePage(doors, { ...lead, roles: ["admin"] });
  expect(all.units.map(({ businessUnit }) => businessUnit)).toEqual(["legal", "sales", "gone"]);
  expect(all.roles).toContain("auditor");
});

test("an account tells what a key of it can be given", async () => {
  const asker: Asker = {
    ...{ userId: "ada", name: "Ada", memberships: [{ businessUnit: "sales", role: "expert" }] },
    via: {
      ...{ kind: "user", method: "password", sessionId: "s", ip: null, userAgent: null, requestId: "r", roles: [] }
    }
  };
  const own = {
    people: doors.people,
    apiKeys: { list: async () => [] } as unknown as ApiKeys,
    listSessions: async () => []
  };
  expect(await readAccount(own, asker, ["legal", "sales"])).toMatchObject({
    ...{ email: "ada@example.com", sessionId: "s", businessUnits: ["sales"] },
    rights: ["report", "read", "run", "annotate"]
  });
  const key: Asker = {
    ...asker,
    memberships: [...asker.memberships, { businessUnit: "legal", role: "lead" }],
    via: { ...asker.via, kind: "key" },
    limits: { rights: ["read"], businessUnits: ["sales"] }
  };
  const refuse = () => Promise.reject(new Error("nothing of this is a key's"));
  const doorsOfKey = { ...own, apiKeys: { list: refuse } as unknown as ApiKeys, listSessions: refuse };
  expect(await readAccount(doorsOfKey, key, ["legal", "sales"])).toMatchObject({
    ...{ keys: [], sessions: [], rights: ["read"], businessUnits: ["sales"] },
    memberships: [{ businessUnit: "sales", role: "expert" }]
  });
});
