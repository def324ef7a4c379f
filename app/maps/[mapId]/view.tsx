"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { readKeptPoints } from "#lib/browser/kept-points.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";
import { searchPoints } from "#lib/browser/scatter-search.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { MapArea } from "#lib/model/kept-map.ts";
import type { KeptMapReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { MapTip } from "../../_parts/map-tip.tsx";
import { Scatter } from "../../_parts/scatter.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TimeText } from "../../_parts/text.tsx";
import { useMapWork } from "../../_parts/use-map-work.ts";
import { Areas } from "./areas.tsx";
import { ClusterTable } from "./cluster-table.tsx";
import { Emerging } from "./emerging.tsx";

/** A kept map: its points, what grew on it, and its clusters, which people can name. */
export function KeptMapView({ mapId }: { readonly mapId: string }) {
  const router = useRouter();
  const [map, setMap] = useState<KeptMapReply | null>(null);
  const [points, setPoints] = useState<MapPoints | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const read = useCallback(async () => {
    try {
      const opened = await ask<KeptMapReply>(paths.keptMap(mapId));
      setMap(opened);
      setPoints(await readKeptPoints(opened));
      setFault(null);
    } catch (error) {
      setFault(reportOf(error));
    }
  }, [mapId]);
  useEffect(() => void read(), [read]);
  const work = useMapWork(() => void read());

  const search = useMemo(() => (points ? searchPoints(points) : null), [points]);
  const [polygon, setPolygon] = useState<MapArea["polygon"] | null>(null);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setMap(await ask<KeptMapReply>(paths.keptMap(mapId)));
      setFault(null);
    } catch (error) {
      setFault(reportOf(error));
    }
  };
  const remove = async () => {
    if (!window.confirm(`Delete the map "${map?.title}"? The traces stay.`)) return;
    try {
      await ask<null>(paths.keptMap(mapId), "DELETE");
      router.push("/maps");
    } catch (error) {
      setFault(reportOf(error));
    }
  };
  const clusters = map?.seen.map(({ clusterId, ...rest }) => ({ id: clusterId, ...rest })) ?? [];
  return (
    <>
      <header className="title-bar">
        <h1>{map?.title ?? "Map"}</h1>
        {map ? (
          <span className="soft">
            version {map.version}, built <TimeText atMs={map.madeAtMs} />
          </span>
        ) : null}
        <span className="row" style={{ marginLeft: "auto", gap: 8 }}>
          {map ? (
            <Link className="button" href={`/workbooks/${map.workbook}#${map.cell}`}>
              Open workbook
            </Link>
          ) : null}
          {map?.isWhole ? (
            <>
              <Button disabled={work.doing !== null} onClick={() => work.start(paths.keptMap(mapId), {})}>
                Build again
              </Button>
              <Button tone="danger" onClick={() => void remove()}>
                Delete
              </Button>
            </>
          ) : null}
        </span>
      </header>
      <div className="content stack" style={{ gap: 12 }}>
        {fault ? (
          <StateNotice
            notice={{ kind: "fault", fault, action: <Button onClick={() => void read()}>Try again</Button> }}
          />
        ) : null}
        {work.fault ? <StateNotice notice={{ kind: "fault", fault: work.fault }} /> : null}
        {work.doing !== null ? (
          <div className="notice" role="status">
            <span className="grow">Building the map again: {work.doing}</span>
            <Button icon="stop" onClick={work.stop}>
              Stop
            </Button>
          </div>
        ) : null}
        {!points && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the points" }} /> : null}
        {map && points && search ? (
          <>
            <p className="soft row" style={{ fontSize: 13, minHeight: 22 }}>
              <span title={`${map.vectors}; layout seed ${map.seed}`}>
                {formatCount(points.x.length, "trace")} of {map.businessUnits.join(", ")} ·{" "}
                {formatCount(clusters.length, "cluster")}
              </span>
              <span className="faint">New traces are placed as they arrive; nothing else moves.</span>
              {map.movedShare === null ? null : (
                <span className="faint" title="Median way of the traces that were on the version before">
                  Moved by {(map.movedShare * 100).toPrecision(2)} % of the width when it was built again.
                </span>
              )}
            </p>
            <Scatter
              x={points.x}
              y={points.y}
              category={points.cluster}
              clusters={clusters}
              height="calc(100vh - 260px)"
              choices={points.choices}
              search={search}
              onOpen={(at) => {
                const id = points.text(at, "trace_id");
                if (id) router.push(`/traces/${id}`);
              }}
              onSelect={setPolygon}
              onTrace={(traceId) => router.push(`/traces/${traceId}`)}
              tip={(at) => <MapTip points={points} at={at} />}
            />
            <Areas map={map} polygon={polygon} attempt={(work) => void attempt(work)} />
            <Emerging map={map} />
            <ClusterTable
              map={map}
              onName={(clusterId, name) =>
                void attempt(() => ask<null>(paths.keptMap(mapId), "PATCH", { clusterId, name }))
              }
            />
          </>
        ) : null}
      </div>
    </>
  );
}
