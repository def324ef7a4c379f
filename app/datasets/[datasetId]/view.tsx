"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import type { Dataset } from "#lib/model/dataset.ts";
import { paths } from "#lib/wire/paths.ts";
import type { DatasetReply } from "#lib/wire/selections.ts";
import { Button } from "../../_parts/button.tsx";
import { LabelDraft } from "../../_parts/label-draft.tsx";
import { OriginText } from "../../_parts/origin-text.tsx";
import { PageSteps } from "../../_parts/page-steps.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import { useAttempt } from "../../_parts/use-attempt.ts";
import { ExampleTable } from "./example-table.tsx";

/** A dataset: one version's examples, where they come from, and files to take along. */
export function DatasetView({ datasetId }: { readonly datasetId: string }) {
  const router = useRouter();
  const [version, setVersion] = useState<number | null>(null);
  const [offset, setOffset] = useState(0);
  const [count, setCount] = useState(0);
  const { isBusy, fault: failed, attempt } = useAttempt();
  const [isDrafting, setDrafting] = useState(false);
  const [said, setSaid] = useState("");
  const query = `offset=${offset}${version === null ? "" : `&version=${version}`}`;
  const { value, fault } = useAnswer<DatasetReply>(`${paths.dataset(datasetId)}?${query}#${count}`);
  const renew = () =>
    attempt(async () => {
      const { versions } = await ask<Dataset>(paths.dataset(datasetId), "POST");
      setSaid(`Version ${versions[0]?.version} has ${formatCount(versions[0]?.examples ?? 0, "example")}.`);
      setVersion(null);
      setOffset(0);
      setCount((n) => n + 1);
    });
  const remove = () =>
    attempt(async () => {
      if (!window.confirm(`Delete the dataset "${value?.dataset.title}" with all its versions?`)) return;
      await ask<null>(paths.dataset(datasetId), "DELETE");
      router.push("/datasets");
    });
  const shown = value?.dataset.versions.find((one) => one.version === value.version);
  const file = (format: string) => `${paths.datasetFile(datasetId)}?version=${value?.version}&format=${format}`;
  return (
    <>
      <header className="title-bar">
        <h1>{value?.dataset.title ?? "Dataset"}</h1>
        {value && shown ? (
          <>
            <label className="field">
              Version
              <select
                className="select"
                value={value.version}
                onChange={({ target }) => {
                  setVersion(Number(target.value));
                  setOffset(0);
                }}
              >
                {value.dataset.versions.map((one) => (
                  <option key={one.version} value={one.version}>
                    {one.version}
                  </option>
                ))}
              </select>
            </label>
            <span className="row" style={{ marginLeft: "auto", gap: 8 }}>
              <a className="button" href={file("csv")} download>
                CSV
              </a>
              <a className="button" href={file("jsonl")} download>
                JSONL
              </a>
              <Button
                disabled={isBusy}
                title="Asks the same question again, and keeps what it finds now as the next version"
                onClick={() => void renew()}
              >
                Next version
              </Button>
              <Button
                title="A workbook with a scorer drafted from the labels of these traces"
                aria-expanded={isDrafting}
                onClick={() => setDrafting(!isDrafting)}
              >
                Draft a scorer
              </Button>
              <Button tone="danger" disabled={isBusy} onClick={() => void remove()}>
                Delete
              </Button>
            </span>
          </>
        ) : null}
      </header>
      <div className="content stack" style={{ gap: 12 }}>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {failed ? <StateNotice notice={{ kind: "fault", fault: failed }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the dataset" }} /> : null}
        {isDrafting ? <LabelDraft source={{ kind: "dataset", id: datasetId }} /> : null}
        {value && shown ? (
          <>
            <p className="soft" style={{ fontSize: 13 }}>
              {formatCount(shown.examples, "example")} of {value.dataset.businessUnits.join(", ")} ·{" "}
              {Object.entries(shown.bySplit)
                .map(([name, examples]) => `${name} ${examples.toLocaleString("en-US")}`)
                .join(" · ")}{" "}
              · made <TimeText atMs={shown.madeAtMs} /> with seed {shown.seed}
              {said === "" ? null : " · "}
              <span role="status">{said}</span>
            </p>
            <OriginText origin={shown.origin} />
            <ExampleTable examples={value.examples} hasExpected={shown.keepsAnswers} />
            <PageSteps offset={offset} total={shown.examples} onOffset={setOffset} />
          </>
        ) : null}
      </div>
    </>
  );
}
