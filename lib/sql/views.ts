import { keptColumns, partitionColumns, spanColumns } from "./span-columns.ts";

/** A column of a view, as completion, documentation and tests know it. */
export interface ViewColumn {
  readonly name: string;
  /** DuckDB type. */
  readonly type: string;
  readonly unit: string | null;
  readonly about: string;
}

/** A view that SQL cells can read. */
export interface View {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly ViewColumn[];
}

const column = (name: string, type: string, about: string, unit: string | null = null): ViewColumn => ({
  name,
  type,
  unit,
  about
});

const traceId = column("trace_id", "VARCHAR", "Trace, 32 hex digits");
const businessUnit = column("business_unit", "VARCHAR", "Part of the company that owns the agent");
const date = column("date", "DATE", "Day it began", "UTC");

const scoreView: readonly ViewColumn[] = [
  traceId,
  column("span_id", "VARCHAR", "Span that is judged; null for the whole trace"),
  businessUnit,
  date,
  column("scorer", "VARCHAR", "Scorer that judged"),
  column("scorer_version", "VARCHAR", "Its version: changes with its code"),
  column("source", "VARCHAR", "scorer, judge, human, environment or import"),
  column("status", "VARCHAR", "ok, or why there is no verdict: skipped or error"),
  column("value", "DOUBLE", "0 to 1; null when unscored"),
  column("pass", "BOOLEAN", "Null when unscored, or where the scorer only measures"),
  column("label", "VARCHAR", "Named verdict"),
  column("reason", "VARCHAR", "Why, in a sentence"),
  column("evidence", "VARCHAR", "Quotes the verdict rests on", "JSON"),
  column("duration_ms", "DOUBLE", "Time the scorer took", "ms"),
  column("cost_usd", "DOUBLE", "Cost of judging", "US dollars"),
  column("run_id", "VARCHAR", "Run that wrote it"),
  column(
    "sampling_probability",
    "DOUBLE",
    "Chance this trace had of being scored: weigh by its inverse, as weighted_rate does"
  ),
  column("scored_at", "TIMESTAMP", "When it was judged", "UTC"),
  column("detail", "VARCHAR", "What else the source said", "JSON"),
  column("score_id", "VARCHAR", "Digest of the verdict")
];

const placementView: readonly ViewColumn[] = [
  column("map", "VARCHAR", "Title of the map"),
  column("map_id", "VARCHAR", "The map"),
  column("version", "INTEGER", "Its version"),
  traceId,
  businessUnit,
  date,
  column("x", "DOUBLE", "Place on the map"),
  column("y", "DOUBLE", "Place on the map"),
  column("cluster", "INTEGER", "Cluster it is in; null for none"),
  column("cluster_label", "VARCHAR", "What people call the cluster, or the title a model wrote, or its words"),
  column(
    "arrival_cluster",
    "INTEGER",
    "Cluster it would be in if it had come after the map was built: growth is told by it"
  ),
  column("novelty", "DOUBLE", "0 to 1: how far from all that the map was built from"),
  column("placed_at", "TIMESTAMP", "When it was placed", "UTC")
];

