import { expect, test } from "vitest";
import { formatListAddress, formatViewQuery, parseListAddress } from "#lib/browser/list-address.ts";
import { parseColumns } from "#lib/browser/trace-columns.ts";
import { allTraces } from "#lib/wire/trace-filter.ts";

const address = {
  filter: { ...allTraces, units: ["support"], text: "a, b/c & 'd'" },
  columns: parseColumns("cost:90,input"),
  selected: ["support/01", "legal/02"],
  viewId: "v1",
  isLive: true,
  at: "support/03"
};

test("everything the list shows is in its address and comes back from it", () => {
  expect(parseListAddress(formatListAddress(address))).toEqual({ ...address, mistake: null });
  expect(formatListAddress({ ...address, selected: [] })).toContain("columns=cost:90,input");
});

test("an empty address shows all traces", () => {
  const all = parseListAddress("");
  expect(all).toEqual({
    filter: allTraces,
    columns: null,
    selected: [],
    viewId: null,
    isLive: false,
    at: null,
    mistake: null
  });
  expect(formatListAddress(all)).toBe("");
});

test("a mistyped filter is named and shows all traces", () => {
  expect(parseListAddress("limit=many&columns=cost")).toMatchObject({
    filter: allTraces,
    mistake: expect.stringContaining('"limit" is "many"')
  });
});

test("a view keeps the filter and the columns, not what is selected or where one was", () => {
  expect(parseListAddress(formatViewQuery(address))).toMatchObject({
    filter: address.filter,
    columns: address.columns,
    selected: [],
    viewId: null,
    isLive: false,
    at: null
  });
});
