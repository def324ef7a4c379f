"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { type MapPoints, readMapPoints } from "#lib/browser/scatter-rows.ts";
import { searchPoints } from "#lib/browser/scatter-search.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { CellState } from "#lib/model/run.ts";
import { Button } from "../_parts/button.tsx";
import { KeepMap } from "../_parts/keep-map.tsx";
import { MapTip } from "../_parts/map-tip.tsx";
import { Scatter } from "../_parts/scatter.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { KeptList } from "./kept-list.tsx";

interface MapPlace {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  readonly key: string;
  readonly name: string;
}

/** Chooses a map cell of a workbook, builds it where it is not, and shows it. */
export function MapsView() {
  const router = useRouter();
  const query = useSearchParams();
  const [places, setPlaces] = useState<readonly MapPlace[] | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  useEffect(() => {
    listMaps().then(setPlaces, (error: unknown) => setFault(reportOf(error)));
  }, []);
  const asked = query.get("map");
  const place = places?.find(({ slug, name }) => `${slug}/${name}` === asked) ?? places?.[0];
  return (
    <>
      <header className="title-bar">
        <h1>Maps</h1>
        {places && places.length > 0 && place ? (
          <select
            className="select"
            aria-label="Map"
            value={`${place.slug}/${place.name}`}
            onChange={({ target }) => router.replace(`/maps?map=${encodeURIComponent(target.value)}`)}
          >
            {places.map(({ slug, title, name }) => (
              <option key={`${slug}/${name}`} value={`${slug}/${name}`}>
                {title} · {name}
              </option>
            ))}
          </select>
        ) : null}
        {place ? (
          <Link className="button" style={{ marginLeft: "auto" }} href={`/workbooks/${place.slug}`}>
            Open workbook
          </Link>
        ) : null}
      </header>
      <div className="content">
        <KeptList />
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!places && !fault ? <StateNotice notice={{ kind: "waiting", label: "Looking for maps" }} /> : null}
        {places?.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: "No workbook has a map yet.",
              next: <Link href="/workbooks">Add a map cell to one</Link>
            }}
          />
        ) : null}
        {place ? <OneMap key={`${place.slug}/${place.name}`} place={place} /> : null}
      </div>
    </>
  );
}

function OneMap({ place }: { readonly place: MapPlace }) {
  const router = useRouter();
  const [cell, setCell] = useState<CellState | null>(null);
  const [points, setPoints] = useState<MapPoints | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [picked, setPicked] = useState<number | null>(null);
  const result = cell?.state === "done" && cell.result.kind === "map" ? cell.result : null;

  useEffect(() => {
    api.kernel(place.slug).then(
      (kernel) => setCell(kernel.cells[place.key]?.cell ?? { state: "idle" }),
      (error: unknown) => setFault(reportOf(error))
    );
  }, [place]);
  useEffect(() => {
    if (!result) return;
    let gone = false;
    readMapPoints(place.slug, result.table).then(
      (read) => gone || setPoints(read),
      (error: unknown) => gone || setFault(reportOf(error))
    );
    return () => {
      gone = true;
    };
  }, [place, result]);

  const build = async () => {
    const abort = new AbortController();
    setFault(null);
    setCell({ state: "running" });
    try {
      await api.run(
        place.slug,
        { text: place.text, cells: [place.key], params: {} },
        (event) => event.kind === "cell" && event.key === place.key && setCell(event.cell),
        abort.signal
      );
    } catch (error) {
      setCell({ state: "idle" });
      setFault(reportOf(error));
    }
  };
  if (fault)
    return (
      <StateNotice notice={{ kind: "fault", fault, action: <Button onClick={() => void build()}>Try again</Button> }} />
    );
  if (!cell) return <StateNotice notice={{ kind: "waiting" }} />;
  if (cell.state === "failed")
    return (
      <StateNotice
        notice={{ kind: "fault", fault: cell.fault, action: <Button onClick={() => void build()}>Build again</Button> }}
      />
    );
  if (cell.state === "running" || cell.state === "waiting") {
    const progress = cell.state === "running" ? cell : null;
    return (
      <div className="notice" role="status">
        <span className="grow">
          Building the map{progress?.step ? `: ${progress.step}` : ""}
          {progress?.total
            ? ` · ${(progress.done ?? 0).toLocaleString("en-US")} of ${progress.total.toLocaleString("en-US")}`
            : ""}
        </span>
        <Button icon="stop" onClick={() => void api.stop(place.slug)}>
          Stop
        </Button>
      </div>
    );
  }
  if (!result) {
    return (
      <StateNotice
        notice={{
          kind: "empty",
          title: `The map "${place.name}" of "${place.title}" is not built yet.`,
          next: (
            <Button tone="main" onClick={() => void build()}>
              Build it
            </Button>
          )
        }}
      />
    );
  }
  if (!points) return <StateNotice notice={{ kind: "waiting", label: "Reading the points" }} />;
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="soft row" style={{ fontSize: 13, minHeight: 22 }}>
        <span title={`${result.vectors}; layout seed ${result.seed}`}>
          {formatCount(result.points, "trace")} · {formatCount(result.clusters.length, "cluster")} ·{" "}
          {result.noise.toLocaleString("en-US")} in no cluster
        </span>
        {picked === null ? (
          <span className="faint">Draw a lasso, a box or a polygon to pick traces.</span>
        ) : (
          <span role="status">
            <strong style={{ color: "var(--ink)" }}>{picked.toLocaleString("en-US")} selected</strong>, as{" "}
            <Link href={`/workbooks/${place.slug}`}>
              <code>{result.table}_selection</code> in the workbook
            </Link>
          </span>
        )}
        <span style={{ marginLeft: "auto" }}>
          <KeepMap
            workbook={place.slug}
            text={place.text}
            cell={place.key}
            params={{}}
            title={`${place.title} · ${place.name}`}
          />
        </span>
      </div>
      <Scatter
        x={points.x}
        y={points.y}
        category={points.cluster}
        clusters={result.clusters}
        height="calc(100vh - 150px)"
        choices={points.choices}
        search={searchPoints(points)}
        onOpen={(at) => {
          points.row(at).then(
            (row) => router.push(`/traces/${String(row.get("trace_id"))}`),
            (error: unknown) => setFault(reportOf(error))
          );
        }}
        onTrace={(traceId) => router.push(`/traces/${traceId}`)}
        onSelect={(polygon) => {
          if (!polygon) return setPicked(null);
          api.select(place.slug, place.name, { polygon }).then(
            ({ rows }) => setPicked(rows),
            (error: unknown) => setFault(reportOf(error))
          );
        }}
        tip={(at, said) => <MapTip points={points} at={at} said={said} />}
      />
    </div>
  );
}

async function listMaps(): Promise<readonly MapPlace[]> {
  const { workbooks } = await api.listWorkbooks();
  const found = await Promise.all(
    workbooks.map(async ({ slug, title }) => {
      const { text } = await api.openWorkbook(slug);
      const { cells } = await api.readText(slug, text);
      return cells.flatMap(({ kind, key, name }) =>
        kind === "map" && name !== null ? [{ slug, title, text, key, name }] : []
      );
    })
  );
  return found.flat();
}
