import { afterAll, beforeAll, expect, test } from "vitest";
import { openModel } from "#lib/server/model/model.ts";
import { openEndpoint, type TestEndpoint } from "../server/model/endpoint.ts";
import { byHand, collect, lastStates, openDesk, scope } from "./desk-fixture.ts";

let isSilent = false;
let endpoint: TestEndpoint;
let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  endpoint = await openEndpoint((_, at) =>
    isSilent
      ? { kind: "say", content: null, refusal: "No." }
      : { kind: "say", content: JSON.stringify({ title: ` Refunds\n${at}`, description: "What people ask." }) }
  );
  const nothing = { find: async () => undefined, keep: async () => undefined };
  const price = { inputUsd: 0.15, outputUsd: 0.6 };
  const model = openModel({ baseUrl: endpoint.url, apiKey: null, modelId: "small", atOnce: 1, price }, nothing);
  bench = await openDesk({}, { model });
});
afterAll(async () => {
  await bench.close();
  endpoint.close();
});

async function run(yaml: string) {
  const text = `\`\`\`yaml map m\n${yaml}\n\`\`\`\n\n\`\`\`sql labels\nselect distinct cluster_label from m order by all\n\`\`\`\n`;
  const request = { text, cells: "all", params: {} } as const;
  return lastStates(await collect(bench.desk.run(scope, "titles", request, byHand, new AbortController().signal))).get(
    "m"
  )!;
}

test("a cell that asks for titles has them in the place of the words, each from one unit's texts", async () => {
  const state = await run("text: input\ntitles: true\nbudget_usd: 0.1");
  expect(state).toMatchObject({
    state: "done",
    result: { clusters: [{ label: "Refunds 0" }, { label: "Refunds 1" }] },
    notes: ["small wrote the titles of 2 of 2 clusters for $0.000054."]
  });
  for (const { messages } of endpoint.asked) {
    const [, json] = messages[1]!.content.split("\n");
    const { texts } = JSON.parse(json!) as { readonly texts: readonly string[] };
    expect(texts).toHaveLength(10);
    // Traces with even numbers are of one unit, those with odd ones of the other.
    expect(new Set(texts.map((text) => Number(/\d+/.exec(text)![0]) % 2)).size).toBe(1);
  }
});

test("what is not answered keeps its words, and a tenth of the budget is all that titles may cost", async () => {
  const before = endpoint.asked.length;
  isSilent = true;
  const state = await run("text: input\ntitles: true\nbudget_usd: 0.1");
  expect(state).toMatchObject({
    result: { clusters: [{ label: "words <0>" }, { label: "words <1>" }] },
    notes: [expect.stringContaining("0 of 2"), "2 show their words, refused: the model refused to answer."]
  });
  expect(endpoint.asked).toHaveLength(before + 2);
  expect(await run("text: input\ntitles: true\nbudget_usd: 0.001")).toMatchObject({
    notes: [expect.any(String), expect.stringMatching(/^2 show their words, over budget: .*US\$ 0.0001/)]
  });
  expect(endpoint.asked).toHaveLength(before + 2);
});

test("titles need a budget, and none are asked for unasked", async () => {
  const before = endpoint.asked.length;
  expect(await run("text: input\ntitles: true")).toMatchObject({
    state: "failed",
    fault: { code: "invalid", message: "titles of clusters need a budget" }
  });
  expect(await run("text: input\ntitles: 3")).toMatchObject({ state: "failed", fault: { code: "invalid" } });
  expect(await run("text: input")).toMatchObject({ result: { clusters: [{ label: "words <0>" }, {}] }, notes: [] });
  expect(endpoint.asked).toHaveLength(before);
});
