"use client";
import { useEffect, useState } from "react";

/** What a row of the tree tells beside the span's name. */
export type TreeColumn = "tokens" | "cost" | "duration" | "time";

const all: readonly {
  readonly column: TreeColumn;
  readonly word: string;
  readonly about: string;
  readonly width: string;
}[] = [
  {
    column: "tokens",
    word: "Tokens",
    about: "Input and output tokens of the span and all below it, each model call counted once",
    width: "56px"
  },
  {
    column: "cost",
    word: "Cost",
    about: "Cost of the span and all below it, each model call counted once",
    width: "56px"
  },
  { column: "duration", word: "Duration", about: "From the start of the span to its end", width: "68px" },
  { column: "time", word: "Time", about: "Where the span lies in the trace", width: "minmax(40px, 22%)" }
];
const usual: readonly TreeColumn[] = ["duration", "time"];
const kept = "trace-tree-columns";

/** The columns that this browser shows, as last chosen. */
export function useTreeColumns(): readonly [readonly TreeColumn[], (columns: readonly TreeColumn[]) => void] {
  const [columns, setColumns] = useState(usual);
  useEffect(() => {
    const words = localStorage.getItem(kept)?.split(",");
    if (words) setColumns(all.map(({ column }) => column).filter((column) => words.includes(column)));
  }, []);
  return [
    columns,
    (next) => {
      localStorage.setItem(kept, next.join(","));
      setColumns(next);
    }
  ];
}

/** The grid of a row. */
export function templateOf(columns: readonly TreeColumn[]): string {
  const widths = all.filter(({ column }) => columns.includes(column)).map(({ width }) => width);
  return ["minmax(120px, 1fr)", ...widths].join(" ");
}

interface ColumnSwitchProps {
  readonly columns: readonly TreeColumn[];
  readonly onChange: (columns: readonly TreeColumn[]) => void;
}

/** Turns each column on and off. */
export function ColumnSwitch({ columns, onChange }: ColumnSwitchProps) {
  return (
    <div className="tree-head">
      <span className="grow">Span</span>
      {all.map(({ column, word, about }) => (
        <button
          key={column}
          type="button"
          className="button button-small"
          aria-pressed={columns.includes(column)}
          title={about}
          onClick={() =>
            onChange(
              all
                .map((one) => one.column)
                .filter((one) => (one === column ? !columns.includes(one) : columns.includes(one)))
            )
          }
        >
          {word}
        </button>
      ))}
    </div>
  );
}
