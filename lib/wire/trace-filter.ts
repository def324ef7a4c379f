import { Fault } from "../model/fault.ts";

/** What a scorer said of a trace, as a filter asks. */
export type Verdict = "pass" | "fail" | "unscored";

/** Which traces a list shows. Empty lists and nulls ask for nothing. */
export interface TraceFilter {
  readonly units: readonly string[];
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly statuses: readonly string[];
  readonly tools: readonly string[];
  readonly score: { readonly scorer: string; readonly verdict: Verdict } | null;
  readonly label: string | null;
  /** Contained in the first user message or the final answer, in any case. */
  readonly text: string;
  /** Began at or after, and before, in ms since 1970 UTC. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** `next` of the page before. */
  readonly before: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

/** All traces, the newest 100. */
export const allTraces: TraceFilter = {
  units: [],
  agents: [],
  models: [],
  statuses: [],
  tools: [],
  score: null,
  label: null,
  text: "",
  fromMs: null,
  toMs: null,
  before: null,
  limit: 100
};

/** The filter that a query string asks for. @throws Fault `invalid` naming the field */
export function parseTraceFilter(query: URLSearchParams): TraceFilter {
  const score = query.get("score");
  return {
    units: query.getAll("unit"),
    agents: query.getAll("agent"),
    models: query.getAll("model"),
    statuses: query.getAll("status"),
    tools: query.getAll("tool"),
    score: score === null || score === "" ? null : parseScore(score),
    label: query.get("label") || null,
    text: query.get("text") ?? "",
    fromMs: instant(query, "from"),
    toMs: instant(query, "to"),
    before: query.get("before"),
    limit: limit(query.get("limit"))
  };
}

/** The query string of a filter, without what asks for nothing; `parseTraceFilter` gives the filter back. */
export function formatTraceFilter(filter: TraceFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const value of filter.units) query.append("unit", value);
  for (const value of filter.agents) query.append("agent", value);
  for (const value of filter.models) query.append("model", value);
  for (const value of filter.statuses) query.append("status", value);
  for (const value of filter.tools) query.append("tool", value);
  if (filter.score) query.set("score", `${filter.score.verdict}:${filter.score.scorer}`);
  if (filter.label) query.set("label", filter.label);
  if (filter.text !== "") query.set("text", filter.text);
  if (filter.fromMs !== null) query.set("from", String(filter.fromMs));
  if (filter.toMs !== null) query.set("to", String(filter.toMs));
  if (filter.before !== null) query.set("before", filter.before);
  if (filter.limit !== allTraces.limit) query.set("limit", String(filter.limit));
  return query;
}

/** How many spans a conversation is read from: `?spoken`, 1..25,000; undefined when it is not said. @throws Fault `invalid` */
export function parseSpoken(query: URLSearchParams): number | undefined {
  const text = query.get("spoken");
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 25_000) return value;
  throw new Fault("invalid", `"spoken" is "${text}", not a whole number from 1 to 25,000`);
}

function parseScore(text: string): NonNullable<TraceFilter["score"]> {
  const at = text.indexOf(":");
  const verdict = text.slice(0, at);
  const scorer = text.slice(at + 1);
  if ((verdict !== "pass" && verdict !== "fail" && verdict !== "unscored") || scorer === "") {
    throw new Fault("invalid", `"score" is "${text}", not a verdict and a scorer`, {
      hint: "Write pass:name, fail:name or unscored:name."
    });
  }
  return { scorer, verdict };
}

function instant(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const value = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isSafeInteger(value)) throw new Fault("invalid", `"${name}" is "${text}", not a time`);
  return value;
}

function limit(text: string | null): number {
  if (text === null || text === "") return allTraces.limit;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 500) {
    throw new Fault("invalid", `"limit" is "${text}", not a whole number from 1 to 500`);
  }
  return value;
}
