/** A column of the list of traces. */
export interface TraceColumn {
  readonly name: string;
  readonly title: string;
  /** A track of a CSS grid. */
  readonly width: string;
  /** Width in pixels below which the column is not squeezed. */
  readonly leastPx: number;
  readonly isNumber: boolean;
  /** Shown until somebody chooses. */
  readonly isFirst: boolean;
}

/** All columns of the list of traces, in the order they are shown. */
export const traceColumns = [
  { name: "began", title: "Began", width: "116px", leastPx: 116, isNumber: false, isFirst: true },
  { name: "unit", title: "Unit", width: "96px", leastPx: 96, isNumber: false, isFirst: false },
  { name: "status", title: "Status", width: "92px", leastPx: 92, isNumber: false, isFirst: true },
  { name: "agent", title: "Agent", width: "124px", leastPx: 124, isNumber: false, isFirst: true },
  { name: "version", title: "Version", width: "72px", leastPx: 72, isNumber: false, isFirst: false },
  { name: "input", title: "Input", width: "minmax(120px, 2fr)", leastPx: 120, isNumber: false, isFirst: true },
  { name: "output", title: "Output", width: "minmax(90px, 1.4fr)", leastPx: 90, isNumber: false, isFirst: true },
  { name: "models", title: "Models", width: "110px", leastPx: 110, isNumber: false, isFirst: false },
  { name: "session", title: "Session", width: "110px", leastPx: 110, isNumber: false, isFirst: false },
  { name: "duration", title: "Duration", width: "84px", leastPx: 84, isNumber: true, isFirst: true },
  { name: "spans", title: "Spans", width: "52px", leastPx: 52, isNumber: true, isFirst: true },
  { name: "llmCalls", title: "Model calls", width: "76px", leastPx: 76, isNumber: true, isFirst: false },
  { name: "toolCalls", title: "Tool calls", width: "68px", leastPx: 68, isNumber: true, isFirst: false },
  { name: "tokens", title: "Tokens", width: "60px", leastPx: 60, isNumber: true, isFirst: true },
  { name: "cost", title: "Cost", width: "72px", leastPx: 72, isNumber: true, isFirst: true },
  { name: "traceId", title: "Trace", width: "260px", leastPx: 260, isNumber: false, isFirst: false }
] as const satisfies readonly TraceColumn[];

/** Names of the columns. */
export type TraceColumnName = (typeof traceColumns)[number]["name"];

const key = "tracebook.trace-columns";

/** The columns this browser keeps as chosen; the first ones where it keeps none, or what is there names none. */
export function findTraceColumns(storage: Pick<Storage, "getItem">): readonly TraceColumnName[] {
  const kept = new Set((storage.getItem(key) ?? "").split(","));
  const chosen = traceColumns.filter(({ name }) => kept.has(name));
  return (chosen.length > 0 ? chosen : traceColumns.filter(({ isFirst }) => isFirst)).map(({ name }) => name);
}

/** Keeps the chosen columns in this browser; none at all brings back the first ones. */
export function keepTraceColumns(
  storage: Pick<Storage, "setItem" | "removeItem">,
  names: readonly TraceColumnName[]
): void {
  if (names.length === 0) storage.removeItem(key);
  else storage.setItem(key, names.join(","));
}
