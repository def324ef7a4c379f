"use client";
import Link from "next/link";
import { paths } from "#lib/wire/paths.ts";
import type { DatasetsReply } from "#lib/wire/selections.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";

/** Datasets, the newest first. */
export function DatasetsView() {
  const { value, fault } = useAnswer<DatasetsReply>(paths.datasets());
  return (
    <>
      <header className="title-bar">
        <h1>Sets</h1>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading datasets" }} /> : null}
        {value?.datasets.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: "There is no dataset yet.",
              next: (
                <>
                  Open a <Link href="/maps">map</Link>, draw around some traces, and keep them as a dataset.
                </>
              )
            }}
          />
        ) : null}
        {value && value.datasets.length > 0 ? <DatasetTable datasets={value.datasets} /> : null}
      </div>
    </>
  );
}

function DatasetTable({ datasets }: DatasetsReply) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Dataset</th>
          <th>Units</th>
          <th className="right">Version</th>
          <th className="right">Examples</th>
          <th>Splits</th>
          <th>Last version</th>
        </tr>
      </thead>
      <tbody>
        {datasets.map(({ datasetId, title, businessUnits, versions: [newest] }) => (
          <tr key={datasetId}>
            <td>
              <Link href={paths.datasetPage(datasetId)}>{title}</Link>
            </td>
            <td>{businessUnits.join(", ")}</td>
            <td className="right">{newest?.version}</td>
            <td className="right">{newest?.examples.toLocaleString("en-US")}</td>
            <td>
              {Object.entries(newest?.bySplit ?? {})
                .map(([name, examples]) => `${name} ${examples.toLocaleString("en-US")}`)
                .join(" · ")}
            </td>
            <td>{newest ? <TimeText atMs={newest.madeAtMs} /> : null}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
