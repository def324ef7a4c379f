import { JSONParser } from "@streamparser/json";
import { isFields } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { isOtlpDocument, parseResourceSpans } from "./otlp.ts";
import { isTauBenchRun, parseTauBenchRun } from "./tau-bench.ts";
import { isTau2Simulation, parseTau2Head, parseTau2Simulation, type Tau2Head } from "./tau2.ts";

/** Formats that an import understands. */
export const importFormats = ["tau-bench", "tau2", "otlp"] as const;

export type ImportFormat = (typeof importFormats)[number];

/** Lists whose elements are records of their own; nothing else of a document is kept in memory. */
const recordPaths = ["$.info", "$.simulations.*", "$.resourceSpans.*"];

/**
 * Reads one file's text piece by piece and gives what each record in it means. A list at the top holds
 * runs; an object holds its records in a list that its format names; objects may follow one another
 * (JSON lines). A damaged tail costs the record it lies in and what follows, no more.
 */
export class DocumentReader {
  readonly #context: ImportContext;
  readonly #agent: string;
  readonly #wanted: ImportFormat | null;
  #parser: JSONParser | null = null;
  #ready: Imported[] = [];
  #head: Tau2Head | null = null;
  #waiting: unknown[] = [];
  #fault: string | null = null;
  #records = 0;
  #characters = 0;
  format: ImportFormat | null = null;

  /**
   * @param agent   name for agents whose format gives none
   * @param format  null to tell by content
   */
  constructor(context: ImportContext, agent: string, format: ImportFormat | null) {
    this.#context = context;
    this.#agent = agent;
    this.#wanted = format;
  }

  /** Takes the next piece and gives the records that are complete now. */
  push(text: string): readonly Imported[] {
    if (this.#fault !== null) return [];
    if (this.#parser === null) {
      const start = text.replace(/^\uFEFF/, "").trimStart();
      if (start === "") return [];
      this.#parser = this.#open(start.startsWith("["));
    }
    this.#parser.write(this.#characters === 0 ? text.replace(/^\uFEFF/, "") : text);
    this.#characters += text.length;
    return this.#take();
  }

  /** Gives what was held back, and the reason why the rest could not be read, if any. */
  end(): readonly Imported[] {
    const parser = this.#parser;
    if (parser && this.#fault === null && !parser.isEnded) parser.end();
    for (const simulation of this.#waiting.splice(0)) this.#simulation(simulation, parseTau2Head(null, this.#agent));
    if (this.#fault !== null) {
      this.#ready.push({
        spans: [],
        scores: [],
        rejected: [
          `the text breaks off or is no JSON after ${this.#records} records, near character ${this.#characters}: ${this.#fault}`
        ]
      });
    }
    return this.#take();
  }

  #open(isList: boolean): JSONParser {
    const parser = new JSONParser({ paths: isList ? ["$.*"] : recordPaths, keepStack: false, separator: "" });
    parser.onError = (error) => {
      this.#fault ??= error.message;
    };
    parser.onValue = ({ value, key, stack }) => {
      if (isList) this.#listRecord(value);
      else this.#objectRecord(value, key, String(stack[1]?.key ?? ""));
    };
    return parser;
  }

  #take(): readonly Imported[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #accept(format: ImportFormat): boolean {
    if (this.#wanted !== null && this.#wanted !== format) return false;
    this.format = format;
    this.#records += 1;
    return true;
  }

  #listRecord(value: unknown): void {
    if (isTauBenchRun(value)) {
      if (this.#accept("tau-bench")) this.#guard(() => parseTauBenchRun(value, this.#agent, this.#context));
    } else if (isTau2Simulation(value)) {
      this.#simulation(value, parseTau2Head(null, this.#agent));
    } else if (isOtlpDocument(value)) {
      for (const item of value.resourceSpans as readonly unknown[]) {
        if (this.#accept("otlp")) this.#guard(() => parseResourceSpans(item, this.#context));
      }
    } else if (isFields(value)) {
      this.#ready.push({
        spans: [],
        scores: [],
        rejected: [`a record with the fields ${Object.keys(value).slice(0, 6).join(", ")} is of no known format`]
      });
    }
  }

  #objectRecord(value: unknown, key: unknown, list: string): void {
    if (key === "info" && list === "") {
      this.#head = parseTau2Head(value, this.#agent);
      for (const simulation of this.#waiting.splice(0)) this.#simulation(simulation, this.#head);
    } else if (list === "resourceSpans") {
      if (this.#accept("otlp")) this.#guard(() => parseResourceSpans(value, this.#context));
    } else if (isTau2Simulation(value)) {
      // The head may stand behind the simulations; until it is there they wait.
      if (this.#head) this.#simulation(value, this.#head);
      else this.#waiting.push(value);
    } else if (list === "simulations") {
      this.#ready.push({ spans: [], scores: [], rejected: ["a simulation holds no list of messages"] });
    }
  }

  #simulation(value: unknown, head: Tau2Head): void {
    if (isTau2Simulation(value) && this.#accept("tau2"))
      this.#guard(() => parseTau2Simulation(value, head, this.#context));
  }

  /** One bad record is one reason, and the next is read all the same. */
  #guard(parse: () => Imported): void {
    try {
      this.#ready.push(parse());
    } catch (error) {
      this.#ready.push({
        spans: [],
        scores: [],
        rejected: [`record ${this.#records}: ${error instanceof Error ? error.message : String(error)}`]
      });
    }
  }
}
