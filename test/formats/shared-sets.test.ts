import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import { sharedData } from "../shared-data.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };

/** What an import makes of one file, and what of it the sets' README counts. */
function count(path: string) {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const reader = new DocumentReader(context, "agent", null);
  const all = [...reader.push(text), ...reader.end()];
  const spans = all.flatMap((found) => found.spans);
  const scores = all.flatMap((found) => found.scores);
  const annotations = all.flatMap((found) => found.annotations ?? []);
  const judgements = all.flatMap((found) => found.judgements ?? []);
  const steps = spans.flatMap(({ attributes }) => attributes["tau.steps"] ?? []);
  const requestors = spans.map(({ attributes }) => attributes["tracebook.tool.requestor"]);
  return {
    format: reader.format,
    traces: new Set(spans.map(({ traceId }) => traceId)).size,
    spans: spans.length,
    toolCalls: spans.filter(({ kind }) => kind === "tool").length,
    toolCallsByUser: requestors.filter((requestor) => requestor === "user").length,
    passed: scores.filter(({ score }) => score.kind === "scored" && score.value === 1).length,
    failed: scores.filter(({ score }) => score.kind === "scored" && score.value < 1).length,
    messages: steps.length,
    annotatedSteps: annotations.filter(({ spanId }) => spans.some((span) => span.spanId === spanId)).length,
    judgements: judgements.length,
    judgedRuns: new Set(judgements.map(({ run }) => run)).size,
    rejected: all.flatMap((found) => found.rejected).length
  };
}

type Counts = Partial<ReturnType<typeof count>>;

/** The counts that the README of the sets states, by set and file. A folder stands for the sum of its files. */
const stated: Readonly<Record<string, Readonly<Record<string, Counts>>>> = {
  "tau2-gpt41": {
    "gpt-4.1_telecom_default_gpt-4.1_1trials.json.gz": tau2(40, 689, 482, 18),
    "gpt-4.1_telecom_no-user_gpt-4.1_1trials.json.gz": tau2(40, 626, 0, 20),
    "gpt-4.1_retail_defautl_gpt-4.1_1trials.json.gz": tau2(40, 299, 0, 34),
    "gpt-4.1_airline_default_gpt-4.1_1trials.json.gz": tau2(20, 148, 0, 10)
  },
  "tau-bench-airline": {
    "gpt-4o-airline.json.gz": { format: "tau-bench", traces: 200, toolCalls: 1164, passed: 84, failed: 116 }
  },
  "agentrx-tau-retail": {
    "tau_dataset_full.json.gz": {
      ...{ format: "agentrx", traces: 100, toolCalls: 793, passed: 73, failed: 27, messages: 3036 }
    },
    "tau_dataset_failed.json.gz": { format: "agentrx", traces: 29, failed: 29 },
    "tau_ground_truth.json": { format: "agentrx", judgements: 39, judgedRuns: 29 }
  },
  // A root for each of the 81 runs stands above its steps.
  "who-and-when-algorithm-generated": {
    "": { format: "who-and-when", traces: 81, spans: 81 + 706, failed: 81, annotatedSteps: 81 }
  },
  "langfuse-framework-traces": { "": { format: "langfuse", traces: 12, spans: 71 } },
  "otlp-kagent": {
    "tempo_export_with_batches.json": { format: "otlp", traces: 1, spans: 86 },
    "helm.json": { format: "jaeger", traces: 1, spans: 96 },
    "helm_2.json": { format: "jaeger", traces: 1, spans: 72 }
  },
  "otlp-adk": {
    "adk_py_v1_default_S1.json": { format: "otlp", traces: 1, spans: 4 },
    "adk_py_v1_default_S2.json": { format: "otlp", traces: 1, spans: 10, toolCalls: 2 },
    "opentelemetry-proto_trace.json": { format: "otlp", traces: 1, spans: 1 }
  },
  // Texts with intents: no traces, and told so once per file.
  clinc150: {
    "data_full.json.gz": { format: null, traces: 0, rejected: 1 },
    "domains.json": { format: null, traces: 0, rejected: 1 }
  }
};

function tau2(traces: number, toolCalls: number, toolCallsByUser: number, passed: number): Counts {
  return { format: "tau2", traces, toolCalls, toolCallsByUser, passed, failed: traces - passed };
}

test.for(Object.entries(stated).map(([set, files]) => ({ set, files, folder: sharedData(set) })))(
  "$set comes in with the counts that its README states",
  ({ set, files, folder }, { skip }) => {
    if (!folder) return skip();
    for (const [file, wanted] of Object.entries(files)) {
      const names = file === "" ? readdirSync(folder).filter((name) => /^(?!.*chatml).*\.json$/.test(name)) : [file];
      const found = names.map((name) => count(`${folder}/${name}`));
      for (const [what, value] of Object.entries({ rejected: 0, ...wanted })) {
        const values = found.map((counts) => counts[what as keyof Counts]);
        const got = typeof value === "number" ? (values as number[]).reduce((sum, each) => sum + each, 0) : values[0];
        expect([file || set, what, got]).toEqual([file || set, what, value]);
      }
    }
  }
);
