import { expect, test } from "vitest";
import { plainRubric } from "#lib/model/rubric.ts";
import {
  parseDatasetFile,
  parseDatasetPart,
  parseDatasetRequest,
  parseOffset,
  parseQueueRequest,
  parseSamplePlanRequest,
  parseSelection,
  parseSelectionWorkbookRequest
} from "#lib/wire/selections.ts";

const polygon = [
  [0, 0],
  [1, 0],
  [0.5, 1]
];
const rule = { count: 20, by: { kind: "score", scorer: "refusal" }, spread: "equal", seed: 3 };
const cluster = { kind: "cluster", mapId: "m", clusterId: 2 };

test("every kind of selection comes through as it was sent, and nothing else of it", () => {
  for (const selection of [
    cluster,
    { kind: "area", mapId: "m", area: "Refunds" },
    { kind: "lasso", mapId: "m", version: 1, polygon },
    { kind: "cell", workbook: "w", cell: "c", polygon },
    { kind: "cell", workbook: "w", cell: "c", traceIds: ["a", "b"] },
    { kind: "traces", mapId: "m", traceIds: ["a"] }
  ]) {
    expect(parseSelection({ traceIds: ["t1"], ...selection })).toEqual(selection);
  }
});

test("requests are read whole", () => {
  expect(parseSamplePlanRequest({ selection: cluster, rule })).toEqual({ selection: cluster, rule });
  const queue = { title: "Q", selection: cluster, rule, rubric: plainRubric };
  expect(parseQueueRequest(queue)).toEqual({ ...queue, reviewing: {} });
  const reviewing = { reviewsPerItem: 3, isBlind: false, reviewers: null, adjudicators: ["ann"] };
  expect(parseQueueRequest({ ...queue, reviewing })).toEqual({ ...queue, reviewing });
  for (const other of [
    { kind: "scorer", scorer: "mild" },
    { kind: "people", wrong: ["bad"], fine: ["good"] }
  ] as const) {
    const differing = { ...rule, by: { kind: "disagreement", scorer: "strict", other } } as const;
    expect(parseSamplePlanRequest({ selection: cluster, rule: differing }).rule).toEqual(differing);
  }
  const odd = { ...rule, by: { kind: "disagreement", scorer: "strict", other: { kind: "me" } } };
  expect(() => parseSamplePlanRequest({ selection: cluster, rule: odd })).toThrow(/not held against "me"/);
  const dataset = { title: "D", selection: cluster, splits: [{ name: "all", share: 1 }], seed: 1, keepsAnswers: true };
  expect(parseDatasetRequest(dataset)).toEqual(dataset);
  expect(parseSelectionWorkbookRequest({ selection: cluster, holds: "scorer" }).holds).toBe("scorer");
  expect(parseDatasetPart(new URLSearchParams("version=2&offset=100"))).toEqual({ version: 2, offset: 100 });
  expect(parseDatasetFile(new URLSearchParams("format=csv"))).toEqual({ version: null, format: "csv" });
  expect(parseOffset(new URLSearchParams())).toBe(0);
});

test.each([
  () => parseSelection({ kind: "everything" }),
  () => parseSelection({ kind: "lasso", mapId: "m", version: 1, polygon: polygon.slice(1) }),
  () => parseSelection({ kind: "lasso", mapId: "m", version: 1, polygon: [...polygon, [0, "1); drop"]] }),
  () => parseSelection({ kind: "cell", workbook: "w", cell: "c", polygon: "all" }),
  () => parseSelection({ kind: "cluster", mapId: "m", clusterId: "2" }),
  () => parseSamplePlanRequest({ selection: cluster, rule: { ...rule, spread: "most" } }),
  () => parseSamplePlanRequest({ selection: cluster, rule: { ...rule, by: { kind: "sql" } } }),
  () => parseQueueRequest({ title: "Q", selection: cluster, rule, rubric: { labels: [] } }),
  () => parseDatasetRequest({ title: "D", selection: cluster, splits: [{ name: "a", share: "1" }], seed: 1 }),
  () => parseSelectionWorkbookRequest({ selection: cluster, holds: "map" }),
  () => parseOffset(new URLSearchParams("offset=-1")),
  () => parseDatasetFile(new URLSearchParams("format=xls"))
])("what is no request is refused, %#", (parse) => {
  expect(parse).toThrow(expect.objectContaining({ code: "invalid" }) as Error);
});
