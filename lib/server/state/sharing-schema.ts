/** The tables of shares and of comments. */
export interface SharingTables {
  readonly shares: {
    /** `workbook`, with its slug; `report`, with the id of its run. */
    object_kind: string;
    object_id: string;
    grantee: string;
    access: string;
    user_id: string;
    shared_at: number;
  };
  /** Only ever added to. */
  readonly comments: {
    comment_id: string;
    /** The comment that the thread began with. */
    thread_id: string;
    object_kind: string;
    object_id: string;
    /** Of a trace. */
    business_unit: string | null;
    /** Key of a cell, or id of a span; null for the thing as a whole. */
    place: string | null;
    body: string;
    user_id: string;
    written_at: number;
  };
  /** What became of a comment later: `resolved`, `reopened`, `withdrawn`. Only ever added to. */
  readonly comment_marks: { mark_id: string; comment_id: string; kind: string; user_id: string; made_at: number };
  readonly comment_mentions: { comment_id: string; user_id: string; seen_at: number | null };
}
