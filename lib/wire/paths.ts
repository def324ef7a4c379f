/** Every address the page asks, in one place; routes live at the same paths under `app/`. */
export const paths = {
  workbooks: () => "/api/workbooks",
  workbook: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}`,
  revisions: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/revisions`,
  revision: (slug: string, revision: number) => `/api/workbooks/${encodeURIComponent(slug)}/revisions/${revision}`,
  /** POST a ReadRequest: what a text means (cells, references, faults), without running it. */
  reading: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/reading`,
  /** POST a RunRequest; answers RunEvents as newline-delimited JSON. DELETE stops what runs. */
  run: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/run`,
  /** GET what the kernel of this workbook holds now (KernelReply). */
  kernel: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/kernel`,
  /** GET a window of a cell's table as Arrow: ?offset&limit&sort&descending; `x-rows` says how many there are. */
  cellRows: (slug: string, table: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/tables/${encodeURIComponent(table)}/rows`,
  /** GET a small histogram per column (ProfileReply). */
  cellProfile: (slug: string, table: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/tables/${encodeURIComponent(table)}/profile`,
  /** GET ?format=csv|parquet|arrow|json. */
  cellDownload: (slug: string, table: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/tables/${encodeURIComponent(table)}/download`,
  /** POST a SelectionRequest; replies a SelectionReply. The selection is the table `<map>_selection`. */
  selection: (slug: string, map: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/maps/${encodeURIComponent(map)}/selection`,
  /** GET what its points can be clustered anew from, see `parseClusterGround`. */
  mapGround: (slug: string, map: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/maps/${encodeURIComponent(map)}/ground`,
  /** POST a PartRequest: the neighbours of these traces among themselves, see `parseTextNeighbours`. */
  mapPart: (slug: string, map: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/maps/${encodeURIComponent(map)}/part`,
  /** POST a CellForecastRequest: CellForecastReply. */
  cellForecast: (slug: string, cell: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/cells/${encodeURIComponent(cell)}/forecast`,
  /** POST a HandfulRequest: HandfulReply, traces to try a scorer on. */
  cellHandful: (slug: string, cell: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/cells/${encodeURIComponent(cell)}/handful`,
  /** POST a TryRequest: TryReply. */
  cellTry: (slug: string, cell: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/cells/${encodeURIComponent(cell)}/try`,
  /** POST a PromotionGroundRequest: PromotionGroundReply; PUT a PromoteRequest: the PromotedScorer. */
  cellPromotion: (slug: string, cell: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/cells/${encodeURIComponent(cell)}/promotion`,
  /** POST a ComparisonRequest; replies ComparisonEvents as lines. */
  cellComparison: (slug: string, cell: string) =>
    `/api/workbooks/${encodeURIComponent(slug)}/cells/${encodeURIComponent(cell)}/comparison`,
  /** GET ?who&action&unit&outcome&from&to&before: AuditReply. */
  audit: () => "/api/audit",
  /** GET AuditVerdict. */
  auditVerify: () => "/api/audit/verify",
  /** GET ?format=csv|ndjson and the filter of the list. */
  auditExport: () => "/api/audit/export",
  tags: () => "/api/tags",
  /** POST a SamplePlanRequest: SamplePlanReply. */
  samplePlan: () => "/api/selections/plan",
  /** POST a SelectionWorkbookRequest: SelectionWorkbookReply. */
  selectionWorkbook: () => "/api/selections/workbook",
  /** POST a DraftRequest: DraftReply. */
  drafts: () => "/api/drafts",
  /** GET the labels that a scorer can be drafted from: DraftLabelsReply. */
  draftLabels: ({ kind, id }: { readonly kind: string; readonly id: string }, unit: string | null) =>
    `/api/drafts?kind=${kind}&id=${encodeURIComponent(id)}${unit === null ? "" : `&unit=${encodeURIComponent(unit)}`}`,
  /** POST a DraftRequest: DraftPlanReply. */
  draftPlan: () => "/api/drafts/plan",
  /** GET QueuesReply; POST a QueueRequest: the Queue. */
  queues: () => "/api/queues",
  /** POST a PairsRequest: the Queue. */
  queuePairs: () => "/api/queues/pairs",
  /** GET ?offset: QueueReply; DELETE. */
  queue: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}`,
  /** PUT a RubricRequest: the Queue. */
  queueRubric: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/rubric`,
  /** GET GoldReply; PUT a GoldRequest. */
  queueGold: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/gold`,
  /** GET FillingReply; PUT FillingTerms; PATCH a FillingChange; DELETE. */
  queueFilling: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/filling`,
  /** GET ?format=csv|jsonl: what was said in it, as a table or as OpenInference annotations. */
  queueExport: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/export`,
  /** POST an AdjudicationRequest: AdjudicationReply. */
  queueAdjudication: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/adjudication`,
  /** The page on which what is contested in a queue is decided. */
  adjudicatePage: (queueId: string) => `/queues/${encodeURIComponent(queueId)}/adjudicate`,
  /** GET: QueueNumbersReply; POST a ReviewRequest: ReviewReply. */
  queueReview: (queueId: string) => `/api/queues/${encodeURIComponent(queueId)}/review`,
  /** The page on which a queue is judged, from the first that waits or from one of its items. */
  reviewPage: (queueId: string, item?: { readonly traceId: string; readonly businessUnit: string }) =>
    `/queues/${encodeURIComponent(queueId)}/review${
      item ? `?${new URLSearchParams({ trace: item.traceId, unit: item.businessUnit }).toString()}` : ""
    }`,
  /** The page of a queue. */
  queuePage: (queueId: string) => `/queues/${encodeURIComponent(queueId)}`,
  /** GET DatasetsReply; POST a DatasetRequest: the Dataset. */
  datasets: () => "/api/datasets",
  /** GET ?version&offset: DatasetReply; POST asks its question again and adds a version; DELETE. */
  dataset: (datasetId: string) => `/api/datasets/${encodeURIComponent(datasetId)}`,
  /** GET ?version&format=csv|jsonl: the examples as a file. */
  datasetFile: (datasetId: string) => `/api/datasets/${encodeURIComponent(datasetId)}/download`,
  /** The page of a dataset. */
  datasetPage: (datasetId: string) => `/datasets/${encodeURIComponent(datasetId)}`,
  /** GET KeptMapsReply; POST a KeepMapRequest, which replies MapEvents as lines. */
  keptMaps: () => "/api/maps",
  /** GET KeptMapReply; PATCH a KeptMapChange; POST to build it again, which replies MapEvents as lines; DELETE. */
  keptMap: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}`,
  /** PUT an AreaRequest; DELETE ?name. */
  mapAreas: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/areas`,
  /** GET every point that one sees as Arrow, ?after only those placed later; ?column one property of them instead. */
  mapPoints: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/points`,
  /** GET the properties that points can be asked for (MapColumnsReply). */
  mapColumns: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/columns`,
  /** POST a PartRequest: the neighbours of these traces among themselves, see `parseTextNeighbours`. */
  keptMapPart: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/part`,
  /** GET MapProgressReply. */
  mapProgress: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/progress`,
  /** GET ?a&b: CompareReply; without them PopulationsReply. */
  mapCompare: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/compare`,
  /** GET ?a&b: which of two populations each point is in, as Arrow. */
  mapSides: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/compare/points`,
  /** GET TitlesReply, ?forecast with what they would cost; POST a TitlesRequest, which replies TitlesEvents as lines. */
  mapTitles: (mapId: string) => `/api/maps/${encodeURIComponent(mapId)}/titles`,
  /** The page of a kept map. */
  mapPage: (mapId: string) => `/maps/${encodeURIComponent(mapId)}`,
  /** GET ?unit&agent&model&kind&status&tool&environment&label&score&cost&duration&text&from&to&sort&before&limit: TracesReply. */
  traces: () => "/api/traces",
  /** GET counts under the same filter (FacetsReply); ?facet&words asks for some of them. */
  facets: () => "/api/traces/facets",
  /** GET the same filter and ?since: LiveEvents as server-sent events. */
  live: () => "/api/traces/live",
  /** GET the saved views (SavedViewsReply); POST a SavedViewRequest. */
  savedViews: () => "/api/traces/views",
  /** PUT a SavedViewRequest; DELETE. */
  savedView: (viewId: string) => `/api/traces/views/${encodeURIComponent(viewId)}`,
  /** GET ?unit&words&before: SessionsReply. */
  sessions: () => "/api/sessions",
  /** GET ?unit&from: SessionReply. */
  session: (sessionId: string) => `/api/sessions/${encodeURIComponent(sessionId)}`,
  /** The page of a session. */
  sessionPage: (businessUnit: string, sessionId: string) =>
    `/sessions/${encodeURIComponent(sessionId)}?unit=${encodeURIComponent(businessUnit)}`,
  /** GET one trace with its first spans (OpenedTraceReply). */
  trace: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}`,
  /** GET what the list says of it (TraceSummary). */
  traceSummary: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}/summary`,
  /** GET all spans of a trace without their texts (SpanRowsReply). */
  spans: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}/spans`,
  /** GET ?spoken, the spans that it is read from: ConversationReply. */
  conversation: (traceId: string, spoken?: number) =>
    `/api/traces/${encodeURIComponent(traceId)}/conversation${spoken === undefined ? "" : `?spoken=${spoken}`}`,
  /** GET where words are in a trace (HitsReply). */
  find: (traceId: string, words: string) =>
    `/api/traces/${encodeURIComponent(traceId)}/find?words=${encodeURIComponent(words)}`,
  /** GET traces that ask alike (SimilarReply). */
  similar: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}/similar`,
  /** GET the payload of one span (SpanReply). */
  span: (traceId: string, spanId: string) =>
    `/api/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
  /** GET ScorersReply. */
  scorers: () => "/api/scorers",
  /** GET ScorerReply. */
  scorer: (scorerId: string) => `/api/scorers/${encodeURIComponent(scorerId)}`,
  /** POST a RuleRequest: the ScoringRule. */
  scorerRules: (scorerId: string) => `/api/scorers/${encodeURIComponent(scorerId)}/rules`,
  /** POST a RuleForecastRequest: RuleForecastReply. */
  scorerForecast: (scorerId: string) => `/api/scorers/${encodeURIComponent(scorerId)}/forecast`,
  /** PATCH a RuleChange; DELETE. */
  rule: (ruleId: string) => `/api/rules/${encodeURIComponent(ruleId)}`,
  /** The page of a promoted scorer. */
  scorerPage: (scorerId: string) => `/scorers/${encodeURIComponent(scorerId)}`,
  home: () => "/api/home",
  runs: () => "/api/runs",
  runRecord: (runId: string) => `/api/runs/${encodeURIComponent(runId)}`,
  /** GET ?format=html|json|junit. */
  report: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/report`,
  /** GET SchemaReply: the views, their columns, types, units and meaning; completion and docs read it. */
  schema: () => "/api/schema",
  /** GET the scorer contract as TypeScript declarations. */
  contract: () => "/api/contract",
  /** GET the declarations of a package that scorers may import, as JSON: texts by path. */
  packageTypes: (name: string) => `/api/contract/${encodeURIComponent(name)}`,
  /** POST {source}: DiagnosticsReply. */
  diagnose: () => "/api/diagnose"
} as const;
