"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { KeptMapsReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";

/** The maps that are kept; nothing where there are none. */
export function KeptList() {
  const [reply, setReply] = useState<KeptMapsReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  useEffect(() => {
    ask<KeptMapsReply>(paths.keptMaps()).then(setReply, (error: unknown) => setFault(reportOf(error)));
  }, []);
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!reply || reply.maps.length === 0) return null;
  return (
    <section aria-label="Kept maps" style={{ marginBottom: 16 }}>
      <table className="table">
        <thead>
          <tr>
            <th>Kept map</th>
            <th>Units</th>
            <th className="right">Clusters</th>
            <th className="right">Version</th>
            <th>Built</th>
          </tr>
        </thead>
        <tbody>
          {reply.maps.map((map) => (
            <tr key={map.mapId}>
              <td>
                <Link href={paths.mapPage(map.mapId)}>{map.title}</Link>
              </td>
              <td>{map.businessUnits.join(", ")}</td>
              <td className="right num">{map.clusters}</td>
              <td className="right num">{map.version}</td>
              <td>
                <TimeText atMs={map.madeAtMs} short />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
