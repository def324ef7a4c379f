"use client";
import Link from "next/link";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import type { Dataset } from "#lib/model/dataset.ts";
import type { Selection } from "#lib/model/selection.ts";
import { paths } from "#lib/wire/paths.ts";
import type { DatasetRequest } from "#lib/wire/selections.ts";
import { StateNotice } from "./state-notice.tsx";
import { useAttempt } from "./use-attempt.ts";

interface SelectionDatasetProps {
  readonly selection: Selection;
  readonly title: string;
}

/** Keeps a selection as a dataset: each trace falls into one of two splits by a draw of its own. */
export function SelectionDataset({ selection, title }: SelectionDatasetProps) {
  const [name, setName] = useState(title);
  const [percent, setPercent] = useState(20);
  const [keepsAnswers, setKeepsAnswers] = useState(false);
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 31));
  const [made, setMade] = useState<Dataset | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const make = () =>
    attempt(async () => {
      const parts = [
        { name: "train", share: (100 - percent) / 100 },
        { name: "test", share: percent / 100 }
      ];
      const splits = parts.filter(({ share }) => share > 0);
      const request: DatasetRequest = { title: name, selection, splits, seed, keepsAnswers };
      setMade(await ask<Dataset>(paths.datasets(), "POST", request));
    });
  if (made) {
    return (
      <div className="selection-panel" role="status">
        <span>
          {formatCount(made.versions[0]?.examples ?? 0, "example")} kept in{" "}
          <Link href={paths.datasetPage(made.datasetId)}>{made.title}</Link>.
        </span>
      </div>
    );
  }
  return (
    <form
      className="selection-panel"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div className="row">
        <label className="field">
          Title
          <input
            className="input input-small"
            style={{ width: 280 }}
            maxLength={120}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          Share kept for testing
          <input
            type="number"
            className="input input-small"
            style={{ width: 64 }}
            min={0}
            max={100}
            value={percent}
            onChange={({ target }) => setPercent(Math.max(0, Math.min(100, Math.round(target.valueAsNumber || 0))))}
          />
          %
        </label>
        <label className="field">
          <input type="checkbox" checked={keepsAnswers} onChange={({ target }) => setKeepsAnswers(target.checked)} />
          Take the agents' answers as what is expected
        </label>
        <button type="submit" className="button button-main button-small" disabled={name.trim() === "" || isBusy}>
          {isBusy ? "Making …" : "Make the dataset"}
        </button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
    </form>
  );
}
