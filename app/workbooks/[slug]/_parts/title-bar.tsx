import { allows, type WorkbookAccess } from "#lib/model/share.ts";
import { Button } from "../../../_parts/button.tsx";
import { Menu } from "../../../_parts/menu.tsx";
import type { SaveState } from "../use-draft.ts";
import { TitleAccess } from "./title-access.tsx";
import { OutcomeText, SaveText } from "./title-state.tsx";

/** What the page shows below its title. */
export type WorkbookPane = "cells" | "source" | "revisions";

interface TitleBarProps {
  readonly title: string;
  readonly access: WorkbookAccess;
  readonly owner: string;
  readonly save: SaveState;
  readonly revision: number;
  readonly outcome: string | null;
  readonly running: boolean;
  /** Cells that are stale. */
  readonly stale: number;
  readonly auto: boolean;
  readonly pane: WorkbookPane;
  readonly onAuto: (auto: boolean) => void;
  readonly onPane: (pane: WorkbookPane) => void;
  readonly onShare: () => void;
  readonly onCopy: () => void;
  readonly onDownload: () => void;
  readonly onRuns: () => void;
  readonly onRun: (asked: "all" | "stale") => void;
  readonly onStop: () => void;
}

/** Title, save state, the one switch for what runs and when, and all else behind `⋯`. */
export function TitleBar(props: TitleBarProps) {
  const { title, save, revision, outcome, running, stale, auto, pane, onAuto, onPane, onRun, onStop } = props;
  return (
    <header className="title-bar">
      <h1>{title}</h1>
      {allows(props.access, "edit") ? (
        <SaveText save={save} revision={revision} />
      ) : (
        <span className="soft" data-testid="save-state">
          read only · r{revision}
        </span>
      )}
      <span className="row title-tools">
        {outcome ? <OutcomeText outcome={outcome} /> : null}
        {pane === "cells" ? null : (
          <Button small onClick={() => onPane("cells")}>
            Back to cells
          </Button>
        )}
        <TitleAccess access={props.access} owner={props.owner} onShare={props.onShare} onCopy={props.onCopy} />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
        <span className="run-switch" role="group" aria-label="What runs and when">
          {running ? (
            <Button tone="main" icon="stop" onClick={onStop}>
              Stop
            </Button>
          ) : (
            <Button tone="main" icon="play" title="Run all (Ctrl+Shift+Enter)" onClick={() => onRun("all")}>
              Run all
            </Button>
          )}
          <Button disabled={running || auto || stale === 0} onClick={() => onRun("stale")}>
            Run stale{stale > 0 ? ` (${stale})` : ""}
          </Button>
          <Button
            aria-pressed={auto}
            title={auto ? "Stale cells run by themselves" : "Let stale cells run by themselves"}
            onClick={() => onAuto(!auto)}
          >
            {auto ? "✓ Automatic" : "Automatic"}
          </Button>
        </span>
        <Menu
          label="More for this workbook"
          items={[
            {
              label: pane === "source" ? "Cells" : "Source",
              onChoose: () => onPane(pane === "source" ? "cells" : "source")
            },
            { label: "Revisions", onChoose: () => onPane(pane === "revisions" ? "cells" : "revisions") },
            { label: "Make a copy", onChoose: props.onCopy },
            { label: "Download", onChoose: props.onDownload },
            { label: "Runs", onChoose: props.onRuns }
          ]}
        />
      </span>
    </header>
  );
}
