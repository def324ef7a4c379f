/** Tables of queues and of what people say in them. */
export interface QueueTables {
  readonly queues: {
    queue_id: string;
    title: string;
    user_id: string;
    created_at: number;
    origin: string;
    rule: string;
    rubric_version: number;
    reviews_per_item: number;
    is_blind: number;
    /** JSON list of user ids; null is anybody of the unit. */
    reviewers: string | null;
    adjudicators: string | null;
    decide_by: string;
    mode: string;
  };
  readonly rubrics: { queue_id: string; version: number; user_id: string; made_at: number; body: string };
  readonly queue_items: {
    queue_id: string;
    business_unit: string;
    position: number;
    trace_id: string;
    stratum: string;
    inclusion_probability: number;
    state: string;
    done_by: string | null;
    done_at: number | null;
    verdict: string;
    final_label: string | null;
    /** The other trace of a pair. */
    other_trace_id: string | null;
  };
  readonly reviews: {
    queue_id: string;
    business_unit: string;
    trace_id: string;
    user_id: string;
    version: number;
    rubric_version: number;
    kind: string;
    judgement: string;
    label: string | null;
    duration_ms: number;
    made_at: number;
  };
  /** Who may judge an item: as many slots as it needs reviews. One with a judgement in it does not expire. */
  readonly review_slots: {
    queue_id: string;
    business_unit: string;
    trace_id: string;
    slot: number;
    user_id: string;
    expires_at: number | null;
  };
  readonly adjudications: {
    queue_id: string;
    business_unit: string;
    trace_id: string;
    version: number;
    rubric_version: number;
    /** Null takes an earlier decision back. */
    label: string | null;
    reason: string;
    user_id: string;
    made_at: number;
  };
  /** Items whose label is known before anybody judges them. */
  readonly gold_items: {
    queue_id: string;
    business_unit: string;
    trace_id: string;
    label: string;
    user_id: string;
    made_at: number;
  };
  readonly queue_fillings: {
    queue_id: string;
    business_units: string;
    predicate: string;
    rate: number;
    from_ms: number | null;
    daily_cap: number | null;
    total_cap: number;
    user_id: string;
    created_at: number;
    pause: string | null;
    snapshot_id: number;
    cursor: string;
    added: number;
  };
  readonly queue_filling_days: { queue_id: string; day: string; seen: number; sampled: number; added: number };
}
