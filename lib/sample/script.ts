import type { Json } from "../model/span.ts";

/** What was planted in a trace. Kept in the answer key, never in the trace. */
export type Pattern =
  | "hallucinated_citation"
  | "wrong_refund_policy"
  | "unsuitable_advice"
  | "new_complaint"
  | "slow_tool"
  | "schema_violation"
  | "repeated_calls"
  | "pii_leak"
  | "refusal";

/** A tool as the model is told of it. */
export interface ToolDefinition {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly parameters: { readonly [key: string]: Json };
}

/** A passage that an answer may rest on. */
export interface Passage {
  readonly id: string;
  readonly content: string;
}

/** What the agent does between a question and its answer. */
export type Step =
  | { readonly kind: "retrieve"; readonly query: string; readonly passages: readonly Passage[] }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly args: { readonly [key: string]: Json };
      readonly result: Json;
      readonly medianMs: number;
      readonly error?: string;
    };

/** One question and what became of it. */
export interface Turn {
  readonly user: string;
  readonly steps: readonly Step[];
  readonly answer: string;
}

/** A conversation before it has times, tokens and ids. */
export interface Script {
  readonly agent: string;
  readonly agentVersion: string;
  readonly name: string;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly turns: readonly Turn[];
  readonly patterns: readonly Pattern[];
}

/** Day of the sample's 30, from 1. */
export type SampleDay = number;

/** A tool definition from its properties, all required unless listed as optional. */
export function defineTool(
  name: string,
  description: string,
  properties: { readonly [key: string]: { readonly [key: string]: Json } },
  optional: readonly string[] = []
): ToolDefinition {
  return {
    type: "function",
    name,
    description,
    parameters: {
      type: "object",
      properties,
      required: Object.keys(properties).filter((key) => !optional.includes(key)),
      additionalProperties: false
    }
  };
}
