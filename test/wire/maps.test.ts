import { expect, test } from "vitest";
import { parseKeepMapRequest, parseKeptMapChange } from "#lib/wire/maps.ts";

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
