"use client";
import { useState } from "react";
import { nameStems } from "#lib/browser/cell-edits.ts";
import type { NewCell } from "#lib/workbook/edit.ts";
import { kindLabels } from "./cell-menu.tsx";

/** What each new cell begins with; its name is made free where it is taken. */
function startingCell(kind: NewCell["kind"]): NewCell {
  const name = nameStems[kind];
  switch (kind) {
    case "prose":
      return { kind, text: "Write here.\n" };
    case "sql":
      return { kind, name, text: "select *\nfrom traces\norder by started_at desc\nlimit 100\n" };
    case "check":
      return {
        kind,
        name,
        text: "select 'error rate' as name, avg((errors > 0)::int) as value, 0.05 as threshold, avg((errors > 0)::int) <= 0.05 as pass, count(*) as n\nfrom traces\n"
      };
    case "scorer":
      return {
        kind,
        name,
        text: 'import { fail, pass, scorer, unscored } from "tracebook";\n\nexport default scorer({\n  score: (trace) => {\n    if (trace.output === "") return unscored("there is no answer");\n    return trace.output.length < 2000 ? pass() : fail("the answer is long");\n  }\n});\n'
      };
    case "judge":
      return {
        kind,
        name,
        text: "criterion: The answer does what the user asked for.\nlabels:\n  pass: It does all of it.\n  fail: It does not, or only in part.\nsees: [conversation]\nbudget_usd: 0.5\n"
      };
    case "score":
      return { kind, name, text: `traces: traces\nscorer: ${nameStems.scorer}\n` };
    case "map":
      return { kind, name, text: "traces: traces\ntext: input\n" };
    case "calibration":
      return { kind, name, text: `scores: ${nameStems.score}\nlabels: annotations\npasses: [good]\n` };
    case "chart":
      return { kind, name, text: "Plot.plot({ marks: [] })\n" };
    default:
      return kind satisfies never;
  }
}

/** A plus between cells that opens into the kinds. */
export function AddCell({ onAdd }: { readonly onAdd: (cell: NewCell) => void }) {
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
        ? (Object.keys(kindLabels) as NewCell["kind"][]).map((kind) => (
            <button
              key={kind}
              type="button"
              className="button button-small"
              onClick={() => {
                setOpen(false);
                onAdd(startingCell(kind));
              }}
            >
              {kindLabels[kind]}
            </button>
          ))
        : null}
    </div>
  );
}