/** Every view of a kernel. The one description that completion, documentation and tests share. */
export const views: readonly View[] = [
  {
    name: "traces",
    about: "One row per request that an agent handled",
    columns: [
      traceId,
      businessUnit,
      column("name", "VARCHAR", "Name of the root span"),
      column("agent", "VARCHAR", "Agent that handled it"),
      column("agent_version", "VARCHAR", "The agent's version"),
      column("session_id", "VARCHAR", "Conversation it belongs to"),
      column("user_id", "VARCHAR", "The agent's user, as pseudonymised by the source"),
      column("environment", "VARCHAR", "Deployment environment"),
      column("started_at", "TIMESTAMP", "When it began", "UTC"),
      column("ended_at", "TIMESTAMP", "When it ended", "UTC"),
      column("duration_ms", "DOUBLE", "From begin to end", "ms"),
      column("status", "VARCHAR", "Status of the root span: ok, error or unset"),
      column("spans", "BIGINT", "Spans in it"),
      column("llm_calls", "BIGINT", "Model calls in it"),
      column("tool_calls", "BIGINT", "Tool calls in it"),
      column("errors", "BIGINT", "Spans with status error"),
      column("models", "VARCHAR[]", "Models that answered"),
      column("tool_names", "VARCHAR[]", "Tools that were called"),
      column("tokens_in", "BIGINT", "Input tokens, each call counted once", "tokens"),
      column("tokens_out", "BIGINT", "Output tokens, each call counted once", "tokens"),
      column("cost_usd", "DOUBLE", "Cost of all calls", "US dollars"),
      column("input", "VARCHAR", "First user message, at most 20,000 characters"),
      column("output", "VARCHAR", "Final answer, at most 20,000 characters"),
      column("time_source", "VARCHAR", "reported or synthesised"),
      date
    ]
  },
  {
    name: "spans",
    about: "One row per timed step of a trace",
    columns: [
      ...spanColumns.map(({ name, type, unit, about }) => ({ name, type, unit, about })),
      ...keptColumns,
      ...partitionColumns
    ]
  },
  {
    name: "sessions",
    about: "One row per conversation: its traces in order",
    columns: [
      column("session_id", "VARCHAR", "The conversation"),
      businessUnit,
      column("traces", "BIGINT", "Traces in it"),
      column("started_at", "TIMESTAMP", "When the first began", "UTC"),
      column("ended_at", "TIMESTAMP", "When the last ended", "UTC"),
      column("agents", "VARCHAR[]", "Agents that took part"),
      column("tokens_in", "BIGINT", "Input tokens", "tokens"),
      column("tokens_out", "BIGINT", "Output tokens", "tokens"),
      column("cost_usd", "DOUBLE", "Cost of all traces", "US dollars"),
      column("errors", "BIGINT", "Spans with status error")
    ]
  },
  { name: "scores", about: "The newest verdict per trace, span, scorer, version and source", columns: scoreView },
  { name: "score_history", about: "Every verdict ever given, older ones too", columns: scoreView },
  {
    name: "annotations",
    about:
      "What people said of traces: the newest version of each judgement; what they say in a blind queue is here once all have judged the item",
    columns: [
      column("annotation_id", "VARCHAR", "The judgement"),
      column("version", "INTEGER", "How often it was changed, from 1"),
      traceId,
      column("span_id", "VARCHAR", "Span that is meant; null for the whole trace"),
      businessUnit,
      column("label", "VARCHAR", "Chosen label"),
      column("note", "VARCHAR", "Why"),
      column("user_id", "VARCHAR", "Who judged; imported, or imported: and a name, for those who judged elsewhere"),
      column("created_at", "TIMESTAMP", "When", "UTC"),
      column("source", "VARCHAR", "Format it was imported in, or adjudication; null for one that a person gave here")
    ]
  },
  {
    name: "runs",
    about: "Executions of workbooks",
    columns: [
      column("run_id", "VARCHAR", "The run"),
      column("workbook", "VARCHAR", "Slug of the workbook"),
      column("title", "VARCHAR", "Its title then"),
      column("revision", "INTEGER", "Its revision; null for unsaved text"),
      column("trigger", "VARCHAR", "page, command or schedule"),
      column("outcome", "VARCHAR", "running, passed, failed, broken or stopped"),
      column("snapshot_id", "INTEGER", "Lake snapshot it read"),
      column("started_at", "TIMESTAMP", "When it began", "UTC"),
      column("ended_at", "TIMESTAMP", "When it ended", "UTC"),
      column("checks", "INTEGER", "Checks it made"),
      column("checks_failed", "INTEGER", "Checks that did not hold")
    ]
  },
  {
    name: "maps",
    about: "Maps that are kept",
    columns: [
      column("map", "VARCHAR", "Its title"),
      column("map_id", "VARCHAR", "The map"),
      column("version", "INTEGER", "How often it was built, from 1"),
      column("made_at", "TIMESTAMP", "When this version was built", "UTC"),
      column("snapshot_id", "INTEGER", "Lake snapshot it was built from")
    ]
  },
  {
    name: "clusters",
    about: "The clusters of kept maps, as your own units' traces show them",
    columns: [
      column("map", "VARCHAR", "Title of the map"),
      column("map_id", "VARCHAR", "The map"),
      column("cluster", "INTEGER", "The cluster: the same number from version to version"),
      column("label", "VARCHAR", "What people call it, or the title a model wrote, or its words"),
      column("description", "VARCHAR", "What a model wrote of its traces"),
      column("written_by", "VARCHAR", "Model that wrote title and description"),
      column("size", "INTEGER", "Traces in it when the version was built"),
      column("change", "VARCHAR", "Since the version before: born, stayed, grew, shrank, merged or split"),
      column("x", "DOUBLE", "Centre on the map"),
      column("y", "DOUBLE", "Centre on the map")
    ]
  },
  {
    name: "placements",
    about: "Where traces stand on the newest version of each kept map",
    columns: placementView
  },
  {
    name: "embeddings",
    about: "Vectors that a model gave for texts of traces: asked for once, read by every map",
    columns: [
      column("model", "VARCHAR", "Model that gave it"),
      column("text_hash", "VARCHAR", "Digest of the text, in one case and without what is the same everywhere"),
      column("dimension", "INTEGER", "Numbers in it"),
      column("vector", "VARCHAR", "Base64 of its 32-bit numbers, little-endian"),
      column("embedded_at", "TIMESTAMP", "When it was asked for", "UTC"),
      businessUnit,
      column("date", "DATE", "Day of a trace with the text", "UTC")
    ]
  },
  {
    name: "map_areas",
    about: "Areas of kept maps that people encircled and named",
    columns: [
      column("map", "VARCHAR", "Title of the map"),
      column("map_id", "VARCHAR", "The map"),
      column("area", "VARCHAR", "Its name"),
      column("edges", "VARCHAR", "Its edges in map coordinates: x, y, x before, y before", "JSON")
    ]
  },
  {
    name: "areas",
    about: "The traces in each named area of each kept map, those that arrived since it was drawn, too",
    columns: [column("area", "VARCHAR", "Name of the area"), ...placementView]
  },
  {
    name: "datasets",
    about: "The examples of every version of every dataset; their inputs are those of the traces",
    columns: [
      column("dataset", "VARCHAR", "Title of the dataset"),
      column("dataset_id", "VARCHAR", "The dataset"),
      column("version", "INTEGER", "Version that the example is in, from 1"),
      column("is_newest", "BOOLEAN", "Whether that is the newest version"),
      traceId,
      businessUnit,
      column("split", "VARCHAR", "Part of the dataset that it is in"),
      column("expected", "VARCHAR", "What the answer should be; null where nobody said")
    ]
  },
  {
    name: "queue_items",
    about: "The traces of every queue, each with the chance it had of being drawn: weigh by its inverse to estimate",
    columns: [
      column("queue", "VARCHAR", "Title of the queue"),
      column("queue_id", "VARCHAR", "The queue"),
      column("position", "INTEGER", "Place in the order within its unit, from 1"),
      traceId,
      businessUnit,
      column("stratum", "VARCHAR", "Stratum of its unit that it was drawn from"),
      column("inclusion_probability", "DOUBLE", "Chance it had of being drawn, above 0 and at most 1"),
      column("state", "VARCHAR", "waiting or done"),
      column("done_by", "VARCHAR", "Who labelled it; null while it waits"),
      column("done_at", "TIMESTAMP", "When it was labelled", "UTC")
    ]
  },
  {
    name: "trace_documents",
    about: "The whole trace as scorers get it",
    columns: [traceId, businessUnit, date, column("document", "VARCHAR", "The trace with all its spans", "JSON")]
  }
];

/** Functions that stand for a table, described as the views are. */
export const tableFunctions: readonly View[] = [
  {
    name: "search",
    about: `search('refun* "charged twice"', '2026-11-01'): traces whose inputs, outputs, tool arguments and tool results hold every word, "phrase" and beginning*, perhaps from a day on`,
    columns: [
      traceId,
      businessUnit,
      column("date", "DATE", "Earliest day on which a step of it holds one of the words", "UTC")
    ]
  }
];

/** Names that a cell may not take. */
export const viewNames: readonly string[] = views.map(({ name }) => name);
