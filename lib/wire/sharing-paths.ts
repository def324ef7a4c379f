/** Addresses of what is shared, published and said about things; routes live at the same paths under `app/`. */
export const sharingPaths = {
  /** GET SharesReply; PUT a ShareRequest; DELETE an UnshareRequest; each answers a SharesReply. */
  shares: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/shares`,
  /** GET PublicationReply; PUT a PublishRequest; DELETE takes the report back. */
  publication: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/publication`,
  /** GET CommentsReply of a workbook; POST a CommentRequest. */
  workbookComments: (slug: string) => `/api/workbooks/${encodeURIComponent(slug)}/comments`,
  /** GET CommentsReply of a trace; POST a CommentRequest. */
  traceComments: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}/comments`,
  /** POST a CommentMarkRequest: what became of a comment. */
  comment: (commentId: string) => `/api/comments/${encodeURIComponent(commentId)}`,
  /** GET MentionsReply: where the reader is mentioned; POST marks all as seen. */
  mentions: () => "/api/mentions"
} as const;
