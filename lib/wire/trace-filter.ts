import { Fault } from "../model/fault.ts";
import { formatRange, type NumberRange, parseRange } from "./number-range.ts";
import { type FacetName, facetNames } from "./traces.ts";

/** What a scorer said of a trace, as a filter asks; a quarter of 0 to 100 where the scorer only measures. */
export const verdicts = ["fail", "pass", "unscored", "0-25", "25-50", "50-75", "75-100"] as const;
export type Verdict = (typeof verdicts)[number];

/** A status that stands for every trace which ended in error or holds a span that did. */
export const withErrors = "with-errors";

/** One verdict of one scorer. */
export interface ScoreChoice {
  readonly scorer: string;
  readonly verdict: Verdict;
}

/** Columns that a list can be sorted by. */
export const sortColumns = [
  "began",
  "unit",
  "status",
  "agent",
  "duration",
  "spans",
  "llmCalls",
  "toolCalls",
  "errors",
  "tokens",
  "cost"
] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Order of a list; what has no value comes last either way. */
export interface TraceSort {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** Which traces a list shows, in which order. Values of one field are alternatives; empty lists and nulls ask for nothing. */
export interface TraceFilter {
  readonly units: readonly string[];
  /** `""` stands for traces whose agent nobody said; so do environments. */
  readonly agents: readonly string[];
  readonly models: readonly string[];
  /** Traces that hold a span of such a kind. */
  readonly kinds: readonly string[];
  readonly statuses: readonly string[];
  readonly tools: readonly string[];
  readonly environments: readonly string[];
  readonly labels: readonly string[];
  /** Verdicts of one scorer are alternatives; every scorer that is named must agree. */
  readonly scores: readonly ScoreChoice[];
  /** US dollars. */
  readonly costs: readonly NumberRange[];
  /** Milliseconds. */
  readonly durations: readonly NumberRange[];
  /** What a person typed into the search. */
  readonly text: string;
  /** Began at or after, and before, in ms since 1970 UTC. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly sort: TraceSort;
  /** `next` of the page before. */
  readonly before: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

/** The order of a list until somebody chooses another. */
export const newestFirst: TraceSort = { column: "began", isDescending: true };

/** All traces, the newest 50. */
export const allTraces: TraceFilter = {
  units: [],
  agents: [],
  models: [],
  kinds: [],
  statuses: [],
  tools: [],
  environments: [],
  labels: [],
  scores: [],
  costs: [],
  durations: [],
  text: "",
  fromMs: null,
  toMs: null,
  sort: newestFirst,
  before: null,
  limit: 50
};

/** Fields that hold texts, and their names in an address. */
const lists = [
  ["units", "unit"],
  ["agents", "agent"],
  ["models", "model"],
  ["kinds", "kind"],
  ["statuses", "status"],
  ["tools", "tool"],
  ["environments", "environment"],
  ["labels", "label"]
] as const;

/** Alternatives of one field at most; an address is no longer than a server takes. */
const mostChoices = 100;

/** The filter that a query string asks for. @throws Fault `invalid` naming the field */
export function parseTraceFilter(query: URLSearchParams): TraceFilter {
  const all = (name: string) => {
    const values = query.getAll(name);
    if (values.length <= mostChoices) return values;
    throw new Fault("invalid", `"${name}" is given ${values.length} times, more than ${mostChoices}`);
  };
  const texts = Object.fromEntries(lists.map(([field, name]) => [field, all(name)])) as unknown as Pick<
    TraceFilter,
    (typeof lists)[number][0]
  >;
  return {
    ...texts,
    labels: texts.labels.filter((label) => label !== ""),
    scores: all("score").flatMap((score) => (score === "" ? [] : [parseScoreChoice(score)])),
    costs: all("cost").map((range) => parseRange(range, "cost")),
    durations: all("duration").map((range) => parseRange(range, "duration")),
    text: query.get("text") ?? "",
    fromMs: instant(query, "from"),
    toMs: instant(query, "to"),
    sort: parseSort(query.get("sort")),
    before: query.get("before"),
    limit: limit(query.get("limit"))
  };
}

/** The query string of a filter, without what asks for nothing; `parseTraceFilter` gives the filter back. */
export function formatTraceFilter(filter: TraceFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [field, name] of lists) for (const value of filter[field]) query.append(name, value);
  for (const choice of filter.scores) query.append("score", formatScoreChoice(choice));
  for (const range of filter.costs) query.append("cost", formatRange(range));
  for (const range of filter.durations) query.append("duration", formatRange(range));
  if (filter.text !== "") query.set("text", filter.text);
  if (filter.fromMs !== null) query.set("from", String(filter.fromMs));
  if (filter.toMs !== null) query.set("to", String(filter.toMs));
  const sort = `${filter.sort.isDescending ? "-" : ""}${filter.sort.column}`;
  if (sort !== "-began") query.set("sort", sort);
  if (filter.before !== null) query.set("before", filter.before);
  if (filter.limit !== allTraces.limit) query.set("limit", String(filter.limit));
  return query;
}

/** `fail:refusal`; `parseScoreChoice` gives the choice back. */
export function formatScoreChoice({ scorer, verdict }: ScoreChoice): string {
  return `${verdict}:${scorer}`;
}

/** @throws Fault `invalid` */
export function parseScoreChoice(text: string): ScoreChoice {
  const at = text.indexOf(":");
  const verdict = verdicts.find((known) => known === text.slice(0, at));
  const scorer = text.slice(at + 1);
  if (verdict === undefined || scorer === "") {
    throw new Fault("invalid", `"score" is "${text}", not a verdict and a scorer`, {
      hint: `Write a verdict (${verdicts.join(", ")}), a colon and the scorer.`
    });
  }
  return { scorer, verdict };
}

/** Which facets are counted, and which of their values. */
export interface FacetsAsked {
  readonly names: readonly FacetName[];
  /** Only values that hold this, letter case aside. */
  readonly words: string;
}

/** What `?facet&words` asks for; every facet where it names none. @throws Fault `invalid` */
export function parseFacetsAsked(query: URLSearchParams): FacetsAsked {
  const names = query.getAll("facet").map((text) => {
    const name = facetNames.find((known) => known === text);
    if (name) return name;
    throw new Fault("invalid", `"facet" is "${text}"`, { hint: `Write one of ${facetNames.join(", ")}.` });
  });
  return { names: names.length === 0 ? facetNames : names, words: query.get("words") ?? "" };
}

/** The snapshot that a live list goes on from. @throws Fault `invalid` */
export function parseSince(text: string | null): number {
  const value = text === null || text === "" ? Number.NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Fault("invalid", `"since" is "${text ?? ""}", not a snapshot of the lake`, {
    hint: "Say the snapshotId of the list, or of the last event."
  });
}

/** How many spans a conversation is read from: `?spoken`, 1..25,000; undefined when it is not said. @throws Fault `invalid` */
export function parseSpoken(query: URLSearchParams): number | undefined {
  const text = query.get("spoken");
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 25_000) return value;
  throw new Fault("invalid", `"spoken" is "${text}", not a whole number from 1 to 25,000`);
}

function parseSort(text: string | null): TraceSort {
  if (text === null || text === "") return newestFirst;
  const isDescending = text.startsWith("-");
  const column = sortColumns.find((known) => known === text.slice(isDescending ? 1 : 0));
  if (column) return { column, isDescending };
  throw new Fault("invalid", `"sort" is "${text}", not a column of the list`, {
    hint: `Write one of ${sortColumns.join(", ")}; with a dash before it the largest comes first.`
  });
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
