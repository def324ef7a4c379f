import type { SqlValue } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { costRanges, durationRanges, formatRange, type NumberRange } from "#lib/wire/number-range.ts";
import {
  type FacetsAsked,
  formatScoreChoice,
  type TraceFilter,
  type Verdict,
  verdicts,
  withErrors
} from "#lib/wire/trace-filter.ts";
import { type Facet, type FacetName, type FacetsReply, facetNames } from "#lib/wire/traces.ts";
import {
  buildQuestion,
  conjunction,
  isBad,
  type Question,
  rangeSql,
  spanDays,
  verdictConditions
} from "./trace-question.ts";
import { number, type Row, text } from "./trace-rows.ts";

/** Everything that the page shows beside the list. */
export const allFacets: FacetsAsked = { names: facetNames, words: "" };

const slices = 60;
/** Values of one facet that are told. */
const mostChoices = 50;
/** Scorers whose verdicts are told. */
const mostScorers = 20;

/** Facets that a trace's own columns say, and how. */
const ownColumns = {
  unit: "t.business_unit",
  agent: "coalesce(t.agent, '')",
  status: "t.status",
  environment: "coalesce(t.environment, '')",
  model: "t.models",
  tool: "t.tool_names"
} as const;
const listed: readonly string[] = ["model", "tool"];

/** Counts under a filter: one question for what traces say themselves, one each for kinds, labels and scores. */
export async function countFacets(
  kernel: Kernel,
  filter: TraceFilter,
  asked: FacetsAsked = allFacets,
  signal?: AbortSignal
): Promise<FacetsReply> {
  const question = buildQuestion(filter);
  const wants = (name: FacetName) => asked.names.includes(name);
  const [own, kinds, labels, scores] = await Promise.all([
    countOwn(kernel, filter, question, asked, signal),
    wants("kind") ? countSpanKinds(kernel, filter, question, signal) : [],
    wants("label") ? countLabels(kernel, question, asked.words, signal) : [],
    wants("score") ? countScores(kernel, filter, question, signal) : { choices: [], distinct: 0 }
  ]);
  const of = (name: string) => own.filter((row) => row["facet"] === name);
  const facet = (name: FacetName): Facet => {
    switch (name) {
      case "cost":
        return inOrder(of(name), costRanges);
      case "duration":
        return inOrder(of(name), durationRanges);
      case "kind":
        return readFacet([...of(name), ...kinds].filter((row) => (text(row, "choice") ?? "").includes(asked.words)));
      case "label":
        return readFacet(labels);
      case "score":
        return scores;
      default:
        return readFacet(of(name));
    }
  };
  return {
    total: number(of("total")[0] ?? {}, "n") ?? 0,
    facets: Object.fromEntries(asked.names.map((name) => [name, facet(name)])),
    histogram: readHistogram(own, filter)
  };
}

/** The choices of the other facets as one condition over `hits`. */
function others(question: Question, own: string): string {
  return conjunction([...question.facets.keys()].flatMap((name, at) => (name === own ? [] : [`chosen${at}`])));
}

/** Traces of the base conditions, with one flag for each facet that has a choice. */
function hits(question: Question, columns: readonly string[]): string {
  const flags = [...question.facets.values()].map((sql, at) => `coalesce(${sql}, false) as chosen${at}`);
  return `select ${[...columns, ...flags].join(", ")} from traces t where ${conjunction(question.base)}`;
}

const ids = ["t.business_unit", "t.trace_id"];

