"use client";
import { type TraceColumnName, traceColumns } from "#lib/browser/trace-columns.ts";

interface TraceColumnsProps {
  readonly chosen: readonly TraceColumnName[];
  /** In the order of the list; empty asks for the first ones again. */
  readonly onChoose: (names: readonly TraceColumnName[]) => void;
}

/** Chooses the columns of the list of traces. */
export function TraceColumns({ chosen, onChoose }: TraceColumnsProps) {
  return (
    <details className="menu">
      <summary className="button" style={{ listStyle: "none" }}>
        Columns
      </summary>
      <fieldset className="menu-list" style={{ margin: 0, padding: 8 }}>
        <legend className="sr-only">Columns of the list</legend>
        {traceColumns.map(({ name, title }) => (
          <label key={name} className="row" style={{ padding: "2px 4px", fontSize: 13 }}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onChoose(
                  traceColumns
                    .map((column) => column.name)
                    .filter((one) => (one === name ? target.checked : chosen.includes(one)))
                )
              }
            />
            {title}
          </label>
        ))}
        <button type="button" className="button button-quiet button-small" onClick={() => onChoose([])}>
          As it was
        </button>
      </fieldset>
    </details>
  );
}
