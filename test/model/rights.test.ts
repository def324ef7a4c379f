import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asker, everyUnit, type Right, rights, rightsOf, scopeOf } from "#lib/model/rights.ts";
import { roles } from "#lib/model/scope.ts";

const asker = (...memberships: Asker["memberships"]): Asker => ({
  userId: "ada",
  name: "Ada",
  memberships,
  via: {
    ...{ kind: "user", method: "password", sessionId: "s", ip: null, userAgent: null, requestId: "r" },
    roles: memberships.map(({ businessUnit, role }) => `${businessUnit}:${role}`)
  }
});
const units = ["legal", "support", "wealth"];

describe("a right gives a scope of the units in which it is held", () => {
  test("an expert of one unit reads and judges there, and takes nothing out", () => {
    const ada = asker({ businessUnit: "legal", role: "expert" });
    expect(scopeOf(ada, "annotate", units).businessUnits).toEqual(["legal"]);
    expect(scopeOf(ada, "export", units).businessUnits).toEqual([]);
    expect(scopeOf(ada, "reveal", units).businessUnits).toEqual([]);
    expect(scopeOf(ada, "administer", units).businessUnits).toEqual([]);
  });

  test("roles of two units stay apart", () => {
    const ada = asker({ businessUnit: "legal", role: "lead" }, { businessUnit: "support", role: "viewer" });
    expect(scopeOf(ada, "read", units).businessUnits).toEqual(["legal"]);
    expect(scopeOf(ada, "report", units).businessUnits).toEqual(["legal", "support"]);
    expect(scopeOf(ada, null, units).businessUnits).toEqual(["legal", "support"]);
  });

  test("an auditor reads the trail, and no trace", () => {
    const ada = asker({ businessUnit: everyUnit, role: "auditor" });
    expect(scopeOf(ada, "audit", units)).toMatchObject({ businessUnits: units, roles: ["auditor"] });
    expect(scopeOf(ada, "read", units)).toMatchObject({ businessUnits: [], roles: [] });
  });

  test("a membership in a unit that is gone gives nothing", () => {
    expect(scopeOf(asker({ businessUnit: "gone", role: "admin" }), "read", units).businessUnits).toEqual([]);
  });

  test("a key gives what it names of what its owner holds, and no role", () => {
    const admin = asker({ businessUnit: everyUnit, role: "admin" });
    const key = (rights: readonly Right[], businessUnits: readonly string[] | null): Asker => ({
      ...admin,
      limits: { rights, businessUnits }
    });
    expect(scopeOf(key(["read"], ["legal"]), "read", units)).toMatchObject({ businessUnits: ["legal"], roles: [] });
    expect(scopeOf(key(["read"], ["legal"]), "export", units).businessUnits).toEqual([]);
    expect(scopeOf(key(["read"], null), null, units).businessUnits).toEqual(units);
    expect(scopeOf(key([], null), null, units).businessUnits).toEqual([]);
    const ada = { ...asker({ businessUnit: "legal", role: "viewer" }), limits: { rights, businessUnits: null } };
    expect(scopeOf(ada, "read", units).businessUnits).toEqual([]);
    expect(scopeOf(ada, "report", units).businessUnits).toEqual(["legal"]);
  });

  test("no set of memberships gives a unit that none of them names with a role that may", () => {
    const membership = fc.record({
      businessUnit: fc.constantFrom(...units, "gone", everyUnit),
      role: fc.constantFrom(...roles)
    });
    fc.assert(
      fc.property(fc.array(membership, { maxLength: 6 }), fc.constantFrom(...rights), (memberships, right) => {
        const may = (unit: string) =>
          memberships.some(
            ({ businessUnit, role }) =>
              (businessUnit === unit || businessUnit === everyUnit) && rightsOf[role].includes(right)
          );
        const scope = scopeOf(asker(...memberships), right, units);
        expect(scope.businessUnits).toEqual(units.filter(may));
        expect(scope.roles.length > 0).toBe(may("a unit that is still to come"));
      })
    );
  });
});
