import { quoteText } from "./quote.ts";
import { scoreColumns } from "./score-columns.ts";
import { keptColumns, partitionColumns, spanColumns } from "./span-columns.ts";
import { tracePartColumns } from "./trace-part.ts";

/** A table of the lake as its files hold it: column names to DuckDB types. */
export const fileColumns: Readonly<Record<"spans" | "trace_parts" | "scores", Readonly<Record<string, string>>>> = {
  spans: Object.fromEntries([...spanColumns, ...keptColumns].map(({ name, type }) => [name, type])),
  trace_parts: tracePartColumns,
  scores: scoreColumns
};

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

const hive = `hive_partitioning = true, hive_types = {'business_unit': VARCHAR, 'date': DATE}`;

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
    parts.push(`select ${names} from read_parquet(${list(files.parquet)}, ${hive})`);
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

/**
 * The statements that define the lake's views over a snapshot's files.
 *
 * @param files  absolute paths per table
 */
export function viewStatements(files: Readonly<Record<keyof typeof fileColumns, TableFiles>>): readonly string[] {
  return [
    `create view spans as ${readTable("spans", files.spans)}`,
    `create view trace_parts as ${readTable("trace_parts", files.trace_parts)}`,
    `create view score_history as select trace_id, span_id, business_unit, "date", scorer, scorer_version, source, status, value, pass, label, reason, evidence, duration_ms, cost_usd, run_id, sampling_probability, scored_at, detail, score_id from (${readTable("scores", files.scores)})`,
    tracesSql,
    sessionsSql,
    `create view scores as select * from score_history qualify row_number() over (partition by business_unit, trace_id, span_id, scorer, scorer_version, source order by scored_at desc, score_id) = 1`,
    documentsSql
  ];
}

const tracesSql = `create view traces as
select trace_id, business_unit,
  arg_min(name, (not has_root, started_at)) as name,
  arg_min(agent, (not has_root, started_at)) as agent,
  arg_min(agent_version, (not has_root, started_at)) as agent_version,
  arg_min(session_id, (not has_root, started_at)) as session_id,
  arg_min(user_id, (not has_root, started_at)) as user_id,
  arg_min(environment, (not has_root, started_at)) as environment,
  min(started_at) as started_at,
  max(ended_at) as ended_at,
  epoch_us(max(ended_at) - min(started_at)) / 1000.0::double as duration_ms,
  arg_min(status, (not has_root, started_at)) as status,
  sum(spans)::bigint as spans,
  sum(llm_calls)::bigint as llm_calls,
  sum(tool_calls)::bigint as tool_calls,
  sum(errors)::bigint as errors,
  list_sort(list_distinct(flatten(list(models)))) as models,
  list_sort(list_distinct(flatten(list(tool_names)))) as tool_names,
  sum(tokens_in)::bigint as tokens_in,
  sum(tokens_out)::bigint as tokens_out,
  sum(cost_usd) as cost_usd,
  arg_min(input, (not has_root, started_at)) as input,
  arg_min(output, (not has_root, -epoch_us(ended_at))) as output,
  arg_min(time_source, (not has_root, started_at)) as time_source,
  min("date") as "date"
from trace_parts group by trace_id, business_unit`;

const sessionsSql = `create view sessions as
select session_id, business_unit, count(*) as traces, min(started_at) as started_at, max(ended_at) as ended_at,
  list_sort(list_distinct(list(agent))) as agents, sum(tokens_in)::bigint as tokens_in, sum(tokens_out)::bigint as tokens_out,
  sum(cost_usd) as cost_usd, sum(errors)::bigint as errors
from traces where session_id is not null group by session_id, business_unit`;

const documentsSql = `create view trace_documents as
select trace_id, business_unit, min("date") as "date",
  concat('{"id":', to_json(trace_id), ',"businessUnit":', to_json(business_unit),
    ',"name":', to_json(arg_min(name, (not has_root, started_at))),
    ',"agent":', coalesce(to_json(arg_min(agent, (not has_root, started_at)))::varchar, 'null'),
    ',"agentVersion":', coalesce(to_json(arg_min(agent_version, (not has_root, started_at)))::varchar, 'null'),
    ',"sessionId":', coalesce(to_json(arg_min(session_id, (not has_root, started_at)))::varchar, 'null'),
    ',"startedAt":"', strftime(min(started_at), '%Y-%m-%dT%H:%M:%S.%gZ'),
    '","durationMs":', epoch_us(max(ended_at) - min(started_at)) / 1000.0::double,
    ',"status":', to_json(arg_min(status, (not has_root, started_at))),
    ',"spans":[', string_agg(spans_json, ',' order by started_at), ']}') as document
from trace_parts group by trace_id, business_unit`;