async function countOwn(
  kernel: Kernel,
  filter: TraceFilter,
  question: Question,
  { names, words }: FacetsAsked,
  signal: AbortSignal | undefined
): Promise<readonly Row[]> {
  const values: Record<string, SqlValue> = { ...question.values };
  const columns = ["t.started_at", `${isBad} as is_bad`];
  const counts: string[] = [];
  const count = (name: string, source: string, choice: string) =>
    counts.push(
      `select '${name}' as facet, ${choice} as choice, count(*) as n, 0 as bad from ${source} where ${others(question, name)} group by choice`
    );
  for (const [name, column] of Object.entries(ownColumns)) {
    if (!names.includes(name as FacetName)) continue;
    columns.push(`${column} as own_${name}`);
    if (!listed.includes(name)) count(name, "hits", `own_${name}`);
    else count(name, `(select *, unnest(own_${name}) as one_${name} from hits)`, `one_${name}`);
  }
  if (names.includes("status")) count("status", "(select * from hits where is_bad)", `'${withErrors}'`);
  if (names.includes("kind")) {
    columns.push("t.llm_calls > 0 as has_llm", "t.tool_calls > 0 as has_tool");
    for (const kind of ["llm", "tool"]) count("kind", `(select * from hits where has_${kind})`, `'${kind}'`);
  }
  for (const [name, column, ranges] of [
    ["cost", "t.cost_usd", costRanges],
    ["duration", "t.duration_ms", durationRanges]
  ] as const) {
    if (!names.includes(name)) continue;
    columns.push(`${whichRange(column, ranges, name, values)} as own_${name}`);
    count(name, "hits", `own_${name}`);
  }
  const all = others(question, "");
  const bound = (name: "fromMs" | "toMs", otherwise: string) =>
    filter[name] === null ? otherwise : `epoch_ms(make_timestamp_ms($${name}))`;
  return kernel.rows(
    `with hits as materialized (${hits(question, columns)}), shown as materialized (select epoch_ms(started_at) as at_ms, is_bad from hits where ${all}),
     bounds as materialized (select ${bound("fromMs", "coalesce(min(at_ms), 0)")} as low, ${bound("toMs", "coalesce(max(at_ms), 0) + 1")} as high from shown),
     counted as (${counts.length > 0 ? counts.join(" union all ") : "select '' as facet, '' as choice, 0 as n, 0 as bad where false"}),
     best as (select *, count(*) over (partition by facet) as different from counted
       where choice is not null and contains(lower(choice), $facetWords)
       qualify row_number() over (partition by facet order by n desc, choice) <= ${mostChoices})
     select facet, choice, n, bad, different from best
     union all select 'total', '', count(*), 0, 0 from shown
     union all select 'from', '', low, 0, 0 from bounds union all select 'to', '', high, 0, 0 from bounds
     union all select 'slice', greatest(0, least(${slices - 1}, floor((at_ms - low) * ${slices}.0::double / greatest(1, high - low))))::integer::varchar,
       count(*), count(*) filter (is_bad), 0 from shown, bounds group by 2`,
    { ...values, facetWords: words.toLowerCase() },
    mostChoices * facetNames.length + slices + 3,
    signal
  );
}

/** The number of the range that holds a column's value, as text. */
function whichRange(
  column: string,
  ranges: readonly NumberRange[],
  name: string,
  values: Record<string, SqlValue>
): string {
  const cases = ranges.map((range, at) => `when ${rangeSql(column, range, `${name}Range${at}`, values)} then '${at}'`);
  return `case ${cases.join(" ")} end`;
}

/** Kinds that no column of a trace counts. */
function countSpanKinds(
  kernel: Kernel,
  filter: TraceFilter,
  question: Question,
  signal: AbortSignal | undefined
): Promise<readonly Row[]> {
  const where = conjunction(["k.kind not in ('llm', 'tool')", ...spanDays(filter)]);
  return kernel.rows(
    `with hits as (${hits(question, ids)})
     select kind as choice, count(*) as n from (select distinct k.business_unit, k.trace_id, k.kind from spans k where ${where}) k
     join hits using (business_unit, trace_id) where ${others(question, "kind")} group by choice`,
    question.values,
    mostChoices,
    signal
  );
}

function countLabels(
  kernel: Kernel,
  question: Question,
  words: string,
  signal: AbortSignal | undefined
): Promise<readonly Row[]> {
  return kernel.rows(
    `with hits as (${hits(question, ids)})
     select label as choice, count(distinct (business_unit, trace_id)) as n, count(*) over () as different
     from label_list join hits using (business_unit, trace_id)
     where ${others(question, "label")} and contains(lower(label), $facetWords)
     group by choice order by n desc, choice limit ${mostChoices}`,
    { ...question.values, facetWords: words.toLowerCase() },
    mostChoices,
    signal
  );
}

