import { isFault, reportOf } from "#lib/model/fault.ts";
import { allTraces, formatTraceFilter, parseTraceFilter, type TraceFilter } from "#lib/wire/trace-filter.ts";
import { formatColumns, parseColumns, type ShownColumn } from "./trace-columns.ts";

/** All that the address of the list of traces says. */
export interface ListAddress {
  readonly filter: TraceFilter;
  /** Null where the address leaves them to the browser. */
  readonly columns: readonly ShownColumn[] | null;
  /** Keys (`unit/traceId`) of selected rows. */
  readonly selected: readonly string[];
  /** The saved view that the list began with. */
  readonly viewId: string | null;
  readonly isLive: boolean;
  /** Key of the row that the keyboard is at, where it is not the first. */
  readonly at: string | null;
}

/** Selected rows that an address names; more are selected for as long as the page is open. */
const mostSelected = 50;

/** Reads an address; a mistyped filter shows all traces rather than a broken page, and `mistake` says what it is. */
export function parseListAddress(query: string): ListAddress & { readonly mistake: string | null } {
  const asked = new URLSearchParams(query);
  const [filter, mistake] = readFilter(asked);
  return {
    filter,
    mistake,
    columns: asked.has("columns") ? parseColumns(asked.get("columns")) : null,
    selected: (asked.get("selected") ?? "").split(",").filter((key) => key !== ""),
    viewId: asked.get("view") || null,
    isLive: asked.get("live") === "on",
    at: asked.get("at") || null
  };
}

/** The query string of an address; `parseListAddress` gives it back. */
export function formatListAddress({ filter, columns, selected, viewId, isLive, at }: ListAddress): string {
  const query = formatTraceFilter({ ...filter, before: null });
  if (columns) query.set("columns", formatColumns(columns));
  if (selected.length > 0) query.set("selected", selected.slice(0, mostSelected).join(","));
  if (viewId) query.set("view", viewId);
  if (isLive) query.set("live", "on");
  if (at) query.set("at", at);
  // Commas, slashes and colons are allowed in a query and easier on the eye.
  return query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** What a saved view keeps of an address: filter, order and columns. */
export function formatViewQuery({ filter, columns }: Pick<ListAddress, "filter" | "columns">): string {
  return formatListAddress({ filter, columns, selected: [], viewId: null, isLive: false, at: null });
}

function readFilter(asked: URLSearchParams): readonly [TraceFilter, string | null] {
  try {
    return [{ ...parseTraceFilter(asked), before: null }, null];
  } catch (error) {
    if (!isFault(error)) throw error;
    return [allTraces, reportOf(error).message];
  }
}
