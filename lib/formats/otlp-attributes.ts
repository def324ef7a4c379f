import type { Json, Span, SpanKind } from "../model/span.ts";
import { AttributeSources, type Attributes, canHold, type SpanEvent } from "./attribute-sources.ts";
import { genAiFallbacks, genAiKinds, genAiRules } from "./dialects/gen-ai.ts";
import { googleAdkRules } from "./dialects/google-adk.ts";
import { langfuseFallbacks, langfuseKinds, langfuseRules } from "./dialects/langfuse.ts";
import { openInferenceFallbacks, openInferenceKinds, openInferenceRules } from "./dialects/open-inference.ts";
import { pydanticAiRules } from "./dialects/pydantic-ai.ts";
import type { KindRule, Rule } from "./dialects/rule.ts";
import { traceloopFallbacks, traceloopKinds, traceloopRules } from "./dialects/traceloop.ts";
import { vercelFallbacks, vercelKinds, vercelRules } from "./dialects/vercel.ts";
import { readableText } from "./messages.ts";

/** Every rule, the most trusted first; of one column the first that finds a value fills it. */
export const attributeRules: readonly Rule[] = [
  ...langfuseRules,
  ...genAiRules,
  ...openInferenceRules,
  ...vercelRules,
  ...traceloopRules,
  ...googleAdkRules,
  ...pydanticAiRules,
  ...openInferenceFallbacks,
  ...traceloopFallbacks,
  ...genAiFallbacks,
  ...vercelFallbacks,
  ...langfuseFallbacks
];

/** Attributes that tell a span's kind, the most trusted first. */
export const kindRules: readonly KindRule[] = [
  langfuseKinds,
  openInferenceKinds,
  genAiKinds,
  ...traceloopKinds,
  vercelKinds
];

/** Attributes and names that give a kind away where none is told. */
const kindSigns: readonly (readonly [kind: SpanKind, attributes: readonly string[], name: RegExp])[] = [
  ["tool", ["gen_ai.tool.name", "gen_ai.tool.call.id", "ai.toolCall.name"], /^(execute_tool|running tool)\b(?!s)/],
  ["llm", ["gcp.vertex.agent.llm_request"], /^call_llm$/],
  ["agent", ["pydantic_ai.all_messages", "all_messages_events"], /^(invoke_agent|create_agent|agent_run|agent run)\b/]
];

/**
 * Reads the vocabularies in which agents describe their steps.
 *
 * @param startNs  start of the span, nanoseconds since 1970; null where it is not known
 * @returns the fields that are known, and all attributes that no field holds
 */
export function normaliseAttributes(
  attributes: Attributes,
  events: readonly SpanEvent[],
  name: string,
  startNs: bigint | null = null
): { readonly fields: Partial<Span> & Pick<Span, "kind">; readonly rest: Record<string, Json> } {
  const sources = new AttributeSources(attributes, events);
  const kind = readKind(sources, name);
  const fields: Record<string, unknown> = {};
  for (const [column, names, decode, keep] of rulesFor(sources.names)) {
    if (fields[column] !== undefined) continue;
    for (const source of names) {
      const found = sources.find(source);
      let isPart = keep === "keep";
      const told = { kind, startNs, keep: () => (isPart = true) };
      const value = found === undefined ? undefined : decode(found, told);
      if (value === undefined) continue;
      fields[column] = value;
      if (!isPart) sources.use(source);
      break;
    }
  }
  if (fields.costUsd !== undefined) fields.costSource = "reported";
  const toolSides = [
    ["toolArgs", "input"],
    ["toolResult", "output"]
  ] as const;
  if (kind === "tool") {
    for (const [part, side] of toolSides) {
      if (fields[part] === undefined && fields[side] !== undefined) fields[part] = fields[side];
      else if (fields[side] === undefined && fields[part] !== undefined) fields[side] = fields[part];
    }
  }
  for (const side of ["input", "output"] as const)
    if (fields[side] !== undefined) fields[`${side}Text`] = readableText(fields[side] as Json);
  return { fields: { ...fields, kind } as Partial<Span> & Pick<Span, "kind">, rest: sources.rest() };
}

/** Rules that can find anything, by the names of a span's attributes: most spans share theirs with many others. */
const knownRules = new Map<string, readonly Rule[]>();

/** Names come from outside: what is remembered of them is bounded, in sets of names and in characters of each. */
const knownRulesLimit = 1000;
const longestNames = 10_000;

function rulesFor(names: readonly string[] | null): readonly Rule[] {
  if (names === null) return attributeRules;
  const key = names.join("\n");
  const known = knownRules.get(key);
  if (known) return known;
  const rules = attributeRules.filter(([, sources]) => sources.some((source) => canHold(names, source)));
  if (key.length > longestNames) return rules;
  if (knownRules.size >= knownRulesLimit) knownRules.clear();
  knownRules.set(key, rules);
  return rules;
}

function readKind(sources: AttributeSources, name: string): SpanKind {
  for (const [attribute, kinds] of kindRules) {
    const found = sources.findIgnoringCase(attribute);
    const kind = found === undefined ? undefined : kinds[String(found.value).toLowerCase()];
    if (!kind) continue;
    sources.use(found!.name);
    return kind;
  }
  // An operation that is not known yet says at least that none of the signs below is meant.
  if (sources.find("gen_ai.operation.name") !== undefined) return "other";
  return (
    kindSigns.find(
      ([, names, pattern]) => names.some((sign) => sources.find(sign) !== undefined) || pattern.test(name)
    )?.[0] ?? "other"
  );
}
