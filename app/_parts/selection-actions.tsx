"use client";
import "./selection.css";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { Selection } from "#lib/model/selection.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SelectionWorkbookReply, SelectionWorkbookRequest } from "#lib/wire/selections.ts";
import { Button } from "./button.tsx";
import { SelectionDataset } from "./selection-dataset.tsx";
import { SelectionQueue } from "./selection-queue.tsx";
import { StateNotice } from "./state-notice.tsx";
import { useAttempt } from "./use-attempt.ts";
import { useSamplePlan } from "./use-sample-plan.ts";

interface SelectionActionsProps {
  readonly selection: Selection;
  /** Suggested for what is made of it. */
  readonly title: string;
  /** Puts the selection into a cell; without it, its SQL is shown to copy. */
  readonly onUse?: () => void;
  /** Called when its traces have got a label. */
  readonly onTagged?: (() => void) | undefined;
}

type Panel = "tag" | "queue" | "dataset" | "use";

const panels: readonly { readonly panel: Panel; readonly label: string; readonly about: string }[] = [
  { panel: "tag", label: "Tag", about: "Put a label on all of them" },
  { panel: "queue", label: "Queue", about: "Send a sample to people who judge" },
  { panel: "dataset", label: "Dataset", about: "Keep them as a fixed set of examples" }
];

/** What can be done with a selection. The server finds its traces anew for each; nothing of the page's points is sent. */
export function SelectionActions({ selection, title, onUse, onTagged }: SelectionActionsProps) {
  const router = useRouter();
  const [open, setOpen] = useState<Panel | null>(null);
  const [making, setMaking] = useState<SelectionWorkbookRequest["holds"] | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const toggle = (panel: Panel) => {
    setFault(null);
    setOpen(open === panel ? null : panel);
  };
  const makeWorkbook = async (holds: SelectionWorkbookRequest["holds"]) => {
    setFault(null);
    setOpen(null);
    setMaking(holds);
    try {
      const request: SelectionWorkbookRequest = { selection, holds };
      const { slug } = await ask<SelectionWorkbookReply>(paths.selectionWorkbook(), "POST", request);
      router.push(`/workbooks/${slug}`);
    } catch (error) {
      setFault(reportOf(error));
      setMaking(null);
    }
  };
  return (
    <section className="selection" aria-label={`What to do with ${title}`}>
      <div className="selection-bar">
        {panels.map(({ panel, label, about }) => (
          <Button key={panel} small title={about} aria-expanded={open === panel} onClick={() => toggle(panel)}>
            {label}
          </Button>
        ))}
        <Button
          small
          title="A workbook with a scorer drafted from what sets them apart"
          disabled={making !== null}
          onClick={() => void makeWorkbook("scorer")}
        >
          {making === "scorer" ? "Drafting …" : "Draft scorer"}
        </Button>
        <Button
          small
          title="A workbook that begins with these traces"
          disabled={making !== null}
          onClick={() => void makeWorkbook("cohort")}
        >
          {making === "cohort" ? "Opening …" : "Open as cohort"}
        </Button>
        <Button
          small
          title="The question as SQL"
          aria-expanded={onUse ? undefined : open === "use"}
          onClick={onUse ?? (() => toggle("use"))}
        >
          Use in a cell
        </Button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {open === "tag" ? <TagPanel selection={selection} onTagged={onTagged} /> : null}
      {open === "queue" ? <SelectionQueue selection={selection} title={title} /> : null}
      {open === "dataset" ? <SelectionDataset selection={selection} title={title} /> : null}
      {open === "use" ? <SqlPanel selection={selection} /> : null}
    </section>
  );
}

function TagPanel({ selection, onTagged }: Pick<SelectionActionsProps, "selection" | "onTagged">) {
  const [label, setLabel] = useState("");
  const [said, setSaid] = useState<{ readonly label: string; readonly added: number } | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const tag = () =>
    attempt(async () => {
      const { added } = await api.tag({ selection, label, note: "" });
      setSaid({ label: label.trim(), added });
      onTagged?.();
    });
  return (
    <form
      className="selection-panel"
      onSubmit={(event) => {
        event.preventDefault();
        void tag();
      }}
    >
      <div className="row">
        <input
          className="input input-small"
          aria-label="Label for the picked traces"
          placeholder="label"
          maxLength={100}
          value={label}
          onChange={({ target }) => setLabel(target.value)}
        />
        <button type="submit" className="button button-main button-small" disabled={label.trim() === "" || isBusy}>
          {isBusy ? "Labelling …" : "Label all of them"}
        </button>
        <span role="status">
          {said ? (
            <>
              {said.added === 0 ? "All of them had" : `${formatCount(said.added, "trace")} got`} the label.{" "}
              <Link href={`/traces?label=${encodeURIComponent(said.label)}`}>Show the traces with “{said.label}”</Link>
            </>
          ) : null}
        </span>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
    </form>
  );
}

function SqlPanel({ selection }: { readonly selection: Selection }) {
  const rule = { count: 1000, by: { kind: "unit" }, spread: "proportional", seed: 0 } as const;
  const { plan, fault } = useSamplePlan({ selection, rule });
  const [said, setSaid] = useState("");
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!plan) return <StateNotice notice={{ kind: "waiting", label: "Writing the question" }} />;
  return (
    <div className="selection-panel">
      <textarea readOnly aria-label="The selection as SQL" value={plan.sql} />
      <div className="row">
        <Button
          small
          onClick={() =>
            void navigator.clipboard.writeText(plan.sql).then(
              () => setSaid("Copied: paste it into a SQL cell of any workbook."),
              (error: unknown) => setSaid(reportOf(error).message)
            )
          }
        >
          Copy
        </Button>
        <span role="status" className="soft">
          {said}
        </span>
      </div>
    </div>
  );
}
