"use client";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { markedPoints } from "#lib/browser/part-points.ts";
import { chooseScore, type MapPoints, readMapPoints } from "#lib/browser/scatter-rows.ts";
import { searchPoints } from "#lib/browser/scatter-search.ts";
import { defaultClusterSize } from "#lib/map/label-texts.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { CellResult } from "#lib/model/run.ts";
import type { Picked as PickedPoints, Polygon } from "#lib/model/selection.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SelectionReply } from "#lib/wire/workbook.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { MapTip } from "../../../_parts/map-tip.tsx";
import { RemapBar } from "../../../_parts/remap-bar.tsx";
import { Scatter } from "../../../_parts/scatter.tsx";
import { SelectionActions } from "../../../_parts/selection-actions.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { useRemap } from "../../../_parts/use-remap.ts";
import { ClusterSize } from "./cluster-size.tsx";
import { useLiveClusters } from "./use-live-clusters.ts";

interface MapCellProps {
  readonly slug: string;
  readonly name: string;
  readonly result: Extract<CellResult, { kind: "map" }>;
  readonly version: string;
  /** The text that the map was made from. */
  readonly code: string;
  /** The selection has changed: readers of it are stale. */
  readonly onSelected: () => void;
  readonly onUse: (table: string) => void;
  /** Another smallest cluster is wanted: the cell says so and runs. */
  readonly onClusterSize: (size: number) => void;
}

/** A map with its lasso: what is picked is a table of the workbook, and can be sent on. */
export function MapCell({ slug, name, result, version, code, onSelected, onUse, onClusterSize }: MapCellProps) {
  const router = useRouter();
  const [map, setMap] = useState<MapPoints | null>(null);
  const [picked, setPicked] = useState<Picked | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the points are new
  useEffect(() => {
    let isGone = false;
    readMap(slug, result.table).then(
      (read) => isGone || setMap(read),
      (error: unknown) => isGone || setFault(reportOf(error))
    );
    return () => {
      isGone = true;
    };
  }, [slug, result.table, version]);
  const drawn = useMemo(
    () =>
      map && {
        x: map.x,
        y: map.y,
        cluster: map.cluster,
        labels: result.clusters.map(({ label }) => label)
      },
    [map, result.clusters]
  );
  const live = useLiveClusters(slug, name, drawn);
  const tried = live.found;
  const remap = useRemap({
    points: map,
    clusters: result.clusters,
    path: paths.mapPart(slug, name),
    seed: result.seed,
    identity: map
  });
  const { part } = remap;
  const points = part?.points ?? map;
  const search = useMemo(() => points && searchPoints(points), [points]);
  const select = async (polygon: Polygon | null, hidden: number, mask: Uint8Array) => {
    setFault(null);
    if (!polygon || !points) {
      setPicked(null);
      return;
    }
    try {
      // Where these points lie means nothing on the whole map.
      const of = part ? { traceIds: await points.traceIds(markedPoints(mask)) } : { polygon };
      setPicked({ ...(await api.select(slug, name, of)), hidden, of });
      onSelected();
    } catch (error) {
      setFault(reportOf(error));
    }
  };
  return (
    <div className="cell-result">
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <RemapBar
        remap={remap}
        onBack={() => {
          remap.back();
          setPicked(null);
        }}
      />
      {points && search ? (
        <Scatter
          x={points.x}
          y={points.y}
          category={part ? points.cluster : (tried?.cluster ?? points.cluster)}
          clusters={part?.clusters ?? tried?.clusters ?? result.clusters}
          outlines={part ? undefined : tried?.outlines}
          height={600}
          choices={points.choices}
          search={search}
          onOpen={(at) => {
            points.row(at).then(
              (row) => router.push(`/traces/${String(row.get("trace_id"))}`),
              (error: unknown) => setFault(reportOf(error))
            );
          }}
          onTrace={(traceId) => router.push(`/traces/${traceId}`)}
          onSelect={(...chosen) => void select(...chosen)}
          onRemap={remap.start}
          tip={(at, said) => <MapTip points={points} at={at} said={said} />}
        />
      ) : fault ? null : (
        <StateNotice notice={{ kind: "waiting", label: "Loading the points" }} />
      )}
      {live.fault ? <StateNotice notice={{ kind: "fault", fault: live.fault }} /> : null}
      {map && !part ? (
        <ClusterSize
          points={result.points}
          size={sizeIn(code, result.points)}
          clusters={tried?.clusters.length ?? result.clusters.length}
          noise={tried?.noise ?? result.noise}
          onTry={live.ask}
          onSettle={onClusterSize}
        />
      ) : null}
      <div className="row" style={{ padding: "8px 12px", flexWrap: "wrap", gap: 8 }}>
        <span className="soft">
          {formatCount(result.points, "point")} · {formatCount(result.clusters.length, "cluster")} ·{" "}
          {result.noise.toLocaleString("en-US")} in none ·{" "}
          <span title={result.vectors}>
            {result.vectors.startsWith("built-in") ? "built-in vectors" : `vectors by ${result.vectors}`}
          </span>
        </span>
        {picked ? (
          <>
            <strong data-testid="picked">{picked.rows.toLocaleString("en-US")} picked</strong>
            {picked.hidden > 0 ? (
              <span className="soft">{picked.hidden.toLocaleString("en-US")} of them hidden now</span>
            ) : null}
            <SelectionActions
              key={JSON.stringify(picked.of)}
              selection={{ kind: "cell", workbook: slug, cell: name, ...picked.of }}
              title={`Part of ${name}`}
              onUse={() => onUse(picked.table)}
            />
          </>
        ) : (
          <span className="faint">Draw a lasso, a box or a polygon to pick traces.</span>
        )}
      </div>
    </div>
  );
}

/** The smallest cluster of a map cell's text. */
function sizeIn(code: string, points: number): number {
  return parseMapSettings(code).minClusterSize || defaultClusterSize(points);
}

/** What is picked now. */
interface Picked extends SelectionReply {
  /** Points in it that facets or time hide. */
  readonly hidden: number;
  readonly of: PickedPoints;
}

/** The points of a map, and what they can be coloured by: columns of its table, and scores that cells of the workbook gave. */
async function readMap(slug: string, table: string): Promise<MapPoints> {
  const [points, { cells }] = await Promise.all([readMapPoints(slug, table), api.kernel(slug)]);
  const scores = Object.values(cells).flatMap(({ cell }) =>
    cell.state === "done" && cell.result.kind === "scores" ? [cell.result] : []
  );
  const given = scores.map(({ table: of, scorer }) => chooseScore(slug, table, points, of, scorer));
  return { ...points, choices: [...points.choices, ...given] };
}
