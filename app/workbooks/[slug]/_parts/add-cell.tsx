"use client";
import { useState } from "react";
import type { NewCell } from "#lib/workbook/edit.ts";

/** What each new cell begins with. `name` is free among the names that are taken. */
function startingCell(kind: NewCell["kind"], taken: ReadonlySet<string>): NewCell {
  const free = (stem: string): string => {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? stem : `${stem}_${count}`;
      if (!taken.has(name)) return name;
    }
  };
  switch (kind) {
    case "prose":
      return { kind, text: "Write here.\n" };
    case "sql":
      return { kind, name: free("question"), text: "select *\nfrom traces\norder by started_at desc\nlimit 100\n" };
    case "check":
      return {
        kind,
        name: free("check"),
        text: "select 'error rate' as name, avg((errors > 0)::int) as value, 0.05 as threshold, avg((errors > 0)::int) <= 0.05 as pass, count(*) as n\nfrom traces\n"
      };
    case "scorer":
      return {
        kind,
        name: free("scorer"),
        text: 'import { fail, pass, scorer, unscored } from "tracebook";\n\nexport default scorer({\n  score: (trace) => {\n    if (trace.output === "") return unscored("there is no answer");\n    return trace.output.length < 2000 ? pass() : fail("the answer is long");\n  }\n});\n'
      };
    case "score":
      return { kind, name: free("scores"), text: "traces: traces\nscorer: scorer\n" };
    case "map":
      return { kind, name: free("topics"), text: "traces: traces\ntext: input\n" };
    case "chart":
      return { kind, name: free("chart"), text: "Plot.plot({ marks: [] })\n" };
    default:
      return kind satisfies never;
  }
}

const kinds: readonly (readonly [NewCell["kind"], string])[] = [
  ["prose", "Text"],
  ["sql", "SQL"],
  ["chart", "Chart"],
  ["scorer", "Scorer"],
  ["score", "Score"],
  ["map", "Map"],
  ["check", "Check"]
];

/** A plus between cells that opens into the kinds. */
export function AddCell({
  taken,
  onAdd
}: {
  readonly taken: ReadonlySet<string>;
  readonly onAdd: (cell: NewCell) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <div className="add-cell" data-open={open}>
      <button
        type="button"
        className="add-plus"
        aria-expanded={open}
        aria-label="Add a cell here"
        onClick={() => setOpen(!open)}
      >
        +
      </button>
      {open
        ? kinds.map(([kind, word]) => (
            <button
              key={kind}
              type="button"
              className="button button-small"
              onClick={() => {
                setOpen(false);
                onAdd(startingCell(kind, taken));
              }}
            >
              {word}
            </button>
          ))
        : null}
    </div>
  );
}