/** Verdicts of each scorer. What a scorer left unscored is what is left of the traces its other choices show. */
async function countScores(
  kernel: Kernel,
  filter: TraceFilter,
  question: Question,
  signal: AbortSignal | undefined
): Promise<Facet> {
  const values: Record<string, SqlValue> = { ...question.values };
  const chosen = [...new Set(filter.scores.map(({ scorer }) => scorer))];
  const rest = others(question, "");
  const own = chosen.map((scorer, at) => {
    values[`own${at}`] = scorer;
    return { name: `$own${at}`, shows: others(question, `score:${scorer}`) };
  });
  const cases = own.map(({ name, shows }) => `when ${name} then ${shows}`);
  const shown = cases.length === 0 ? rest : `case scorer ${cases.join(" ")} else ${rest} end`;
  const totals = own.map(({ name, shows }) => `union all select ${name}, 'all', count(*) filter (${shows}) from hits`);
  const told = Object.entries(verdictConditions).map(([verdict, sql]) => `case when ${sql} then '${verdict}' end`);
  const rows = await kernel.rows(
    `with hits as materialized (${hits(question, ids)}), verdicts as materialized (
       select distinct s.business_unit, s.trace_id, s.scorer,
         unnest(['known', case when s.status = 'ok' then 'scored' end, ${told.join(", ")}]) as verdict from scores s)
     select distinct scorer, verdict, 0 as n from verdicts where verdict = 'known'
     union all select scorer, verdict, count(*) from verdicts join hits using (business_unit, trace_id)
       where verdict <> 'known' and ${shown} group by scorer, verdict
     union all select '', 'total', count(*) filter (${rest}) from hits ${totals.join(" ")}`,
    values,
    10_000,
    signal
  );
  const total = number(rows.find((row) => row["verdict"] === "total") ?? {}, "n") ?? 0;
  const best = rows
    .filter((row) => row["verdict"] === "known")
    .sort((a, b) => scoredOf(rows, b) - scoredOf(rows, a) || compareTexts(a, b))
    .slice(0, mostScorers);
  const choices = best.flatMap((row) => {
    const scorer = text(row, "scorer") ?? "";
    const count = (verdict: Verdict) =>
      verdict === "unscored"
        ? countOf(rows, scorer, "all", total) - scoredOf(rows, row)
        : countOf(rows, scorer, verdict, 0);
    return verdicts
      .map((verdict) => [formatScoreChoice({ scorer, verdict }), count(verdict)] as const)
      .filter(([, n]) => n > 0);
  });
  return { choices, distinct: choices.length };
}

function compareTexts(a: Row, b: Row): number {
  return (text(a, "scorer") ?? "") < (text(b, "scorer") ?? "") ? -1 : 1;
}

function scoredOf(rows: readonly Row[], { scorer }: Row): number {
  return countOf(rows, String(scorer), "scored", 0);
}

function countOf(rows: readonly Row[], scorer: string, verdict: string, otherwise: number): number {
  const found = rows.find((row) => row["scorer"] === scorer && row["verdict"] === verdict);
  return (found && number(found, "n")) ?? otherwise;
}

function readFacet(rows: readonly Row[]): Facet {
  const choices = rows
    .map((row) => [text(row, "choice") ?? "", number(row, "n") ?? 0] as const)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { choices, distinct: Math.max(choices.length, ...rows.map((row) => number(row, "different") ?? 0)) };
}

function inOrder(rows: readonly Row[], ranges: readonly NumberRange[]): Facet {
  const choices = ranges.flatMap((range, at) => {
    const n = number(rows.find((row) => row["choice"] === String(at)) ?? {}, "n") ?? 0;
    return n > 0 ? [[formatRange(range), n] as const] : [];
  });
  return { choices, distinct: choices.length };
}

function readHistogram(rows: readonly Row[], filter: TraceFilter): FacetsReply["histogram"] {
  const bound = (name: string) => number(rows.find((row) => row["facet"] === name) ?? {}, "n") ?? 0;
  const fromMs = filter.fromMs ?? bound("from");
  const counts = new Array<number>(slices).fill(0);
  const errors = new Array<number>(slices).fill(0);
  for (const row of rows) {
    if (row["facet"] !== "slice") continue;
    const at = number(row, "choice") ?? 0;
    counts[at] = number(row, "n") ?? 0;
    errors[at] = number(row, "bad") ?? 0;
  }
  return { fromMs, toMs: Math.max(filter.toMs ?? bound("to"), fromMs + 1), counts, errors };
}
