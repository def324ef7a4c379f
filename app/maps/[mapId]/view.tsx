"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import type { KeptPoints } from "#lib/browser/kept-points.ts";
import { markedPoints } from "#lib/browser/part-points.ts";
import { sideColours } from "#lib/browser/scatter-density.ts";
import { countCodes } from "#lib/browser/scatter-scale.ts";
import { searchPoints } from "#lib/browser/scatter-search.ts";
import type { Picked, Polygon } from "#lib/model/selection.ts";
import { parsePopulation } from "#lib/wire/map-compare.ts";
import type { KeptMapReply } from "#lib/wire/maps.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { MapTip } from "../../_parts/map-tip.tsx";
import { RemapBar } from "../../_parts/remap-bar.tsx";
import { Scatter } from "../../_parts/scatter.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TimeText } from "../../_parts/text.tsx";
import { useDark } from "../../_parts/use-dark.ts";
import { useMapWork } from "../../_parts/use-map-work.ts";
import { useRemap } from "../../_parts/use-remap.ts";
import { Areas } from "./areas.tsx";
import { ClusterTable } from "./cluster-table.tsx";
import { CompareBox } from "./compare-box.tsx";
import { CompareLegend } from "./compare-legend.tsx";
import { CompareTable } from "./compare-table.tsx";
import { Emerging } from "./emerging.tsx";
import { useCompareAddress } from "./use-compare-address.ts";
import { useComparison } from "./use-comparison.ts";
import { useKeptPoints } from "./use-kept-points.ts";
import { WrittenTitle } from "./written-title.tsx";

/** A kept map: its points, what grew on it, and its clusters, which people can name. */
export function KeptMapView({ mapId }: { readonly mapId: string }) {
  const router = useRouter();
  const { kept, fault, isOld, lost, read, attempt, relabel, fail } = useKeptPoints(mapId);
  const map = useMemo(() => kept && withCounts(kept), [kept]);
  const whole = kept?.points ?? null;
  const work = useMapWork(() => void read());

  const clusters = useMemo(() => map?.seen.map(({ clusterId, ...rest }) => ({ id: clusterId, ...rest })) ?? [], [map]);
  const identity = `${mapId} ${map?.version}`;
  const remap = useRemap({ points: whole, clusters, path: paths.keptMapPart(mapId), seed: map?.seed ?? 0, identity });
  const { part } = remap;
  const points = part?.points ?? whole;
  const search = useMemo(() => points && searchPoints(points), [points]);
  const [picked, setPicked] = useState<Picked | null>(null);
  const select = async (polygon: Polygon | null, mask: Uint8Array) => {
    if (!polygon || !points) return setPicked(null);
    // Where these points lie means nothing on the whole map.
    setPicked(part ? { traceIds: await points.traceIds(markedPoints(mask)) } : { polygon });
  };
  const compare = useCompareAddress(mapId);
  const comparison = useComparison(kept, compare.a, compare.b);
  const [focus, setFocus] = useState<{ readonly clusterId: number } | null>(null);
  const dark = useDark();
  const remove = async () => {
    if (!window.confirm(`Delete the map "${map?.title}"? The traces stay.`)) return;
    try {
      await ask<null>(paths.keptMap(mapId), "DELETE");
      router.push("/maps");
    } catch (error) {
      fail(error);
    }
  };
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
        {isOld && work.doing === null ? (
          <div className="notice notice-line" role="status">
            <span className="grow">A newer version of this map is there.</span>
            <Button onClick={() => void read()}>Show it</Button>
          </div>
        ) : null}
        {work.doing !== null ? (
          <div className="notice notice-line" role="status">
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
                {formatCount(whole?.x.length ?? 0, "trace")} of {map.businessUnits.join(", ")} ·{" "}
                {formatCount(clusters.length, "cluster")}
              </span>
              <span className="faint">{lost ?? "New traces show as they are placed; nothing else moves."}</span>
              {map.movedShare === null ? null : (
                <span className="faint" title="Median way of the traces that were on the version before">
                  Moved by {(map.movedShare * 100).toPrecision(2)} % of the width when it was built again.
                </span>
              )}
              <Button
                small
                style={{ marginLeft: "auto" }}
                aria-pressed={compare.isOn}
                tone={compare.isOn ? "main" : "plain"}
                onClick={() => compare.change(compare.isOn ? null : { a: null, b: null })}
              >
                Compare
              </Button>
            </p>
            {compare.isOn ? (
              <div className="row" style={{ gap: 16, flexWrap: "wrap" }}>
                <CompareBox
                  mapId={mapId}
                  a={compare.a}
                  b={compare.b}
                  colours={sideColours(dark)}
                  onChange={(a, b) => compare.change({ a, b })}
                />
                {comparison.shown?.density ? <CompareLegend layer={comparison.shown.density} dark={dark} /> : null}
              </div>
            ) : null}
            {comparison.fault ? <StateNotice notice={{ kind: "fault", fault: comparison.fault }} /> : null}
            <RemapBar
              remap={remap}
              onBack={() => {
                remap.back();
                setPicked(null);
              }}
            />
            <Scatter
              identity={part ? `${identity} part ${part.number}` : identity}
              comparison={part ? null : comparison.shown}
              focus={focus}
              x={points.x}
              y={points.y}
              category={points.cluster}
              clusters={part?.clusters ?? clusters}
              height="calc(100vh - 260px)"
              choices={points.choices}
              search={search}
              onOpen={(at) => {
                const id = points.text(at, "trace_id");
                if (id) router.push(`/traces/${id}`);
              }}
              onSelect={(polygon, _, mask) => void select(polygon, mask)}
              onRemap={remap.start}
              onTrace={(traceId) => router.push(`/traces/${traceId}`)}
              tip={(at, said) => {
                const cluster = map.seen.find(({ clusterId }) => clusterId === points.cluster[at]);
                return (
                  <>
                    <MapTip points={points} at={at} said={said} />
                    {cluster ? <WrittenTitle cluster={cluster} /> : null}
                  </>
                );
              }}
            />
            {compare.a && compare.b && comparison.reply ? (
              <CompareTable
                a={parsePopulation(compare.a)}
                b={parsePopulation(compare.b)}
                reply={comparison.reply}
                onGo={(clusterId) => setFocus({ clusterId })}
              />
            ) : null}
            <Areas map={map} picked={picked} attempt={(work) => void attempt(work)} onTagged={relabel} />
            <Emerging map={map} />
            <ClusterTable
              map={map}
              onTitled={() => void read()}
              onTagged={relabel}
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

/** A map whose clusters count the traces that have arrived since, too. */
function withCounts({ map, columns }: KeptPoints): KeptMapReply {
  const most = map.seen.reduce((last, { clusterId }) => Math.max(last, clusterId + 1), 0);
  const counts = countCodes(columns.cluster, most, null);
  return { ...map, seen: map.seen.map((cluster) => ({ ...cluster, size: counts[cluster.clusterId] ?? 0 })) };
}
