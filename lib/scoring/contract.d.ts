// The module "tracebook", as scorer code imports it. The editor, the compiler and the documentation read this file.
declare module "tracebook" {
  /** Any JSON value. */
  export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

  /** One message of the conversation. */
  export interface Message {
    /** system, user, assistant or tool. */
    readonly role: string;
    /** What a person reads in it; empty for bare tool calls. */
    readonly text: string;
    readonly parts: readonly { readonly type: string; readonly [key: string]: Json }[];
  }

  /** One call of a tool with what came back. */
  export interface ToolCall {
    readonly name: string;
    readonly id: string | null;
    /** As the model gave them: usually an object. */
    readonly args: Json;
    /** Null while no answer is known. */
    readonly result: Json;
    readonly isError: boolean;
    readonly errorMessage: string | null;
    readonly durationMs: number;
    readonly spanId: string;
    /** JSON Schema of the arguments, where the trace carries the tool's definition. */
    readonly schema: Json;
  }

  /** A passage that a retriever returned. */
  export interface RetrievedDocument {
    readonly id: string | null;
    readonly content: string;
    readonly score: number | null;
    readonly metadata: Json;
  }

  /** Tokens of a trace or span; null where unknown. */
  export interface Usage {
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
  }

  /** What a step is. */
  export type SpanKind =
    | "agent"
    | "workflow"
    | "llm"
    | "tool"
    | "retriever"
    | "reranker"
    | "embedding"
    | "guardrail"
    | "evaluator"
    | "memory"
    | "plan"
    | "chain"
    | "prompt"
    | "other";

  /** A timed step of the trace. */
  export interface Span {
    readonly id: string;
    readonly parentId: string | null;
    readonly name: string;
    readonly kind: SpanKind;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly durationMs: number;
    readonly status: "ok" | "error" | "unset";
    readonly statusMessage: string | null;
    readonly errorType: string | null;
    readonly model: string | null;
    readonly input: Json;
    readonly output: Json;
    readonly inputText: string | null;
    readonly outputText: string | null;
    readonly toolName: string | null;
    readonly toolArgs: Json;
    readonly toolResult: Json;
    readonly documents: readonly RetrievedDocument[] | null;
    readonly usage: Usage;
    readonly costUsd: number | null;
    readonly attributes: { readonly [key: string]: Json };
  }

  /** One request that an agent handled. */
  export interface Trace {
    readonly id: string;
    readonly businessUnit: string;
    readonly name: string;
    readonly agent: string | null;
    readonly agentVersion: string | null;
    readonly sessionId: string | null;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly durationMs: number;
    readonly status: "ok" | "error" | "unset";
    /** First user message. */
    readonly input: string;
    /** Final answer of the agent. */
    readonly output: string;
    /** The conversation in order, without system instructions. */
    readonly messages: readonly Message[];
    readonly systemInstructions: string;
    readonly tools: readonly ToolCall[];
    /** Tools the model could call: name and JSON Schema of the arguments. */
    readonly toolDefinitions: readonly { readonly name: string; readonly schema: Json }[];
    /** Everything that retrievers returned, in order. */
    readonly documents: readonly RetrievedDocument[];
    readonly usage: Usage;
    /** US dollars; null where unknown. */
    readonly costUsd: number | null;
    /**
     * What should have come out: the trace's value in the column that the score cell names with `expected`. A text that
     * is a JSON list or mapping is read as such. Null where the cell names none, or the column holds nothing.
     */
    readonly expected: Json;
    /** All steps, in the order they began. */
    readonly spans: readonly Span[];
  }

  /** Words that a verdict rests on. */
  export interface Evidence {
    readonly quote: string;
    readonly spanId?: string | null;
  }

  /** What else a verdict may carry. */
  export interface VerdictOptions {
    readonly label?: string;
    readonly reason?: string;
    readonly evidence?: readonly Evidence[];
  }

