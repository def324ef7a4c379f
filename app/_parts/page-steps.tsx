"use client";
import { pageRows } from "#lib/wire/selections.ts";
import { Button } from "./button.tsx";

interface PageStepsProps {
  readonly offset: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
}

/** Earlier and later rows of a long list; nothing where all of them are seen. */
export function PageSteps({ offset, total, onOffset }: PageStepsProps) {
  if (total <= pageRows) return null;
  const last = Math.min(total, offset + pageRows);
  return (
    <nav className="row" aria-label="Rows" style={{ gap: 8 }}>
      <Button small disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - pageRows))}>
        Earlier
      </Button>
      <Button small disabled={last >= total} onClick={() => onOffset(offset + pageRows)}>
        Later
      </Button>
      <span className="soft num">
        {(offset + 1).toLocaleString("en-US")} to {last.toLocaleString("en-US")} of {total.toLocaleString("en-US")}
      </span>
    </nav>
  );
}
