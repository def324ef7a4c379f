import type { SortColumn } from "#lib/wire/trace-filter.ts";

/** A column of the list of traces. */
export interface TraceColumn {
  readonly name: string;
  readonly title: string;
  /** Width in pixels until somebody chooses another. */
  readonly widthPx: number;
  /** Shares what room is left, by this weight; 0 keeps its width. */
  readonly grow: number;
  readonly isNumber: boolean;
  /** Shown until somebody chooses. */
  readonly isFirst: boolean;
  /** What the list is sorted by when its head is pressed. */
  readonly sort: SortColumn | null;
}

const column = (
  name: string,
  title: string,
  widthPx: number,
  more: Partial<Omit<TraceColumn, "name" | "title" | "widthPx">> = {}
) => ({ name, title, widthPx, grow: 0, isNumber: false, isFirst: false, sort: null, ...more });

const words = {
  began: column("began", "Began", 116, { isFirst: true, sort: "began" }),
  unit: column("unit", "Unit", 96, { sort: "unit" }),
  status: column("status", "Status", 88, { isFirst: true, sort: "status" }),
  agent: column("agent", "Agent", 124, { isFirst: true, sort: "agent" }),
  version: column("version", "Version", 76),
  input: column("input", "Input", 130, { grow: 2, isFirst: true }),
  output: column("output", "Output", 100, { grow: 1.4, isFirst: true }),
  models: column("models", "Models", 120),
  session: column("session", "Session", 120),
  duration: column("duration", "Duration", 80, { isNumber: true, isFirst: true, sort: "duration" }),
  spans: column("spans", "Spans", 64, { isNumber: true, sort: "spans" }),
  llmCalls: column("llmCalls", "Model calls", 92, { isNumber: true, sort: "llmCalls" }),
  toolCalls: column("toolCalls", "Tool calls", 84, { isNumber: true, sort: "toolCalls" }),
  errors: column("errors", "Errors", 68, { isNumber: true, sort: "errors" }),
  tokens: column("tokens", "Tokens", 68, { isNumber: true, isFirst: true, sort: "tokens" }),
  cost: column("cost", "Cost", 80, { isNumber: true, isFirst: true, sort: "cost" }),
  traceId: column("traceId", "Trace", 264)
} as const satisfies Readonly<Record<string, TraceColumn>>;

/** Names of the columns. */
export type TraceColumnName = keyof typeof words;

/** All columns of the list of traces. */
export const traceColumns = Object.values(words) as readonly (TraceColumn & { readonly name: TraceColumnName })[];

/** A column that is shown, and the width somebody gave it. */
export interface ShownColumn {
  readonly name: TraceColumnName;
  readonly widthPx: number | null;
}

/** The columns until somebody chooses. */
export const firstColumns: readonly ShownColumn[] = traceColumns
  .filter(({ isFirst }) => isFirst)
  .map(({ name }) => ({ name, widthPx: null }));

const leastPx = 48;
const mostPx = 1200;

/** What is known of a column. */
export function traceColumn(name: TraceColumnName): TraceColumn & { readonly name: TraceColumnName } {
  return words[name] as TraceColumn & { readonly name: TraceColumnName };
}

/** `began,input:320`: shown columns in their order, as an address and a browser keep them. */
export function formatColumns(columns: readonly ShownColumn[]): string {
  return columns.map(({ name, widthPx }) => (widthPx === null ? name : `${name}:${Math.round(widthPx)}`)).join(",");
}

/** The columns that a text names; what it names wrongly is left out, and the first ones stand for none at all. */
export function parseColumns(text: string | null): readonly ShownColumn[] {
  const shown = new Map<string, ShownColumn>();
  for (const part of (text ?? "").split(",")) {
    const [name = "", width] = part.split(":");
    if (!Object.hasOwn(words, name) || shown.has(name)) continue;
    const px = Number(width);
    const isWidth = width !== undefined && Number.isFinite(px);
    shown.set(name, {
      name: name as TraceColumnName,
      widthPx: isWidth ? Math.min(mostPx, Math.max(leastPx, Math.round(px))) : null
    });
  }
  return shown.size > 0 ? [...shown.values()] : firstColumns;
}

/** Tracks of a CSS grid for the columns, and the width in pixels below which they are not squeezed, gaps aside. */
export function columnTracks(columns: readonly ShownColumn[]): { readonly tracks: string; readonly leastPx: number } {
  const widths = columns.map(({ name, widthPx }) => ({ ...traceColumn(name), own: widthPx }));
  return {
    tracks: widths
      .map(({ widthPx, grow, own }) =>
        own === null && grow > 0 ? `minmax(${widthPx}px, ${grow}fr)` : `${own ?? widthPx}px`
      )
      .join(" "),
    leastPx: widths.reduce((sum, { widthPx, own }) => sum + (own ?? widthPx), 0)
  };
}

/** The columns with one of them moved by places, to the left below 0. */
export function moveColumn(columns: readonly ShownColumn[], name: TraceColumnName, by: number): readonly ShownColumn[] {
  const at = columns.findIndex((one) => one.name === name);
  const to = at + by;
  if (at < 0 || to < 0 || to >= columns.length) return columns;
  const rest = columns.toSpliced(at, 1);
  return rest.toSpliced(to, 0, columns[at]!);
}