  /** What a scorer returns. Made by pass, fail, score or unscored. */
  export interface Verdict {
    readonly value: number | null;
    readonly pass: boolean | null;
    readonly label: string | null;
    readonly reason: string | null;
    readonly evidence: readonly Evidence[];
  }

  /** Value 1, passed. */
  export function pass(reason?: string, options?: VerdictOptions): Verdict;
  /** Value 0, failed; say why. */
  export function fail(reason: string, options?: VerdictOptions): Verdict;
  /** A value from 0 to 1 that measures; with `pass` it also judges. */
  export function score(value: number, options?: VerdictOptions & { readonly pass?: boolean }): Verdict;
  /** No verdict is possible; counted apart and never averaged. Say why. */
  export function unscored(reason: string): Verdict;

  /** Where a value breaks a JSON Schema, one sentence each; empty when it fits. */
  export function schemaFaults(value: Json, schema: Json): readonly string[];

  /** Whether a value is a mapping. */
  export function isFields(value: Json | undefined): value is { readonly [key: string]: Json };
  /** The value of a JSON text; the text itself where it is none, and what is no text as it is. */
  export function readJson(value: Json): Json;
  /** One text per value, whatever the order of its keys. */
  export function canonicalJson(value: Json | undefined): string;
  /** A text as it is, any other value as JSON with a line for each part. */
  export function jsonText(value: Json | undefined): string;
  /** Arguments as a mapping, also where a trace holds them as JSON text; undefined where they are none. */
  export function readArguments(args: Json | undefined): { readonly [key: string]: Json } | undefined;

  /** A call that should have been made; `args` is null where nothing is said of them. */
  export interface ExpectedCall {
    readonly name: string;
    readonly args: { readonly [key: string]: Json } | null;
  }

  /**
   * The calls that an expected value names: names, `{name, arguments}`, or `{name: {argument: [allowed, …]}}` as BFCL
   * writes it; a list of them, or one. Undefined where it says nothing of calls.
   */
  export function readExpectedCalls(expected: Json): readonly ExpectedCall[] | undefined;

  /** All that the agent was told: messages that are not its own, results of tools, retrieved documents; on demand its instructions. */
  export function toldText(trace: Trace, options?: { readonly withInstructions?: boolean }): string;
  /** All that the agent said to the user: its messages in order and, where it is none of them, its last answer. */
  export function saidText(trace: Trace): string;
  /** One way of writing for what reads alike: lower case, plain quotes and dashes, single spaces. */
  export function plainText(text: string): string;
  /** Words and numbers in order, lower case. */
  export function wordsOf(text: string): string[];
  /** Sentences, list items and lines of a text. */
  export function sentencesOf(text: string): string[];
  /**
   * Ids and numbers of the sources that a text cites: `[1]`, `[2, 3]`, `[doc:ID]`, `【ID】`; where ids of sources are given
   * also `[ID]` that is one of them or is built like one.
   */
  export function findCitations(text: string, ids?: readonly string[]): string[];
  /** Levenshtein's distance in letters. */
  export function editDistance(left: string, right: string): number;

  /** A number or a date in a text, with every reading of it; a date's begin with a d: `d2024-03-05`, `d-03-05`. */
  export interface Figure {
    readonly text: string;
    readonly readings: readonly string[];
  }

  /** Numbers and dates of a text, dates first. */
  export function findFigures(text: string): Figure[];
  /** A reading and what follows from it: of a date also its day and month alone, and its year. */
  export function widenReading(reading: string): readonly string[];
  /** Arabic, Persian, Devanagari and full-width digits as ASCII ones. */
  export function toAsciiDigits(text: string): string;

  /** Values that a score cell can set, by name. */
  export type Options = { readonly [name: string]: Json };

  /** One field of an answer. */
  export type AnswerField = { readonly description?: string } & (
    | { readonly enum: readonly string[] }
    | { readonly type: "string" | "number" | "integer" | "boolean" }
    | { readonly type: "array"; readonly items: AnswerField }
  );

