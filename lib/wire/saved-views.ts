import type { SavedView } from "../model/saved-view.ts";
import { object, text } from "./parse.ts";
import { parseTraceFilter } from "./trace-filter.ts";

/** POST and PUT a view: its name, and the query string of the list. */
export type SavedViewRequest = Pick<SavedView, "name" | "query">;

/** GET the saved views, by name. */
export interface SavedViewsReply {
  readonly views: readonly SavedView[];
}

/** @throws Fault `invalid` for a query that no list of traces has */
export function parseSavedViewRequest(body: unknown): SavedViewRequest {
  const fields = object(body, "the saved view");
  const query = text(fields, "query");
  parseTraceFilter(new URLSearchParams(query));
  return { name: text(fields, "name"), query };
}
