import type { Fields } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { isOtlpResource, parseResourceSpans } from "./otlp.ts";
import { isTauBenchRun, parseTauBenchRun } from "./tau-bench.ts";
import { isTau2Simulation, parseTau2Head, parseTau2Simulation } from "./tau2.ts";

/** Formats that an import understands. */
export const importFormats = ["tau-bench", "tau2", "otlp"] as const;

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
    parse: (value, { context }) => parseResourceSpans(value, context)
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
    waitsFor: "info",
    gathers: false,
    matches: isTau2Simulation,
    parse: (value, { agent, context, heads }) =>
      parseTau2Simulation(value, parseTau2Head(heads.get("info"), agent), context)
  }
];
