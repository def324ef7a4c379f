// biome-ignore-all lint/a11y/useSemanticElements: rows drawn by need are placed by hand, which table elements cannot be
import Link from "next/link";
import { type ColumnLook, formatCell, shownCharacters } from "#lib/browser/table-window.ts";

interface DataCellProps {
  readonly column: string;
  /** Undefined while the row is on its way. */
  readonly found: FoundValue | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onFull: () => void;
}

/** A value that a table holds. */
export interface FoundValue {
  readonly value: unknown;
  readonly look: ColumnLook;
  /** Characters of a text of which `value` is only the beginning; null for a whole value. */
  readonly characters: number | null;
}

/** One value of a table: trace ids lead to the trace, truth has a sign and a word, long texts open on double click. */
export function DataCell({ column, found, chosen, onChoose, onFull }: DataCellProps) {
  const empty = found?.value === null || found?.value === undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the arrow keys and Enter for its cells
    <div
      className={found && empty ? "data-td data-null" : "data-td"}
      role="gridcell"
      data-number={found?.look === "number"}
      data-chosen={chosen}
      aria-selected={chosen}
      tabIndex={-1}
      onClick={onChoose}
      onDoubleClick={() => found && onFull()}
    >
      {found ? draw(column, found, onFull) : "…"}
    </div>
  );
}

function draw(column: string, { value, look, characters }: FoundValue, onFull: () => void): React.ReactNode {
  if (column === "trace_id" && typeof value === "string" && /^[0-9a-f]{32}$/.test(value)) {
    return (
      <Link className="mono" href={`/traces/${value}`} prefetch={false} title={value}>
        {value.slice(0, 12)}…
      </Link>
    );
  }
  if (typeof value === "boolean") {
    return <span className={value ? "status-good" : "status-bad"}>{value ? "✓ true" : "✕ false"}</span>;
  }
  const text = formatCell(value, look);
  if (typeof value !== "string" || value.length <= shownCharacters) return <span title={text}>{text}</span>;
  return (
    <>
      <button type="button" className="button button-quiet button-small" tabIndex={-1} onClick={onFull}>
        {Math.ceil((characters ?? value.length) / 1000).toLocaleString("en-US")} k ⤢
      </button>{" "}
      {text}
    </>
  );
}