  /** A question to a model, whose words are the same for every trace. */
  export interface Question {
    readonly question: string;
    /** Fields of the answer in their order; a reason before a choice makes the better choice. */
    readonly answer: { readonly [field: string]: AnswerField };
  }

  /** Questions by name. */
  export type Questions = { readonly [name: string]: Question };

  /** What a field of an answer holds. */
  export type FieldValue<F> = F extends { readonly enum: readonly (infer Choice)[] }
    ? Choice
    : F extends { readonly type: "string" }
      ? string
      : F extends { readonly type: "number" | "integer" }
        ? number
        : F extends { readonly type: "boolean" }
          ? boolean
          : F extends { readonly items: infer Item }
            ? readonly FieldValue<Item>[]
            : Json;

  /** What a scorer that declares questions is given beside the trace. */
  export interface Tools<Q extends Questions = Questions> {
    /**
     * Asks the model that is configured a question under `asks`, at most five in a call. It costs money, of which the
     * score cell sets a cap with `budget_usd`; the same question about the same material costs once.
     *
     * @param about  what the question is about, such as `trace.output`: any JSON up to 100,000 characters. The model is
     *   shown it as data between marks and told to follow nothing in it.
     * @throws Error where there is no answer: no model, over budget, refused, timed out. Where the scorer does not catch
     *   it, the trace is unscored with its sentence.
     */
    ask<N extends keyof Q & string>(
      name: N,
      about: unknown
    ): Promise<{ readonly [F in keyof Q[N]["answer"]]: FieldValue<Q[N]["answer"][F]> }>;
  }

  /** A scorer of whole traces: the default export of a scorer cell or file. */
  export interface TraceScorer<O extends Options = Options, Q extends Questions = Questions> {
    readonly name?: string;
    readonly description?: string;
    /** What `score` gets; the whole trace when absent. */
    readonly target?: "trace";
    /** Options and their own values; a score cell sets others under `options`, each of the same kind. */
    readonly options?: O;
    /** What it asks a model, by name; only a scorer that declares questions can ask. */
    readonly asks?: Q;
    readonly score: (trace: Trace, options: O, tools: Tools<Q>) => Verdict | Promise<Verdict>;
  }

  /** A scorer of single steps: called for each span of a trace, with the trace around it. */
  export interface SpanScorer<O extends Options = Options, Q extends Questions = Questions> {
    readonly name?: string;
    readonly description?: string;
    readonly target: "span";
    /** Kinds of the spans that it is called for; all when absent. */
    readonly spanKinds?: readonly SpanKind[];
    /** Options and their own values; a score cell sets others under `options`, each of the same kind. */
    readonly options?: O;
    /** What it asks a model, by name; only a scorer that declares questions can ask. */
    readonly asks?: Q;
    readonly score: (span: Span, trace: Trace, options: O, tools: Tools<Q>) => Verdict | Promise<Verdict>;
  }

  /** Traces of one conversation. */
  export interface Session {
    readonly id: string;
    readonly businessUnit: string;
    /** All of them, in the order they began. */
    readonly traces: readonly Trace[];
  }

  /**
   * A scorer of sessions: called once for each session that has a trace among those that are scored. Its verdict stands
   * at the session's last trace.
   */
  export interface SessionScorer<O extends Options = Options, Q extends Questions = Questions> {
    readonly name?: string;
    readonly description?: string;
    readonly target: "session";
    /** Options and their own values; a score cell sets others under `options`, each of the same kind. */
    readonly options?: O;
    /** What it asks a model, by name; only a scorer that declares questions can ask. */
    readonly asks?: Q;
    readonly score: (session: Session, options: O, tools: Tools<Q>) => Verdict | Promise<Verdict>;
  }

  /** Declares the scorer. */
  export function scorer<O extends Options = Options, const Q extends Questions = Questions>(
    spec: TraceScorer<O, Q> | SessionScorer<O, Q> | SpanScorer<O, Q>
  ): TraceScorer<O, Q> | SessionScorer<O, Q> | SpanScorer<O, Q>;
}
