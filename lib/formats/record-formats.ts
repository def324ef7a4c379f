import { isAgentRxTruth, parseAgentRxTruth } from "./agentrx.ts";
import { isBraintrustSpan, parseBraintrustSpan } from "./braintrust.ts";
import type { Fields } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { isInspectSample, parseInspectSample } from "./inspect.ts";
import { isJaegerSpan, isJaegerTrace, parseJaegerTrace } from "./jaeger.ts";
import {
  isLangfuseScore,
  isLangSmithFeedback,
  isPhoenixAnnotation,
  parseLangfuseScore,
  parseLangSmithFeedback,
  parsePhoenixAnnotation
} from "./judgement-tables.ts";
import { isLangfuseObservation, parseLangfuseObservation, readLangfuseTrace } from "./langfuse.ts";
import { isLangfuseTrace, isLangfuseTraceRow, parseLangfuseTrace, parseLangfuseTraceRow } from "./langfuse-trace.ts";
import { isLangSmithRun, parseLangSmithRun } from "./langsmith.ts";
import { isOtlpLogs, parseFileLogs } from "./log-messages.ts";
import { isOtlpResource } from "./otlp.ts";
import { isBareSpan, isSnakeCaseExport, isWrappedTrace, parseOtlpFile } from "./otlp-variants.ts";
import { isPhoenixSpan, parsePhoenixSpan } from "./phoenix.ts";
import { isAgentRxRun, isTauBenchRun, parseTauBenchRun } from "./tau-bench.ts";
import { isTau2Simulation, parseTau2Head, parseTau2Simulation } from "./tau2.ts";
import { isWhoAndWhenRun, parseWhoAndWhenRun } from "./who-and-when.ts";

/** Formats that an import understands. */
export const importFormats = [
  "otlp",
  "jaeger",
  "langfuse",
  "langsmith",
  "braintrust",
  "phoenix",
  "tau-bench",
  "tau2",
  "agentrx",
  "who-and-when",
  "inspect"
] as const;

export type ImportFormat = (typeof importFormats)[number];

/** What a record is read with. */
export interface RecordContext {
  /** Name for agents whose format gives none. */
  readonly agent: string;
  readonly context: ImportContext;
  /** Fields that stood beside the record's list, by name. */
  readonly heads: ReadonlyMap<string, unknown>;
}

/** How the records of one format are told and read. */
export interface RecordFormat {
  readonly name: ImportFormat;
  /** Lists of a document that hold such records. */
  readonly lists: readonly string[];
  /** Fields beside those lists that are needed to read them. */
  readonly heads: readonly string[];
  /** What of the heads is carried over, with dots for fields within fields; the rest is reported as lost. */
  readonly carried?: readonly string[];
  /** The head without which records of a document are not read until the document ends. */
  readonly waitsFor?: string;
  /** One trace may lie in many records. */
  readonly gathers: boolean;
  readonly matches: (value: Fields) => boolean;
  readonly parse: (value: Fields, given: RecordContext) => Imported;
}

