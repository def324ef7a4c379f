import type { AuditTables } from "./audit-schema.ts";
import type { PeopleTables } from "./people-schema.ts";
import type { QueueTables } from "./queue-schema.ts";
import type { SharingTables } from "./sharing-schema.ts";

/** The state's tables. Instants are integers in ms, ids are texts, JSON is text: the same on both databases. */
export interface StateTables extends PeopleTables, AuditTables, QueueTables, SharingTables {
  readonly snapshots: { snapshot_id: number; created_at: number };
  readonly lake_files: {
    file_id: string;
    lake_table: string;
    business_unit: string;
    day: string;
    path: string;
    format: string;
    row_count: number;
    size_bytes: number;
    min_start_ms: number;
    max_start_ms: number;
    added_snapshot: number;
    removed_snapshot: number | null;
  };
  readonly lake_readers: { reader_id: string; snapshot_id: number; pinned_at: number };
  readonly workbooks: {
    slug: string;
    title: string;
    revision: number;
    /** Who saved last. */
    user_id: string;
    owner_id: string;
    saved_at: number;
    removed_at: number | null;
  };
  readonly revisions: {
    slug: string;
    revision: number;
    title: string;
    text: string;
    user_id: string;
    saved_at: number;
  };
  readonly runs: {
    run_id: string;
    user_id: string;
    workbook: string;
    business_units: string;
    started_at: number;
    ended_at: number | null;
    outcome: string;
    head: string;
  };
  readonly run_bodies: { run_id: string; body: string; report: string | null };
  readonly annotations: {
    annotation_id: string;
    version: number;
    trace_id: string;
    span_id: string | null;
    business_unit: string;
    label: string;
    note: string;
    user_id: string;
    created_at: number;
    source: string | null;
    /** The queue in which it was given; null for one that was given elsewhere. */
    queue_id: string | null;
    /** 1 where the reviewer took the judgement back. */
    is_withdrawn: number;
  };
  readonly waiting_judgements: {
    judgement_id: string;
    business_unit: string;
    source: string;
    run: string;
    step: number | null;
    key: string;
    said: string;
    given_at: number;
  };
  readonly schedules: { slug: string; cron: string; timezone: string | null; user_id: string; next_due: number };
  readonly jobs: {
    job_id: string;
    queue: string;
    job_group: string | null;
    data: string;
    state: string;
    attempt: number;
    attempts: number;
    start_after: number;
    lease_until: number | null;
    owner: string | null;
    message: string | null;
    created_at: number;
  };
  readonly ingest_keys: {
    key_id: string;
    secret_digest: string;
    business_unit: string;
    name: string;
    spans_per_second: number | null;
    user_id: string;
    created_at: number;
    revoked_at: number | null;
  };
  readonly saved_views: {
    view_id: string;
    owner_units: string;
    name: string;
    query: string;
    user_id: string;
    saved_at: number;
  };
  readonly log_messages: {
    message_id: string;
    business_unit: string;
    trace_id: string;
    span_id: string;
    said_ns: string;
    event: string;
    size_bytes: number;
    joined: number;
    arrived_at: number;
  };
  readonly kept_maps: {
    map_id: string;
    title: string;
    ground: string;
    user_id: string;
    created_at: number;
    version: number;
    placed_snapshot: number;
  };
  readonly kept_map_units: { map_id: string; business_unit: string };
  readonly map_versions: { map_id: string; version: number; body: string };
  readonly map_areas: {
    map_id: string;
    name: string;
    version: number;
    polygon: string;
    user_id: string;
    made_at: number;
  };
  readonly cluster_names: { map_id: string; cluster_id: number; name: string; user_id: string; named_at: number };
  readonly model_answers: {
    business_unit: string;
    question_hash: string;
    answer: string;
    model_id: string;
    input_tokens: number;
    output_tokens: number;
    cost_usd: number | null;
    answered_at: number;
  };
  readonly cluster_questions: {
    question_id: string;
    map_id: string;
    cluster_id: number;
    business_unit: string;
    question: string;
    map_version: number;
    size: number;
    sample: string;
    user_id: string;
    asked_at: number;
  };
  readonly cluster_judgements: {
    question_id: string;
    user_id: string;
    version: number;
    verdict: string;
    note: string;
    map_version: number;
    made_at: number;
  };
  readonly cluster_titles: {
    map_id: string;
    cluster_id: number;
    business_unit: string;
    title: string;
    description: string;
    model_id: string;
    sample: string;
    size: number;
    version: number;
    user_id: string;
    written_at: number;
  };
  readonly datasets: { dataset_id: string; title: string; user_id: string; created_at: number; version: number };
  readonly dataset_versions: { dataset_id: string; version: number; user_id: string; made_at: number; body: string };
  readonly dataset_counts: {
    dataset_id: string;
    version: number;
    business_unit: string;
    split: string;
    examples: number;
  };
  readonly dataset_examples: {
    dataset_id: string;
    version: number;
    trace_id: string;
    business_unit: string;
    input: string;
    expected: string | null;
    split: string;
  };
  readonly scoring_rules: {
    rule_id: string;
    scorer_id: string;
    version: number | null;
    predicate: string;
    rate: number;
    from_ms: number | null;
    daily_cap_usd: number | null;
    user_id: string;
    created_at: number;
    pause: string | null;
    snapshot_id: number;
    cursor: string;
    backfill: string | null;
  };
  readonly scoring_rule_units: { rule_id: string; business_unit: string };
  readonly scoring_passes: { pass_id: string; rule_id: string; started_at: number; body: string };
  readonly scoring_days: {
    rule_id: string;
    day: string;
    passes: number;
    seen: number;
    sampled: number;
    scored: number;
    unscored: number;
    cost_usd: number;
    faults: number;
  };
  readonly alerts: {
    alert_id: string;
    map_id: string;
    business_unit: string;
    cluster_id: number | null;
    kind: "emerging" | "confirmed";
    numbers: string;
    raised_at: number;
    ended_at: number | null;
    delivery: string;
    attempts: number;
    next_try: number;
    problem: string | null;
  };
  readonly promoted_scorers: { scorer_id: string; name: string; version: number };
  /** The name of a scorer in each of its units, where it is given once. */
  readonly promoted_scorer_units: { business_unit: string; name_key: string; scorer_id: string };
  readonly promoted_scorer_versions: {
    scorer_id: string;
    version: number;
    kind: string;
    text: string;
    options: string;
    scorer_version: string;
    origin: string;
    evidence: string;
    note: string;
    user_id: string;
    promoted_at: number;
  };
  readonly mask_rules: {
    business_unit: string;
    version: number;
    rules: string;
    salt: string;
    user_id: string;
    set_at: number;
  };
  readonly test_looks: {
    look_id: string;
    test: string;
    owner_units: string;
    scorer: string;
    scorer_version: string;
    user_id: string;
    looked_at: number;
    trace_ids: string;
    measured: string;
  };
}
