import type { SaveState } from "../use-draft.ts";

/** Where the saving stands, with its revision. */
export function SaveText({ save, revision }: { readonly save: SaveState; readonly revision: number }) {
  const words = {
    saved: "● saved",
    unsaved: "○ not saved yet",
    saving: "◌ saving",
    failed: "✕ not saved; kept in this browser",
    conflict: "! somebody saved meanwhile"
  };
  const tone = save.kind === "failed" || save.kind === "conflict" ? "status-bad" : "soft";
  return (
    <span className={tone} role="status" data-testid="save-state">
      {words[save.kind]} · r{revision}
    </span>
  );
}

/** How the last run ended. */
export function OutcomeText({ outcome }: { readonly outcome: string }) {
  const tone = outcome === "passed" ? "status-good" : outcome === "stopped" ? "status-warn" : "status-bad";
  const sign = outcome === "passed" ? "✓" : outcome === "stopped" ? "■" : "✕";
  return (
    <span className={`chip ${tone}`} data-testid="outcome">
      {sign} {outcome}
    </span>
  );
}