/** Every format, the one that can be told most surely first. */
export const recordFormats: readonly RecordFormat[] = [
  {
    name: "otlp",
    lists: ["resourceSpans", "batches"],
    heads: [],
    gathers: true,
    matches: isOtlpResource,
    parse: (value, { context }) => parseOtlpFile(value, context)
  },
  {
    name: "otlp",
    lists: ["spans"],
    heads: [],
    gathers: true,
    matches: (value) => isWrappedTrace(value) || isBareSpan(value) || isSnakeCaseExport(value),
    parse: (value, { context }) => parseOtlpFile(value, context)
  },
  {
    name: "otlp",
    lists: ["resourceLogs"],
    heads: [],
    gathers: true,
    matches: isOtlpLogs,
    parse: (value, { context }) => parseFileLogs(value, context)
  },
  {
    name: "jaeger",
    lists: ["data"],
    heads: [],
    gathers: true,
    matches: isJaegerTrace,
    parse: (value, { context }) => parseJaegerTrace(value, context)
  },
  {
    name: "jaeger",
    lists: [],
    heads: [],
    gathers: true,
    matches: isJaegerSpan,
    parse: (value, { context }) => parseJaegerTrace({ spans: [value] }, context)
  },
  {
    name: "langsmith",
    lists: ["runs"],
    heads: [],
    gathers: true,
    matches: isLangSmithRun,
    parse: (value, { context }) => parseLangSmithRun(value, context)
  },
  {
    name: "braintrust",
    lists: ["events", "rows"],
    heads: [],
    gathers: true,
    matches: isBraintrustSpan,
    parse: (value, { context }) => parseBraintrustSpan(value, context)
  },
  {
    name: "phoenix",
    lists: ["data", "spans"],
    heads: [],
    gathers: true,
    matches: isPhoenixSpan,
    parse: (value, { context }) => parsePhoenixSpan(value, context)
  },
  {
    name: "langfuse",
    lists: ["observations", "data"],
    heads: ["trace", "sessionId", "userId"],
    carried: ["trace.sessionId", "trace.userId", "trace.environment", "trace.id", "sessionId", "userId"],
    gathers: true,
    matches: isLangfuseObservation,
    parse: (value, { context, heads }) => parseLangfuseObservation(value, readLangfuseTrace(heads), context)
  },
  {
    name: "langfuse",
    lists: ["data"],
    heads: [],
    gathers: true,
    matches: isLangfuseTrace,
    parse: (value, { context }) => parseLangfuseTrace(value, context)
  },
  {
    name: "langfuse",
    lists: ["data"],
    heads: [],
    gathers: true,
    matches: isLangfuseTraceRow,
    parse: (value, { context }) => parseLangfuseTraceRow(value, context)
  },
  {
    name: "langfuse",
    lists: ["scores", "data"],
    heads: [],
    gathers: false,
    matches: isLangfuseScore,
    parse: (value, { context }) => parseLangfuseScore(value, context)
  },
  {
    name: "langsmith",
    lists: ["feedback"],
    heads: [],
    gathers: false,
    matches: isLangSmithFeedback,
    parse: (value, { context }) => parseLangSmithFeedback(value, context)
  },
  {
    name: "phoenix",
    lists: ["annotations", "data"],
    heads: [],
    gathers: false,
    matches: isPhoenixAnnotation,
    parse: (value, { context }) => parsePhoenixAnnotation(value, context)
  },
  {
    name: "tau-bench",
    lists: [],
    heads: [],
    gathers: false,
    matches: isTauBenchRun,
    parse: (value, { agent, context }) => parseTauBenchRun(value, agent, context)
  },
  {
    name: "tau2",
    lists: ["simulations"],
    heads: ["info"],
    carried: ["domain_name", "policy", "tool_defs"]
      .map((name) => `info.environment_info.${name}`)
      .concat("info.agent_info.llm"),
    waitsFor: "info",
    gathers: false,
    matches: isTau2Simulation,
    parse: (value, { agent, context, heads }) =>
      parseTau2Simulation(value, parseTau2Head(heads.get("info"), agent), context)
  },
  {
    name: "agentrx",
    lists: [],
    heads: [],
    gathers: false,
    matches: isAgentRxRun,
    parse: (value, { agent, context }) => parseTauBenchRun(value, agent, context)
  },
  {
    name: "agentrx",
    lists: [],
    heads: [],
    gathers: false,
    matches: isAgentRxTruth,
    parse: (value, { context }) => parseAgentRxTruth(value, context)
  },
  {
    name: "who-and-when",
    lists: [],
    heads: [],
    gathers: false,
    matches: isWhoAndWhenRun,
    parse: (value, { agent, context }) => parseWhoAndWhenRun(value, agent, context)
  },
  {
    name: "inspect",
    lists: ["samples"],
    heads: ["eval"],
    carried: ["task", "task_id", "task_version", "model", "run_id", "solver", "created"].map((name) => `eval.${name}`),
    waitsFor: "eval",
    gathers: false,
    matches: isInspectSample,
    parse: (value, { agent, context, heads }) => parseInspectSample(value, heads.get("eval"), agent, context)
  }
];
