import { hidesAnything, type UnitMask } from "../model/mask.ts";
import { embeddingColumns } from "./embedding-columns.ts";
import { maskRows } from "./mask-columns.ts";
import { placementColumns } from "./placement-columns.ts";
import { insidePolygonSql } from "./polygon-sql.ts";
import { quoteName, quoteText } from "./quote.ts";
import { scoreColumns } from "./score-columns.ts";
import { keptColumns, partitionColumns, spanColumns } from "./span-columns.ts";
import { laterPartColumns, tracePartColumns } from "./trace-part.ts";

/** A table of the lake as its files hold it: column names to DuckDB types. */
export const fileColumns: Readonly<
  Record<
    "spans" | "first_parts" | "trace_parts" | "scores" | "placements" | "embeddings" | "terms",
    Readonly<Record<string, string>>
  >
> = {
  spans: Object.fromEntries([...spanColumns, ...keptColumns].map(({ name, type }) => [name, type])),
  first_parts: tracePartColumns,
  trace_parts: laterPartColumns,
  scores: scoreColumns,
  placements: placementColumns,
  embeddings: embeddingColumns,
  terms: { term: "VARCHAR", trace_id: "VARCHAR" }
};

/** Tables that views read; the others are read by searches alone. */
type ViewedTable = Exclude<keyof typeof fileColumns, "terms">;

/** Absolute paths of the files of one table, by form. */
export interface TableFiles {
  readonly parquet: readonly string[];
  readonly ndjson: readonly string[];
  /** Size of the largest of the ndjson files: the engine sets aside twice the longest line it may meet. */
  readonly largestNdjsonBytes: number;
}

/** No line is shorter than this for the engine's buffers. */
const leastLineBytes = 1 << 20;

const list = (paths: readonly string[]): string => `[${paths.map(quoteText).join(", ")}]`;

const struct = (columns: Readonly<Record<string, string>>): string =>
  `{${Object.entries(columns)
    .map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`)
    .join(", ")}}`;

const hive = `hive_partitioning = true, hive_types = {'business_unit': 'VARCHAR', 'date': 'DATE'}`;

/** Reads fresh batches with the types that their table has; a column that is absent is null. */
export function readBatches(table: keyof typeof fileColumns, files: TableFiles): string {
  return `read_json(${list(files.ndjson)}, format = 'newline_delimited', columns = ${struct(fileColumns[table])}, maximum_object_size = ${Math.max(leastLineBytes, files.largestNdjsonBytes)}, ${hive})`;
}

/** All rows of one table of the lake, whatever form its files have; typed and empty when there are none. */
export function readTable(table: keyof typeof fileColumns, files: TableFiles): string {
  const names = [...Object.keys(fileColumns[table]), ...partitionColumns.map(({ name }) => name)]
    .map((name) => `"${name}"`)
    .join(", ");
  const parts: string[] = [];
  if (files.parquet.length > 0) {
    parts.push(
      table === "trace_parts" || table === "placements"
        ? `select ${names} from (${readOlderToo(table, files)})`
        : `select ${names} from read_parquet(${list(files.parquet)}, ${hive})`
    );
  }
  if (files.ndjson.length > 0) parts.push(`select ${names} from ${readBatches(table, files)}`);
  if (parts.length === 0) {
    const columns = [
      ...Object.entries(fileColumns[table]),
      ...partitionColumns.map(({ name, type }) => [name, type] as const)
    ];
    parts.push(`select ${columns.map(([name, type]) => `null::${type} as "${name}"`).join(", ")} where false`);
  }
  return parts.join(" union all ");
}

/** What of a table is read; all of it where nothing is said. */
interface ShownPart {
  readonly columns?: readonly string[];
  /** Relation of (business_unit, trace_id): rows of other traces are left out before anything is hidden. */
  readonly among?: string;
}

/** Rows of one table, as their units show them. @param masks  rules in force; of other units nothing is hidden */
export function readShown(
  table: keyof typeof fileColumns,
  files: TableFiles,
  masks: readonly UnitMask[],
  { columns, among }: ShownPart = {}
): string {
  const hiding = masks.filter(({ rules }) => hidesAnything(rules));
  const filesOf = (isWanted: (unit: string) => boolean): TableFiles => {
    const wanted = (path: string) => isWanted(/\/business_unit=([^/]*)\//.exec(path)?.[1] ?? "");
    return { ...files, parquet: files.parquet.filter(wanted), ndjson: files.ndjson.filter(wanted) };
  };
  const isEmpty = ({ parquet, ndjson }: TableFiles) => parquet.length + ndjson.length === 0;
  const read = (some: TableFiles) =>
    among === undefined
      ? readTable(table, some)
      : `select * from (${readTable(table, some)}) semi join ${among} using (business_unit, trace_id)`;
  const all = [
    ...Object.entries(fileColumns[table]),
    ...partitionColumns.map(({ name, type }) => [name, type] as const)
  ];
  const picked = columns ? all.filter(([name]) => columns.includes(name)) : all;
  const shown = hiding.flatMap((mask) => {
    const own = filesOf((unit) => unit === mask.businessUnit);
    return isEmpty(own) ? [] : [maskRows(table, Object.fromEntries(picked), mask, read(own))];
  });
  const rest = filesOf((unit) => !hiding.some(({ businessUnit }) => businessUnit === unit));
  if (isEmpty(rest) && shown.length > 0) return shown.join(" union all ");
  const plain = columns
    ? `select ${picked.map(([name]) => quoteName(name)).join(", ")} from (${read(rest)})`
    : read(rest);
  return [plain, ...shown].join(" union all ");
}

/** Reads Parquet files of which some may be older than the newest columns of their table: those are null in them. */
function readOlderToo(table: keyof typeof fileColumns, files: TableFiles): string {
  const columns = Object.entries(fileColumns[table]).map(([name, type]) => `null::${type} as "${name}"`);
  return `select * from read_parquet(${list(files.parquet)}, ${hive}, union_by_name = true)
