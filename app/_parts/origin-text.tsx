import "./selection.css";
import Link from "next/link";
import { formatCount } from "#lib/browser/format.ts";
import type { QueueOrigin } from "#lib/model/selection.ts";
import { paths } from "#lib/wire/paths.ts";

/** Where traces were taken from, and the question as SQL. */
export function OriginText({ origin }: { readonly origin: QueueOrigin }) {
  return (
    <div className="origin">
      <p className="soft">
        From <Source origin={origin} />, snapshot {origin.snapshotId} of the lake
      </p>
      <details>
        <summary className="soft">The question as SQL</summary>
        <pre
          style={{ maxHeight: 240, overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere", fontSize: 12 }}
        >
          {origin.sql}
        </pre>
      </details>
    </div>
  );
}

function Source({ origin: { selection, mapVersion } }: { readonly origin: QueueOrigin }) {
  if (selection === null) return "a question";
  if (selection.kind === "cell") {
    return (
      <>
        {"polygon" in selection ? "a lasso on" : `${formatCount(selection.traceIds.length, "trace")} picked from`} the
        map <Link href={`/workbooks/${selection.workbook}#${selection.cell}`}>{selection.cell}</Link>
      </>
    );
  }
  const map = <Link href={paths.mapPage(selection.mapId)}>a kept map</Link>;
  switch (selection.kind) {
    case "lasso":
      return (
        <>
          a lasso on version {mapVersion} of {map}
        </>
      );
    case "traces":
      return (
        <>
          {formatCount(selection.traceIds.length, "trace")} picked from {map}
        </>
      );
    case "area":
      return (
        <>
          the area “{selection.area}” of {map}
        </>
      );
    case "cluster":
      return (
        <>
          cluster {selection.clusterId + 1} of {map}
        </>
      );
  }
}
