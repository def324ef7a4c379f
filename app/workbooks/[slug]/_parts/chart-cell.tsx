"use client";
import { useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { isDark, watchTheme } from "#lib/browser/theme.ts";
import { chartFrameSandbox } from "#lib/chart/chart-frame.ts";
import { Fault, type FaultReport, reportOf } from "#lib/model/fault.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";

/** Rows of one table that a chart gets at most. */
const chartRows = 50_000;

interface ChartCellProps {
  readonly slug: string;
  readonly code: string;
  readonly reads: readonly string[];
  /** Changes whenever what it reads has changed. */
  readonly version: string;
}

/** A chart, drawn in a frame without an origin: the code of a cell never runs in the page itself. */
export function ChartCell({ slug, code, reads, version }: ChartCellProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [loaded, setLoaded] = useState(false);
  const [height, setHeight] = useState(300);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [dark, setDark] = useState(isDark);
  const names = reads.join(",");
  useEffect(() => watchTheme(setDark), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the tables' rows are new
  useEffect(() => {
    if (!loaded) return;
    let live = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }: MessageEvent<{ kind: string; height?: number; message?: string }>) => {
      if (!live) return;
      if (data.kind === "drawn") {
        setFault(null);
        setHeight(Math.min(2000, Math.max(60, Math.ceil(Number(data.height) || 300) + 8)));
      } else
        setFault({ code: "invalid", message: String(data.message ?? "the chart could not be drawn").slice(0, 500) });
    };
    const send = async () => {
      const tables: Record<string, Uint8Array> = {};
      let cut: string | null = null;
      for (const name of names === "" ? [] : names.split(",")) {
        const {
          bytes,
          total,
          cut: large
        } = await api.rowBytes(slug, name, {
          offset: 0,
          limit: chartRows,
          sort: null,
          descending: false
        });
        tables[name] = bytes;
        if (large) {
          throw new Fault("limit", `the rows of "${name}" are too large to draw`, {
            hint: "Select only the columns that the chart reads, or aggregate in a SQL cell."
          });
        }
        if (total > chartRows) cut = name;
      }
      if (!live) return;
      if (cut)
        throw new Fault("limit", `"${cut}" has more than ${chartRows.toLocaleString("en-US")} rows`, {
          hint: "Aggregate in a SQL cell and draw that."
        });
      frame.current?.contentWindow?.postMessage({ code, tables, dark }, "*", [channel.port2]);
    };
    send().catch((error: unknown) => live && setFault(reportOf(error)));
    return () => {
      live = false;
      channel.port1.close();
    };
  }, [loaded, code, names, version, dark, slug]);

  return (
    <div className="cell-result">
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <iframe
        ref={frame}
        title="Chart"
        src="/charts/frame"
        sandbox={chartFrameSandbox}
        style={{ border: 0, width: "100%", height, display: fault ? "none" : "block" }}
        onLoad={() => setLoaded(true)}
      />
    </div>
  );
}
