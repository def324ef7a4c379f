import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import { countedSpans, sumKnown } from "#lib/model/counted-spans.ts";
import type { Span } from "#lib/model/span.ts";
import { sharedData } from "../shared-data.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };

function read(path: string) {
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(readFileSync(path, "utf8")), ...reader.end()];
  return {
    format: reader.format,
    spans: all.flatMap(({ spans }) => spans),
    rejected: all.flatMap(({ rejected }) => rejected)
  };
}

/** Tokens of traces, each call once. */
function tokens(spans: readonly Span[]) {
  const counted = countedSpans(spans, ({ spanId, parentSpanId, inputTokens, outputTokens, costUsd }) => ({
    id: spanId,
    parentId: parentSpanId,
    inputTokens,
    outputTokens,
    costUsd
  }));
  return {
    input: sumKnown(counted.map(({ inputTokens }) => inputTokens)),
    output: sumKnown(counted.map(({ outputTokens }) => outputTokens))
  };
}

const kagent = sharedData("otlp-kagent");
test.skipIf(!kagent).each([
  ["helm.json", "jaeger", 96, { input: 1820 + 1956, output: 13 + 117 }],
  ["tempo_export_with_batches.json", "otlp", 86, { input: 2256 + 2392, output: 13 + 116 }]
] as const)("%s gives its spans, and the tokens of wrapper and provider once", (name, format, count, expected) => {
  const found = read(`${kagent}/${name}`);
  expect(found.rejected).toEqual([]);
  expect(found.format).toBe(format);
  expect(found.spans).toHaveLength(count);
  expect(tokens(found.spans)).toEqual(expected);
});

test.skipIf(!kagent)("a Jaeger export holds the answer and the tool's use that its evaluation set expects", () => {
  const { spans } = read(`${kagent}/helm.json`);
  const set = readFileSync(`${kagent}/eval_set_helm.json`, "utf8");
  const tool = spans.find(({ kind }) => kind === "tool");
  expect(tool).toMatchObject({ toolName: "helm_list_releases", agent: "helm_agent", toolArgs: {} });
  expect(set).toContain(`"name": "${tool!.toolName}"`);
  const answers = spans.filter(
    ({ kind, outputText }) => kind === "llm" && outputText?.startsWith("There are two Helm")
  );
  expect(answers.length).toBeGreaterThan(0);
});

const adk = sharedData("otlp-adk");
test.skipIf(!adk).each(["S1", "S2"])("the turns that the truth of ADK %s names are found", (scenario) => {
  const { spans } = read(`${adk}/adk_py_v1_default_${scenario}.json`);
  const truth = JSON.parse(readFileSync(`${adk}/adk_py_v1_default_${scenario}.truth.json`, "utf8"));
  const [turn] = truth.turns;
  const byStart = [...spans].sort((a, b) => Number(a.startNs - b.startNs));
  const models = byStart.filter(({ kind, input }) => kind === "llm" && input !== null);
  const tools = byStart.filter(({ kind }) => kind === "tool");
  const said = models.map(({ outputText }) => outputText).filter((text) => !text?.startsWith("["));
  const isError = (status: string) => status === "error";
  const checks: readonly (readonly [what: string, got: unknown, wanted: unknown])[] = [
    ["turns", truth.turns.length, 1],
    ["user text", models[0]!.inputText, turn.user_text],
    ["intermediate texts", said.slice(0, -1), turn.intermediate_texts],
    ["final text", said.at(-1), turn.final_text],
    ["agents", [...new Set(models.map(({ agent }) => agent))], turn.agents],
    ["number of tool calls", tools.length, turn.tool_calls.length],
    ...turn.tool_calls.flatMap((call: Record<string, unknown>, index: number) => {
      const tool = tools[index];
      return [
        [`call ${index + 1}: name`, tool?.toolName, call.name],
        [`call ${index + 1}: arguments`, tool?.toolArgs, call.args],
        [`call ${index + 1}: result`, tool?.toolResult, call.result],
        [`call ${index + 1}: error`, tool && isError(tool.status), call.is_error]
      ];
    }),
    ["tokens of the turn", tokens(spans), turn.tokens],
    ["tokens of all", tokens(spans), truth.tokens]
  ];
  const misses = checks.filter(([, got, wanted]) => JSON.stringify(got) !== JSON.stringify(wanted));
  console.log(`${scenario}: ${checks.length - misses.length} of ${checks.length} facts of the truth match`);
  expect(misses).toEqual([]);
});

const langfuse = sharedData("langfuse-framework-traces");
test.skipIf(!langfuse)("every Langfuse export gives all its observations, none rejected", () => {
  const names = readdirSync(langfuse!).filter((name) => name.endsWith(".trace.json"));
  const all = names.map((name) => read(`${langfuse}/${name}`));
  expect(names).toHaveLength(12);
  expect(all.map(({ format }) => format)).toEqual(names.map(() => "langfuse"));
  expect(all.flatMap(({ rejected }) => rejected)).toEqual([]);
  expect(all.flatMap(({ spans }) => spans)).toHaveLength(71);
});
