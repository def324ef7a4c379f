import { type SpanKind, type SpanStatus, spanKinds } from "../model/span.ts";
import { parseInstantNs } from "./fields.ts";

/** Units in which a number can count time since 1970 UTC. */
export type EpochUnit = "s" | "ms" | "us" | "ns";

const unitNs: Readonly<Record<EpochUnit, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };

/** The unit of a number of time, told by its range: each unit reaches from 1973 on to where the next begins. */
export function tellEpochUnit(value: number): EpochUnit {
  const size = Math.abs(value);
  return size < 1e11 ? "s" : size < 1e14 ? "ms" : size < 1e17 ? "us" : "ns";
}

/** First and last instant that the lake can hold, in nanoseconds. */
const firstNs = -8_520_336_000_000_000_000n;
const lastNs = 9_214_646_400_000_000_000n;

/**
 * Nanoseconds since 1970 UTC of a cell: a text in ISO form (without a zone it is UTC; a day alone is its
 * beginning), or a number in s, ms, us or ns. Null where it is neither, or lies outside the years 1700 to 2261.
 */
export function readInstant(value: unknown): bigint | null {
  const found = typeof value === "string" ? readInstantText(value.trim()) : readEpoch(value);
  return found !== null && found >= firstNs && found < lastNs ? found : null;
}

function readInstantText(text: string): bigint | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return /^-?\d{17,19}$/.test(text) ? BigInt(text) : readEpoch(Number(text));
  const [, day, minute, second = ":00", fraction = "", zone = ""] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?([.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i.exec(text) ??
    [];
  if (day === undefined) return null;
  const plainZone = /^(z|utc|gmt)?$/i.test(zone) ? "Z" : zone.length === 3 ? `${zone}:00` : zone;
  const plain = `${day}T${minute ?? "00:00"}${second}${fraction.replace(",", ".").slice(0, 10)}${plainZone}`;
  return parseInstantNs(plain);
}

function readEpoch(value: unknown): bigint | null {
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 9.3e18) return null;
  const scale = unitNs[tellEpochUnit(value)];
  if (Number.isInteger(value)) return BigInt(value) * BigInt(scale);
  // To the microsecond: more digits a number of that size does not hold.
  return BigInt(Math.round((value * scale) / 1e3)) * 1000n;
}

/** The number in a cell, also written as text, also with a dollar sign. Null where there is none. */
export function readNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const plain = value.trim().replace(/^\$\s*/, "");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const found = Number(plain);
  return Number.isFinite(found) ? found : null;
}

const yes = new Set([
  "true",
  "yes",
  "y",
  "pass",
  "passed",
  "correct",
  "good",
  "positive",
  "up",
  "thumbs_up",
  "like",
  "👍"
]);
const no = new Set([
  "false",
  "no",
  "n",
  "fail",
  "failed",
  "incorrect",
  "bad",
  "negative",
  "down",
  "thumbs_down",
  "dislike",
  "👎"
]);

/** The verdict in a cell: a number, or yes and no in one of their forms. Null where it is neither. */
export function readVerdict(value: unknown): number | boolean | null {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  return yes.has(word) ? true : no.has(word) ? false : readNumber(value);
}

/** Words of other tools for kinds of steps. */
const kindWords: Readonly<Record<string, SpanKind>> = {
  generation: "llm",
  completion: "llm",
  chat: "llm",
  chat_model: "llm",
  model: "llm",
  tool_call: "tool",
  function: "tool",
  function_call: "tool",
  execute_tool: "tool",
  retrieval: "retriever",
  rerank: "reranker",
  embeddings: "embedding",
  invoke_agent: "agent",
  create_agent: "agent",
  task: "chain",
  span: "chain",
  eval: "evaluator",
  evaluation: "evaluator"
};

/** The kind that a word means, in whatever case. Null for an unknown word. */
export function readKind(value: unknown): SpanKind | null {
  if (typeof value !== "string") return null;
  const word = value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  if (Object.hasOwn(kindWords, word)) return kindWords[word]!;
  return spanKinds.find((kind) => kind === word) ?? null;
}

const statusWords: Readonly<Record<SpanStatus, readonly string[]>> = {
  ok: [
    "ok",
    "success",
    "succeeded",
    "successful",
    "completed",
    "complete",
    "done",
    "passed",
    "resolved",
    "true",
    "200"
  ],
  error: ["error", "errored", "failed", "failure", "fail", "exception", "timeout", "crashed", "false", "500"],
  unset: ["unset", "unknown", "none", "null"]
};

/** The status that a word means: flags and HTTP's 200 and 500 too. Null for an unknown word. */
export function readStatus(value: unknown): SpanStatus | null {
  if (!["string", "number", "boolean"].includes(typeof value)) return null;
  const word = String(value).trim().toLowerCase();
  const found = Object.entries(statusWords).find(([, words]) => words.includes(word));
  return found ? (found[0] as SpanStatus) : null;
}
