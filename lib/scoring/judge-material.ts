import type { TracePart } from "../model/judge.ts";
import type { Json } from "../model/span.ts";
import { cutMiddle, estimateTokens } from "../model/text-tokens.ts";
import type { TraceView } from "./trace-view.ts";

/** What a judge is shown of a trace. */
export interface JudgeMaterial {
  /** By part; empty where the trace holds nothing of what the judge sees. */
  readonly parts: { readonly [part: string]: Json };
  /** True when texts or steps were left out, so that it fits. */
  readonly isCut: boolean;
}

/** A text of a trace and the step that it is of; null for the trace's own input and output. */
export interface SourceText {
  readonly spanId: string | null;
  readonly text: string;
}

/** Longest a text may be in the material, in tokens, tried in this order. */
const textTokens = [8000, 4000, 2000, 1000, 500, 200, 80];

/**
 * The parts of a trace that a judge sees, in about so many tokens at most: long texts lose their middle first, then
 * long lists theirs.
 */
export function readMaterial(view: TraceView, sees: readonly TracePart[], mostTokens: number): JudgeMaterial {
  const whole = Object.fromEntries(sees.flatMap((part) => partOf(view, part).map((value) => [part, value] as const)));
  if (fits(whole, mostTokens)) return { parts: whole, isCut: false };
  for (const tokens of textTokens) {
    const parts = mapTexts(whole, (text) => cutMiddle(text, Math.ceil(0.7 * tokens), Math.floor(0.3 * tokens)));
    if (fits(parts, mostTokens)) return { parts: parts as JudgeMaterial["parts"], isCut: true };
  }
  const short = mapTexts(whole, (text) => cutMiddle(text, 56, 24)) as JudgeMaterial["parts"];
  for (let kept = 64; kept > 1; kept /= 2) {
    const parts = Object.fromEntries(Object.entries(short).map(([part, value]) => [part, cutList(value, kept)]));
    if (fits(parts, mostTokens)) return { parts, isCut: true };
  }
  // What is neither long text nor long list, such as an object of many fields, ends where it has to.
  const texts = Object.entries(short).map(([part, value]): [string, Json] => [
    part,
    cutMiddle(JSON.stringify(value), Math.floor((0.3 * mostTokens) / sees.length), 0)
  ]);
  return { parts: Object.fromEntries(texts), isCut: true };
}

/** Every text of the parts that a judge sees, as it stands in the trace. */
export function listSources(view: TraceView, sees: readonly TracePart[]): readonly SourceText[] {
  return sees.flatMap((part) => sourcesOf(view, part));
}

function sourcesOf(view: TraceView, part: TracePart): readonly SourceText[] {
  switch (part) {
    case "input":
    case "output":
      return [{ spanId: null, text: view[part] }];
    case "conversation": {
      const said = view.messages.filter(({ text }) => text !== "");
      return said.length > 0 ? said : [view.input, view.output].map((text) => ({ spanId: null, text }));
    }
    case "tools":
      return view.tools.flatMap(({ name, args, result, errorMessage, spanId }) =>
        textsOf([name, args, result, errorMessage]).map((text) => ({ spanId, text }))
      );
    case "documents":
      return view.spans.flatMap(({ id, documents }) =>
        (documents ?? []).map(({ content }) => ({ spanId: id, text: content }))
      );
    case "failure":
      return failuresOf(view).flatMap(({ id, name, statusMessage, errorType }) =>
        textsOf([name, statusMessage, errorType]).map((text) => ({ spanId: id, text }))
      );
  }
}

/** No value, or one, so that a part of which the trace holds nothing is absent. */
function partOf(view: TraceView, part: TracePart): readonly Json[] {
  const listed = (items: readonly Json[]): readonly Json[] => (items.length > 0 ? [items] : []);
  switch (part) {
    case "input":
    case "output":
      return view[part] === "" ? [] : [view[part]];
    case "conversation": {
      const said = view.messages.filter(({ text }) => text !== "");
      const own = [
        { role: "user", text: view.input },
        { role: "assistant", text: view.output }
      ].filter(({ text }) => text !== "");
      return listed((said.length > 0 ? said : own).map(({ role, text }) => ({ role, text })));
    }
    case "tools":
      return listed(
        view.tools.map(({ name, args, result, isError, errorMessage }) => ({
          ...{ tool: name, arguments: args, result },
          ...(isError ? { error: errorMessage ?? "failed" } : {})
        }))
      );
    case "documents":
      return listed(view.documents.map(({ content }) => content));
    case "failure":
      return listed(
        failuresOf(view).map(({ name, statusMessage, errorType }) => ({
          step: name,
          error: statusMessage ?? errorType ?? "failed"
        }))
      );
  }
}

function failuresOf({ spans }: TraceView) {
  return spans.filter(({ status }) => status === "error");
}

function fits(value: Json, tokens: number): boolean {
  return estimateTokens(JSON.stringify(value)) <= tokens;
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)).flatMap(textsOf);
}

function cutList(value: Json, kept: number): Json {
  if (!Array.isArray(value) || value.length <= kept) return value;
  const items = value as readonly Json[];
  const head = Math.ceil(kept / 2);
  return [...items.slice(0, head), `… ${items.length - kept} left out …`, ...items.slice(items.length - kept + head)];
}
