import type { Json } from "../model/span.ts";
import { toAsciiDigits } from "./figures.ts";
import { readJson } from "./json-value.ts";
import type { TraceView } from "./trace-view.ts";

type Fields = { readonly [name: string]: Json };

/** A call of a tool that should have been made. */
export interface ExpectedCall {
  readonly name: string;
  /** Null where nothing is said of the arguments. */
  readonly args: Fields | null;
}

/** Whether a value is a mapping. */
export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All that the agent was told: messages that are not its own, results of tools, retrieved documents; and its instructions. */
export function toldText(trace: TraceView, { withInstructions = false } = {}): string {
  const parts: string[] = withInstructions ? [trace.systemInstructions ?? ""] : [];
  for (const { role, text, parts: given } of trace.messages) {
    if (role === "assistant" || role === "system") continue;
    parts.push(text ?? "");
    for (const part of given ?? [])
      if (part.type === "tool_call_response") parts.push(jsonText(part["response"] ?? part["result"]));
  }
  if (trace.messages.length === 0) parts.push(trace.input ?? "");
  for (const { result } of trace.tools) parts.push(jsonText(result));
  for (const { content, metadata } of trace.documents) parts.push(content ?? "", jsonText(metadata));
  return parts.join("\n");
}

/** All that the agent said to the user: its messages in order and, where it is none of them, its last answer. */
export function saidText(trace: TraceView): string {
  const said = trace.messages.flatMap(({ role, text }) => (role === "assistant" && text ? [text] : []));
  const output = typeof trace.output === "string" ? trace.output : "";
  return (said.includes(output) ? said : [...said, output]).join("\n\n").trim();
}

/** A text as it is, any other value as JSON with a line for each part. */
export function jsonText(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

/** One way of writing for what reads alike: compatibility forms, lower case, plain quotes and dashes, single spaces. */
export function plainText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\u2018\u2019\u201a\u201b\u2032`´]/g, "'")
    .replaceAll(/[\u201c-\u201f\u2033«»„]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(/[\u00ad\u200b-\u200d\ufeff]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Words and numbers in order, lower case; each sign of a script without spaces is a word. */
export function wordsOf(text: string): string[] {
  return (
    plainText(text).match(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['.,][\p{L}\p{N}]+)*/gu
    ) ?? []
  );
}

/** Sentences, list items and lines of a text. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?…]["')\]]?)\s+(?=[\p{Lu}\p{N}"'([«„“])|(?<=[。！？])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/**
 * Ids and numbers of the sources that a text cites, in order, without repeats. A Markdown link is no citation.
 *
 * @param ids  of sources: what stands alone in brackets and is one of them, or is built like one with other numbers
 *   (`[case-2009-12]` beside `case-1998-7`), is a citation as well
 */
export function findCitations(text: string, ids: readonly string[] = []): string[] {
  const plain = toAsciiDigits(text);
  const marks = new Set<string>();
  for (const [, list] of plain.matchAll(/\[\^?(\d{1,3}(?:\s*[,;、]\s*\d{1,3})*)\](?!\()/g))
    for (const number of list!.split(/[,;、]/)) marks.add(String(Number(number)));
  for (const [, id] of text.matchAll(/\[(?:doc(?:ument)?|source|id|ref)\s*[:#]\s*([^\]\n]{1,200})\](?!\()/gi))
    marks.add(id!.trim());
  for (const [, id] of plain.matchAll(/【([^】\n]{1,200})】/g)) marks.add(id!.split("†")[0]!.trim());
  if (ids.length === 0) return [...marks];
  const forms = new Set(ids.map(formOf));
  for (const [, list] of text.matchAll(/\[([^[\]\n]{1,200})\](?!\()/g))
    for (const id of list!.split(/\s*[,;]\s*/))
      if (!/^\d{0,3}$/.test(id.trim()) && forms.has(formOf(id))) marks.add(id.trim());
  return [...marks];
}

/** An id with each of its numbers as 0. */
function formOf(id: string): string {
  return id.trim().toLowerCase().replaceAll(/\d+/g, "0");
}

/**
 * Letters to insert, delete or replace until one text is the other.
 *
 * @see Levenshtein 1966
 */
export function editDistance(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** Arguments as a mapping, also where a trace holds them as JSON text; undefined where they are none. */
export function readArguments(args: Json | undefined): Fields | undefined {
  if (args === null || args === undefined || args === "") return {};
  const read = readJson(args);
  return isFields(read) ? read : undefined;
}

/**
 * The calls that should have been made: names, `{name, arguments}` (also `args` or `kwargs`, or within `function`), or
 * BFCL's `{name: {argument: […]}}`; a list of them, or one.
 *
 * @returns undefined where the value says nothing of calls
 */
export function readExpectedCalls(expected: Json): readonly ExpectedCall[] | undefined {
  const given =
    isFields(expected) && Array.isArray(expected["calls"] ?? expected["tool_calls"])
      ? (expected["calls"] ?? expected["tool_calls"])
      : expected;
  const list = Array.isArray(given) ? (given as readonly Json[]) : given === null || given === undefined ? [] : [given];
  if (!Array.isArray(given) && list.length === 0) return undefined;
  const calls: ExpectedCall[] = [];
  for (const item of list) {
    const call = readExpectedCall(item);
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return calls;
}

function readExpectedCall(item: Json): ExpectedCall | undefined {
  if (typeof item === "string") return item.trim() === "" ? undefined : { name: item.trim(), args: null };
  if (!isFields(item)) return undefined;
  const inner = isFields(item["function"]) ? item["function"] : item;
  const name = inner["name"];
  if (typeof name === "string") {
    const args = inner["arguments"] ?? inner["args"] ?? inner["kwargs"];
    return { name, args: args === undefined || args === null ? null : (readArguments(args) ?? null) };
  }
  const [entry, ...others] = Object.entries(item);
  if (entry === undefined || others.length > 0 || !isFields(entry[1])) return undefined;
  return { name: entry[0], args: entry[1] };
}
