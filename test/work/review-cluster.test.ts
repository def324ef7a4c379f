import { afterAll, beforeAll, expect, test } from "vitest";
import { askExperts, judgeCluster, listQuestions, readQuestion } from "#lib/work/review-cluster.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { hexId } from "../spans.ts";
import { gridMap, openKeptMap } from "./kept-map-fixture.ts";

const support = { userId: "sue", roles: [], businessUnits: ["support"] } as const;
const both = { userId: "ada", roles: [], businessUnits: ["claims", "support"] } as const;
const asked = { mapId: gridMap, clusterId: 0, businessUnit: "support", question: "One issue?", count: 3, seed: 5 };

let bench: Awaited<ReturnType<typeof openKeptMap>>;
let doors: Parameters<typeof askExperts>[0];

beforeAll(async () => {
  bench = await openKeptMap();
  const { clusterQuestions, people } = bench.state;
  doors = { ...bench.doors, kernels: new ScopeKernels(bench.lake), clusterQuestions, people, isSent: true };
});
afterAll(() => bench?.close());

test("experts get a sample of their own unit's traces in a cluster, each with its chance", async () => {
  const { questionId } = await askExperts(doors, both, asked);
  const question = await readQuestion(doors, support, questionId);
  // Of the traces of support, n = 0, 6, 12 … 36 stand in cluster 0.
  const members = [0, 6, 12, 18, 24, 30, 36].map((index) => hexId(`t${index}`, 32));
  expect(question).toMatchObject({ size: 7, sizeNow: 7, label: "support words 0", verdict: null, me: "sue" });
  expect(question.traces).toHaveLength(3);
  for (const trace of question.traces) {
    expect(members).toContain(trace.traceId);
    expect(trace.inclusionProbability).toBeCloseTo(3 / 7);
    expect(trace.input).toMatch(/^trace \d+ refund/);
  }
});

test("a verdict stays with the cluster and is listed with its map", async () => {
  const [{ questionId } = { questionId: "" }] = await listQuestions(doors, support, gridMap);
  const said = { verdict: "confirmed issue", note: "Refunds are denied.", mapVersion: 1, baseVersion: 0 } as const;
  expect(await judgeCluster(doors, support, questionId, said)).toMatchObject({ verdict: "confirmed issue" });
  expect(await bench.state.alerts.list(both)).toMatchObject([{ kind: "confirmed", questionId, delivery: "waiting" }]);
  expect(await listQuestions(doors, both)).toMatchObject([{ mapTitle: "It's a grid", verdict: "confirmed issue" }]);
  expect(await listQuestions(doors, { ...both, businessUnits: ["claims"] })).toEqual([]);
});

test("a cluster without traces of the unit, a stranger's unit and an odd sample are refused with a sentence", async () => {
  await expect(askExperts(doors, support, { ...asked, clusterId: 99 })).rejects.toMatchObject({ code: "missing" });
  await expect(askExperts(doors, support, { ...asked, businessUnit: "claims" })).rejects.toMatchObject({
    code: "denied"
  });
  await expect(askExperts(doors, support, { ...asked, count: 51 })).rejects.toThrow(
    "1 to 50 traces of a cluster, not 51"
  );
});

test("a question about a map that was deleted is listed no more", async () => {
  await bench.state.keptMaps.remove(both, gridMap);
  expect(await listQuestions(doors, both)).toEqual([]);
});
