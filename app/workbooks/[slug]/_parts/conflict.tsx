"use client";
import { useMemo } from "react";
import { type DiffLine, diffLines } from "#lib/browser/diff-lines.ts";
import { Button } from "../../../_parts/button.tsx";

interface ConflictProps {
  readonly mine: string;
  readonly theirs: string;
  readonly revision: number;
  readonly onSettle: (mine: boolean) => void;
}

/** Both texts side by side, what differs marked; neither is lost whichever is chosen. */
export function Conflict({ mine, theirs, revision, onSettle }: ConflictProps) {
  const lines = useMemo(() => diffLines(theirs, mine), [theirs, mine]);
  return (
    <div className="card conflict-card" role="alert">
      <p>
        Somebody saved revision {revision} while you were writing. Nothing of yours is lost: choose which text goes on.
      </p>
      <div className="conflict">
        <div>
          <Button small onClick={() => onSettle(true)}>
            Go on with mine, as a new revision
          </Button>
          <Side label="Your text" lines={lines} without="removed" sign="+" />
        </div>
        <div>
          <Button small onClick={() => onSettle(false)}>
            Take revision {revision}
          </Button>
          <Side label={`Revision ${revision}`} lines={lines} without="added" sign="−" />
        </div>
      </div>
    </div>
  );
}

interface SideProps {
  readonly label: string;
  readonly lines: readonly DiffLine[];
  readonly without: DiffLine["change"];
  /** Stands before each line that only this side has, so that colour is not all that tells. */
  readonly sign: string;
}

function Side({ label, lines, without, sign }: SideProps) {
  const shown = lines.filter(({ change }) => change !== without);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className="conflict-side" tabIndex={0} aria-label={label}>
      {shown.map(({ change, text }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff have no identity but their place
          key={index}
          className="conflict-line"
          data-change={change}
          ref={index === shown.findIndex((line) => line.change !== "same") ? showLine : undefined}
        >
          {change === "same" ? "  " : `${sign} `}
          {text}
        </div>
      ))}
    </section>
  );
}

/** Scrolls a side, and nothing around it, to the first line that differs. */
function showLine(line: HTMLDivElement | null): void {
  const side = line?.parentElement;
  if (line && side) side.scrollTop = Math.max(0, line.offsetTop - side.offsetTop - 40);
}