union all by name (select ${columns.join(", ")} where false)`;
}

/** A view of the lake. */
export interface LakeView {
  /** Other views, and tables of the state, that it reads. */
  readonly needs: readonly string[];
  /** A SELECT. */
  sql(): string;
}

/**
 * The views over some files of a snapshot, by name. The engine looks at every path of a view that it defines or reads,
 * so none is defined before a question names it.
 *
 * @param files  absolute paths per table; the first of each is read for its columns
 * @param masks  what the units hide
 */
export function lakeViews(
  files: Readonly<Record<ViewedTable, TableFiles>>,
  masks: readonly UnitMask[] = []
): ReadonlyMap<string, LakeView> {
  const read = (table: ViewedTable) => readShown(table, files[table], masks);
  const { trace_parts: later } = files;
  const parts = (): TraceRows => ({
    first: read("first_parts"),
    later: later.parquet.length + later.ndjson.length === 0 ? null : read("trace_parts")
  });
  const history = () =>
    `select trace_id, span_id, business_unit, "date", scorer, scorer_version, source, status, value, pass, label, reason, evidence, duration_ms, cost_usd, run_id, sampling_probability, scored_at, detail, score_id from (${read("scores")})`;
  const view = (sql: () => string, ...needs: readonly string[]): LakeView => ({ sql, needs });
  return new Map([
    ["traces", view(() => readTraces(traceColumns, parts()))],
    ["spans", view(() => read("spans"))],
    ["score_history", view(history)],
    // Of several samples that a trace was in, the largest chance tells how it came to be scored: rules of one
    // scorer draw by one hash, so that the smaller sample lies within the larger.
    [
      "scores",
      view(
        () => `select * replace (max(sampling_probability) over verdicts as sampling_probability) from (${history()})
window verdicts as (partition by business_unit, trace_id, span_id, scorer, scorer_version, source order by scored_at desc, score_id rows between unbounded preceding and unbounded following)
qualify row_number() over verdicts = 1`
      )
    ],
    ["sessions", view(() => sessionsSql, "traces")],
    ["placements", view(() => readPlacements(files.placements), "maps", "clusters")],
    ["embeddings", view(() => read("embeddings"))],
    ["areas", view(() => readAreas(files.placements), "maps", "clusters", "map_areas")],
    ["trace_documents", view(() => formatDocuments(readTraces([...traceColumns, spansColumn], parts())))]
  ]);
}

/**
 * The view `arrived` of the pieces of traces that came with some files: `has_root`, and `is_whole` for one that holds
 * all of its trace that there was then.
 */
export function arrivedSql({
  first_parts: first,
  trace_parts: later
}: Readonly<Record<"first_parts" | "trace_parts", TableFiles>>): string {
  const columns = 'trace_id, business_unit, "date", has_root';
  return `select ${columns}, true as is_whole from (${readTable("first_parts", first)})
