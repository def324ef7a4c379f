import { expect, test } from "vitest";
import { findPlaces, pagesFor } from "#lib/browser/places.ts";
import { rights, rightsOf } from "#lib/model/rights.ts";
import type { Role } from "#lib/model/scope.ts";

const pages = pagesFor(rights);
const workbooks = [{ label: "Refund quality, weekly", about: "Workbook", href: "/workbooks/refund-quality-weekly" }];

test("the palette finds by words in any order and case", () => {
  expect(findPlaces("WEEKLY refund", [...pages, ...workbooks])).toEqual(workbooks);
  expect(findPlaces("maps", [...pages, ...workbooks]).map(({ href }) => href)).toEqual(["/maps"]);
});

test("nothing typed shows every page and workbook", () => {
  expect(findPlaces(" ", [...pages, ...workbooks]).map(({ href }) => href)).toEqual([
    "/",
    "/workbooks",
    "/traces",
    "/sessions",
    "/scorers",
    "/maps",
    "/queues",
    "/datasets",
    "/runs",
    "/import",
    "/keys",
    "/account",
    "/people",
    "/audit",
    "/workbooks/refund-quality-weekly"
  ]);
});

test("a trace id opens its trace, with dashes or without", () => {
  const id = "0bd47b9c39c94a1e8f0a1b2c3d4e5f60";
  expect(findPlaces(id.toUpperCase(), [])[0]?.href).toBe(`/traces/${id}`);
  expect(findPlaces("0bd47b9c-39c9-4a1e-8f0a-1b2c3d4e5f60", [])[0]?.href).toBe(`/traces/${id}`);
});

test("a decimal id leads to its trace, behind what bears the number in its name", () => {
  const yearly = { label: "Year 2026", about: "Workbook", href: "/workbooks/year" };
  expect(findPlaces("11803532876627986230", []).map(({ href }) => href)).toEqual(["/t/11803532876627986230"]);
  expect(findPlaces("2026", [yearly]).map(({ href }) => href)).toEqual(["/workbooks/year", "/t/2026"]);
});

test("who reads reports, judges or audits is led to pages that have something for them, and to no others", () => {
  const hrefs = (role: Role) => pagesFor(rightsOf[role]).map(({ href }) => href);
  expect(hrefs("viewer")).toEqual(["/runs", "/account"]);
  expect(hrefs("auditor")).toEqual(["/runs", "/account", "/audit"]);
  expect(hrefs("expert")).toContain("/queues");
  expect(hrefs("scientist")).not.toContain("/people");
});

test("what is nowhere gives nothing", () => {
  expect(findPlaces("zebra", [...pages, ...workbooks])).toEqual([]);
});
