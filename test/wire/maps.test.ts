import { expect, test } from "vitest";
import { parseAreaRequest, parseKeepMapRequest, parseKeptMapChange } from "#lib/wire/maps.ts";

const request = { title: "Topics", workbook: "weekly", cell: "topics", text: "…" };

test("a map to keep names its workbook, cell and text", () => {
  expect(parseKeepMapRequest({ ...request, params: { since: "-7d" } })).toEqual({
    ...request,
    params: { since: "-7d" }
  });
  expect(parseKeepMapRequest(request).params).toEqual({});
  for (const name of Object.keys(request)) {
    expect(() => parseKeepMapRequest({ ...request, [name]: undefined })).toThrow(`"${name}" is not a text`);
  }
});

test("a change of a kept map is its title or the name of a cluster", () => {
  expect(parseKeptMapChange({ title: "Topics" })).toEqual({ title: "Topics" });
  expect(parseKeptMapChange({ clusterId: 3, name: "" })).toEqual({ clusterId: 3, name: "" });
  expect(() => parseKeptMapChange({ clusterId: 3 })).toThrow('"name" is not a text');
  expect(() => parseKeptMapChange([])).toThrow("is not a JSON object");
});

test("an area has a name and corners, and what is no number is one that no area can have", () => {
  const polygon = [
    [0, 1],
    [2, 3],
    [4, 5]
  ];
  expect(parseAreaRequest({ name: "Refunds", polygon })).toEqual({ name: "Refunds", polygon });
  expect(parseAreaRequest({ name: "Refunds", polygon: [["0", 1]] }).polygon).toEqual([[Number.NaN, 1]]);
  expect(() => parseAreaRequest({ name: "Refunds" })).toThrow("the area has no corners");
});
