import { formatCost, formatCount, formatDuration, formatNumber } from "#lib/browser/format.ts";
import type { CellState } from "#lib/model/run.ts";

/** Where a cell stands, in a few words: sign, word, and what it took. */
export function CellStateText({ cell, stale }: { readonly cell: CellState | undefined; readonly stale: boolean }) {
  if (!cell || cell.state === "idle") return <span className="faint">not run</span>;
  switch (cell.state) {
    case "waiting":
      return <span className="soft">… waiting{cell.for.length > 0 ? ` for ${cell.for.join(", ")}` : ""}</span>;
    case "running":
      return (
        <span className="status-busy" role="status">
          ◌ {cell.step ?? "running"}
          {cell.total ? ` ${formatNumber(cell.done ?? 0)} of ${formatNumber(cell.total)}` : ""}
          {cell.from === undefined ? "" : ` · goes on from ${cell.from}`}
          {cell.spentUsd === undefined ? "" : `, ${formatCost(cell.spentUsd)} so far`}
        </span>
      );
    case "done":
      return (
        <span className={stale ? "status-warn" : "soft"}>
          {stale ? "↻ stale · " : "✓ "}
          {formatDuration(cell.durationMs)}
          {countText(cell)}
        </span>
      );
    case "failed":
      return <span className="status-bad">✕ failed</span>;
    case "blocked":
      return <span className="status-warn">⊘ blocked by {cell.by.join(", ")}</span>;
    case "stopped":
      return <span className="status-warn">■ stopped</span>;
    default:
      return cell satisfies never;
  }
}

function countText({ result }: Extract<CellState, { state: "done" }>): string {
  if (result.kind === "table" || result.kind === "scores" || result.kind === "checks")
    return ` · ${formatCount(result.rows, "row")}`;
  if (result.kind === "calibration") return ` · ${formatCount(result.calibration.n, "trace")} judged by both`;
  if (result.kind === "map")
    return ` · ${formatCount(result.points, "point")} · ${formatCount(result.clusters.length, "cluster")}`;
  return result.kind === "scorer" ? ` · version ${result.version}` : "";
}
