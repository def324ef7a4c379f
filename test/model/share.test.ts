import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { allows, everyone, isShareAccess, parseGrantee, requireAccess, requireGrantee } from "#lib/model/share.ts";

const scope = { userId: "ann", roles: [], businessUnits: ["claims"] } as const;

test("each access lets do what the lesser ones do", () => {
  expect(allows("own", "edit") && allows("edit", "comment") && allows("comment", "view")).toBe(true);
  expect(allows("view", "comment") || allows("comment", "edit") || allows("edit", "own")).toBe(false);
  expect([isShareAccess("edit"), isShareAccess("own")]).toEqual([true, false]);
});

test("who may not see a workbook is told what is told of one that does not exist", () => {
  expect(() => requireAccess(undefined, "view", "x")).toThrow(
    expect.objectContaining({ code: "missing", message: `there is no workbook "x"` })
  );
  expect(() => requireAccess("view", "edit", "x")).toThrow(expect.objectContaining({ code: "denied" }));
  expect(() => requireAccess("edit", "own", "x")).toThrow(/not yours to share or delete/);
  expect(requireAccess("edit", "comment", "x")).toBe("edit");
});

test("a grantee is a person, a business unit or everyone", () => {
  expect(["person:ann", "unit:claims", "unit:*"].map(parseGrantee)).toEqual(["person:ann", "unit:claims", everyone]);
  expect(parseGrantee("email: Bob@X.org")).toBe("email:bob@x.org");
  for (const wrong of ["email:bob", "claims", "unit:", "unit:No Unit", "person:", "key:x"])
    expect(() => parseGrantee(wrong)).toThrow(expect.objectContaining({ code: "invalid" }));
  for (const own of ["unit:claims", everyone, "person:bob"] as const)
    expect(() => requireGrantee(scope, own)).not.toThrow();
  expect(() => requireGrantee(scope, "unit:sales")).toThrow(/not yours to share with/);
  expect(() => requireGrantee({ ...scope, roles: ["admin"] }, "unit:sales")).not.toThrow();
});

test("every route of one workbook asks first whether its caller may see it", async () => {
  const folder = fileURLToPath(new URL("../../app/api/workbooks/[slug]", import.meta.url));
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith("route.ts"));
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    const handlers = (await readFile(`${folder}/${name}`, "utf8")).match(/^export const [A-Z]+ = \w+/gm) ?? [];
    expect(handlers.length, name).toBeGreaterThan(0);
    for (const handler of handlers) expect(`${name}: ${handler}`).toMatch(/= onWorkbook$/);
  }
});