union all select ${columns}, coalesce(is_whole, false) as is_whole from (${readTable("trace_parts", later)})`;
}

/** Where traces stand on the newest version of each kept map. */
function readPlacements(files: TableFiles): string {
  return `select m.map, p.map_id, p.version, p.trace_id, p.business_unit, p."date", p.x, p.y, p.cluster, c.label as cluster_label,
      case when p.arrival_cluster is null then p.cluster when p.arrival_cluster >= 0 then p.arrival_cluster end as arrival_cluster, p.novelty, p.placed_at
    from (${readTable("placements", files)}) p join maps m on m.map_id = p.map_id and m.version = p.version
    left join clusters c on c.map_id = p.map_id and c.cluster = p.cluster
    qualify row_number() over (partition by p.map_id, p.trace_id, p.business_unit order by p.placed_at desc) = 1`;
}

/** Traces in each named area of each kept map. */
function readAreas(files: TableFiles): string {
  const corner = (axis: 1 | 2, side: "min" | "max") => `list_${side}(list_transform(edges, lambda e: e[${axis}]))`;
  return `select a.area, p.* from (${readPlacements(files)}) p join (
      select map_id, area, edges, ${corner(1, "min")} as "left", ${corner(1, "max")} as "right",
        ${corner(2, "min")} as low, ${corner(2, "max")} as high
      from (select map_id, area, cast(edges as double[][]) as edges from map_areas)
    ) a on a.map_id = p.map_id and p.x between a."left" and a."right" and p.y between a.low and a.high
    where ${insidePolygonSql("p.x", "p.y", "a.edges")}`;
}

/** What a view of traces says: of a trace in one part, and of one whose parts come together. */
interface MergedColumn {
  readonly name: string;
  readonly one: string;
  readonly many: string;
}

const merged = (name: string, many: string, one = name): MergedColumn => ({ name, one, many });

/** What the part with the root says, or the earliest part that says anything. */
const told = (name: string): MergedColumn => merged(name, `arg_min(${name}, (not has_root, started_at))`);
const total = (name: string, type: string): MergedColumn => merged(name, `sum(${name})::${type}`);
const names = (name: string): MergedColumn => merged(name, `list_sort(list_distinct(flatten(list(${name}))))`);

const traceColumns: readonly MergedColumn[] = [
  merged("trace_id", "trace_id"),
  merged("business_unit", "business_unit"),
  ...["name", "agent", "agent_version", "session_id", "user_id", "environment"].map(told),
  merged("started_at", "min(started_at)"),
  merged("ended_at", "max(ended_at)"),
  merged(
    "duration_ms",
    "epoch_us(max(ended_at) - min(started_at)) / 1000.0::double",
    "epoch_us(ended_at - started_at) / 1000.0::double"
  ),
  told("status"),
  ...["spans", "llm_calls", "tool_calls", "errors"].map((name) => total(name, "bigint")),
  ...["models", "tool_names"].map(names),
  ...["tokens_in", "tokens_out"].map((name) => total(name, "bigint")),
  total("cost_usd", "double"),
  told("input"),
  merged("output", "arg_min(output, (not has_root, -epoch_us(ended_at)))"),
  told("time_source"),
  merged('"date"', 'min("date")')
];

/** SELECTs of what is known of traces. */
interface TraceRows {
  /** At most one part per trace. */
  readonly first: string;
  /** Further parts of those traces, and traces of which all parts are here; null where there are none. */
  readonly later: string | null;
}

const spansColumn = merged("spans_json", "string_agg(spans_json, ',' order by started_at)");

/**
 * One row per trace. Almost every trace lies in one part and streams through as it is, so that filters and
 * limits reach the files; only traces with parts that came later are grouped.
 *
 */
function readTraces(columns: readonly MergedColumn[], { first: firstParts, later: laterParts }: TraceRows): string {
  const list = (form: "one" | "many") => columns.map((column) => `${column[form]} as ${column.name}`).join(", ");
  if (laterParts === null) return `select ${list("one")} from (${firstParts})`;
  const split = `(select distinct business_unit, trace_id from (${laterParts}))`;
  return `select ${list("one")} from (${firstParts}) anti join ${split} using (business_unit, trace_id)
union all
select ${list("many")} from (
  ${standingParts(`select * from (${firstParts}) semi join ${split} using (business_unit, trace_id) union all by name select * from (${laterParts})`)}
) group by trace_id, business_unit`;
}

/** Of some parts those that no later, whole part of their trace stands for. @param parts  SELECT of rows of `first_parts` and `trace_parts` */
export function standingParts(parts: string): string {
  const whole = "max(case when is_whole then part_seq end) over (partition by business_unit, trace_id)";
  return `select * from (${parts}) qualify ${whole} is null or part_seq >= ${whole}`;
}

const sessionsSql = `select session_id, business_unit, count(*) as traces, min(started_at) as started_at, max(ended_at) as ended_at,
  list_sort(list_distinct(list(agent))) as agents, sum(tokens_in)::bigint as tokens_in, sum(tokens_out)::bigint as tokens_out,
  sum(cost_usd) as cost_usd, sum(errors)::bigint as errors
from traces where session_id is not null group by session_id, business_unit`;

/** Traces as scorers get them. @param traces  SELECT of the columns of `traces` and `spans_json` */
function formatDocuments(traces: string): string {
  return `select trace_id, business_unit, "date",
  concat('{"id":', to_json(trace_id), ',"businessUnit":', to_json(business_unit),
    ',"name":', to_json(name),
    ',"agent":', coalesce(to_json(agent)::varchar, 'null'),
    ',"agentVersion":', coalesce(to_json(agent_version)::varchar, 'null'),
    ',"sessionId":', coalesce(to_json(session_id)::varchar, 'null'),
    ',"startedAt":"', strftime(started_at, '%Y-%m-%dT%H:%M:%S.%gZ'),
    '","durationMs":', duration_ms,
    ',"status":', to_json(status),
    ',"spans":[', spans_json, ']}') as document
from (${traces})`;
}
