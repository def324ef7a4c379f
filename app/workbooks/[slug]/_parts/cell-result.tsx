"use client";
import { useMemo, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { formatExact } from "#lib/browser/format.ts";
import type { CellResult, Check } from "#lib/model/run.ts";
import type { TableInfo } from "#lib/model/table.ts";
import { paths } from "#lib/wire/paths.ts";
import { formatCheckValue, formatThreshold } from "#lib/work/report-numbers.ts";
import { DataTable } from "../../../_parts/data-table.tsx";
import { NumberText, RateText } from "../../../_parts/text.tsx";
import { CalibrationView } from "./calibration-cell.tsx";
import { ChartCell } from "./chart-cell.tsx";
import { MapCell } from "./map-cell.tsx";

interface CellResultProps {
  readonly slug: string;
  readonly name: string;
  readonly code: string;
  readonly result: CellResult;
  readonly version: string;
  readonly onSelected: () => void;
  readonly onUse: (table: string) => void;
  readonly onClusterSize: (size: number) => void;
  readonly actions?: React.ReactNode;
}

/** What a cell gave, by its kind. */
export function CellResultView(props: CellResultProps) {
  const { slug, result, version, actions } = props;
  switch (result.kind) {
    case "prose":
    case "scorer":
      return null;
    case "table":
      return (
        <ResultTable
          slug={slug}
          info={{ name: result.table, columns: result.columns, rows: result.rows }}
          version={version}
          actions={actions}
        />
      );
    case "scores": {
      const { n, unscored, passes, interval, mean } = result.summary;
      return (
        <>
          <p className="cell-summary" data-testid="summary">
            <strong>{result.scorer}</strong> passed{" "}
            <RateText rate={n === 0 ? null : passes / n} interval={interval} n={n} />
            {" · mean "}
            <NumberText value={mean} />
            {" · "}
            {unscored.toLocaleString("en-US")} unscored
          </p>
          <ResultTable
            slug={slug}
            info={{ name: result.table, columns: result.columns, rows: result.rows }}
            version={version}
            actions={actions}
          />
        </>
      );
    }
    case "checks":
      return (
        <>
          <Checks checks={result.checks} />
          <FoldedRows
            slug={slug}
            info={{ name: result.table, columns: result.columns, rows: result.rows }}
            version={version}
          />
        </>
      );
    case "calibration":
      return (
        <>
          <CalibrationView result={result} />
          <FoldedRows
            slug={slug}
            info={{ name: result.table, columns: result.columns, rows: result.rows }}
            version={version}
          />
        </>
      );
    case "chart":
      return <ChartCell slug={slug} code={props.code} reads={result.reads} version={version} />;
    case "map":
      return (
        <MapCell
          slug={slug}
          name={props.name}
          result={result}
          version={version}
          onSelected={props.onSelected}
          onUse={props.onUse}
          code={props.code}
          onClusterSize={props.onClusterSize}
        />
      );
    default:
      return result satisfies never;
  }
}

function ResultTable({
  slug,
  info,
  version,
  actions
}: {
  readonly slug: string;
  readonly info: TableInfo;
  readonly version: string;
  readonly actions?: React.ReactNode;
}) {
  const { name, columns, rows } = info;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version means new rows under the same name
  const source = useMemo(
    () => ({
      columns,
      rows,
      read: (asked: Parameters<typeof api.rows>[2]) => api.rows(slug, name, asked),
      profile: () => api.profile(slug, name),
      downloads: ["csv", "parquet", "arrow"].map((format) => ({
        label: format.toUpperCase(),
        href: `${paths.cellDownload(slug, name)}?format=${format}`
      }))
    }),
    [slug, name, version]
  );
  // Every event of a run draws all cells anew; tables whose rows are the same are not drawn again.
  return useMemo(
    () => (
      <div className="cell-result">
        <DataTable source={source} label={`Rows of ${name}`} actions={actions} />
      </div>
    ),
    [source, name, actions]
  );
}

/** The rows that checks or measures are; read only when somebody asks. */
function FoldedRows(props: React.ComponentProps<typeof ResultTable>) {
  const [open, setOpen] = useState(false);
  return (
    <details className="cell-rows" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Rows it stands on</summary>
      {open ? <ResultTable {...props} /> : null}
    </details>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <table className="table cell-result">
      <thead>
        <tr>
          <th>Outcome</th>
          <th>Check</th>
          <th className="right">Value [95 % interval] n</th>
          <th className="right">Threshold</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <tr key={check.name}>
            <td>
              <span
                className={`chip ${check.pass === true ? "status-good" : check.pass === false ? "status-bad" : "status-warn"}`}
              >
                {check.pass === true ? "✓ passed" : check.pass === false ? "✕ failed" : "? undecided"}
              </span>
            </td>
            <td>{check.name}</td>
            <td className="right num">
              <span title={check.value === null ? undefined : formatExact(check.value)}>{formatCheckValue(check)}</span>
            </td>
            <td className="right">
              <span className="num">{formatThreshold(check)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
