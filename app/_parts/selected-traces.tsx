"use client";
import { useState } from "react";
import { api } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { reportOf } from "#lib/model/fault.ts";
import { Button } from "./button.tsx";

interface SelectedTracesProps {
  readonly traceIds: readonly string[];
  readonly onClear: () => void;
  readonly onLabelled: () => void;
}

/** What can be done with selected rows: a label for all of them, or their ids to take along. */
export function SelectedTraces({ traceIds, onClear, onLabelled }: SelectedTracesProps) {
  const [label, setLabel] = useState("");
  const [said, setSaid] = useState("");
  return (
    <form
      className="row"
      aria-label="Selected traces"
      style={{ flexWrap: "wrap", padding: "8px 16px", borderTop: "1px solid var(--line)", fontSize: 13 }}
      onSubmit={(event) => {
        event.preventDefault();
        api.tag({ traceIds, label, note: "" }).then(
          ({ added }) => {
            setSaid(`${formatCount(added, "trace")} labelled "${label.trim()}"`);
            setLabel("");
            onLabelled();
          },
          (error: unknown) => setSaid(reportOf(error).message)
        );
      }}
    >
      <strong className="num">{traceIds.length.toLocaleString("en-US")} selected</strong>
      <input
        className="input input-small"
        aria-label="Label for the selected traces"
        placeholder="Label"
        value={label}
        onChange={({ target }) => setLabel(target.value)}
      />
      <button type="submit" className="button button-small" disabled={label.trim() === ""}>
        Label them
      </button>
      <Button
        small
        tone="quiet"
        onClick={() =>
          void navigator.clipboard.writeText(traceIds.join("\n")).then(
            () => setSaid("Ids copied"),
            (error: unknown) => setSaid(reportOf(error).message)
          )
        }
      >
        Copy ids
      </Button>
      <Button small tone="quiet" onClick={onClear}>
        Clear selection
      </Button>
      <span role="status" className="soft">
        {said}
      </span>
    </form>
  );
}
