"use client";
import "./scatter.css";
import { useCallback, useEffect, useMemo, useState } from "react";
import { formatCount, formatNumber, formatShortTime } from "#lib/browser/format.ts";
import { markedPoints } from "#lib/browser/part-points.ts";
import { countMask, intersectMasks } from "#lib/browser/scatter-colour.ts";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { placeLabels, type ScreenBox } from "#lib/browser/scatter-labels.ts";
import type { ColumnChoice } from "#lib/browser/scatter-rows.ts";
import type { ScatterTool } from "#lib/browser/scatter-tools.ts";
import { type Corner, pointRadius, toMap } from "#lib/browser/scatter-view.ts";
import type { Outline } from "#lib/map/outline.ts";
import { categoryColours } from "#lib/model/category-colours.ts";
import { ScatterCanvas } from "./scatter-canvas.tsx";
import { ScatterDensity, type ScatterDensityLayer } from "./scatter-density.tsx";
import { ClusterList, type ScatterCluster } from "./scatter-legend.tsx";
import { minimapSize, ScatterMinimap } from "./scatter-minimap.tsx";
import { ScatterOverlay } from "./scatter-overlay.tsx";
import { ScatterPad } from "./scatter-pad.tsx";
import { ScatterSide } from "./scatter-side.tsx";
import { ScatterTime } from "./scatter-time.tsx";
import { ScatterToolbar } from "./scatter-toolbar.tsx";
import { type Shading, useScatterLook } from "./use-scatter-look.ts";
import { type MapSearch, useScatterSearch } from "./use-scatter-search.ts";
import { boxOf, measureLabel, useScatterShapes } from "./use-scatter-shapes.ts";
import { useScatterView } from "./use-scatter-view.ts";

/** What the map shows and tells. Buffers are borrowed and must not change. */
export interface ScatterProps {
  /** n map coordinates each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** n clusters; negative in none. */
  readonly category: Int32Array;
  /** Observable 10 when absent; `#rrggbb`. */
  readonly colours?: readonly string[];
  /** The largest first: these labels have the right of way. */
  readonly clusters: readonly ScatterCluster[];
  /** By cluster, where they are known already; they are drawn from the points when absent. */
  readonly outlines?: readonly Outline[] | undefined;
  /** Height in CSS pixels, or any CSS length. */
  readonly height?: number | string;
  /** Properties to colour and size by, to hide by and to brush by; the same array while they are the same. */
  readonly choices?: readonly ColumnChoice[];
  /** Of the map; points that join one of the same identity move nothing. The coordinates themselves when absent. */
  readonly identity?: string;
  /** Two populations in place of other colours. */
  readonly comparison?: ScatterComparison | null;
  /** A cluster to look at; another object looks again. */
  readonly focus?: { readonly clusterId: number } | null;
  /** Finds traces by words; absent where that cannot be. */
  readonly search?: MapSearch;
  /** Index of the point under the pointer; -1 when there is none. */
  readonly onHover?: (index: number) => void;
  /** A point was clicked. */
  readonly onOpen?: (index: number) => void;
  /** A trace was chosen by its id, from the list of clusters. */
  readonly onTrace?: (traceId: string) => void;
  /**
   * Corners of a lasso, box or polygon in map coordinates, at least three; null clears the selection.
   * `hidden` points of the mask are those that facets or time hide now: a polygon does not know of them.
   */
  readonly onSelect?: (polygon: readonly Corner[] | null, hidden: number, mask: Uint8Array) => void;
  /** Some points shall be laid out alone: those of a selection, or of a cluster. */
  readonly onRemap?: ((points: Int32Array) => void) | undefined;
  /** What is shown over the point under the pointer; `said` is what its colour says, null where that is the cluster. */
  readonly tip?: (index: number, said: string | null) => React.ReactNode;
}

/** Two populations against each other. */
export interface ScatterComparison {
  /** n: 0 in the first, 1 in the second, negative in neither. */
  readonly sides: Int32Array;
  /** Null where they cannot be compared. */
  readonly density: ScatterDensityLayer | null;
}

const noChoices: readonly ColumnChoice[] = [];
const nothing = { mask: new Uint8Array(), count: 0 };
/** The toolbar lies here; no label may. */
const toolbarBox = (picks: boolean, hasSelection: boolean, remaps: boolean): ScreenBox => ({
  left: 0,
  top: 0,
  width: (picks ? 430 : 200) + (hasSelection ? (remaps ? 330 : 190) : 0),
  height: 40
});

/** A lasso, box or polygon in map coordinates, and the points in it. */
interface Selected {
  readonly polygon: readonly Corner[];
  readonly mask: Uint8Array;
}

/** A map of points: wheel zooms, dragging moves or picks, keys do both; the list of clusters says the same in words. */
export function Scatter(props: ScatterProps) {
  const {
    x,
    y,
    category,
    clusters,
    height = 480,
    choices = noChoices,
    onHover,
    onOpen,
    onTrace,
    onSelect,
    onRemap,
    tip
  } = props;
  const palette = props.colours ?? categoryColours;
  const identity = props.identity ?? x;
  const comparison = props.comparison ?? null;
  const map = useScatterView(x, y, identity);
  const { view, size, whole } = map;
  const [tool, setTool] = useState<ScatterTool>("pan");
  const [drawn, setPicked] = useState<Selected | null>(null);
  const [pointer, setPointer] = useState<Corner | null>(null);
  const [hovered, setHovered] = useState(-1);
  const [chosen, setChosen] = useState(-1);
  const [isOutlined, setOutlined] = useState(true);
  const [said, setSaid] = useState("");
  const { grid, outlines: drawnOutlines } = useScatterShapes(x, y, category, identity);
  const outlines = props.outlines ?? drawnOutlines;
  // A selection holds for points that join it, too.
  const picked = useMemo(
    () =>
      drawn && drawn.mask.length !== x.length
        ? { ...drawn, mask: new ScatterGrid(x, y).mask(drawn.polygon).mask }
        : drawn,
    [drawn, x, y]
  );
  const selected = useMemo(() => (picked ? countMask(picked.mask) : null), [picked]);
  const search = useScatterSearch(props.search, x.length, identity);
  const marked = useMemo(() => intersectMasks(picked?.mask ?? null, search.mask), [picked, search.mask]);
  const compared = comparison?.sides ?? null;
  const look = useScatterLook({ category, palette, choices, marked, compared, identity });
  const points = useMemo(() => ({ x, y, ...look.drawn }), [x, y, look.drawn]);
  const places = useMemo(
    () => clusters.map((cluster) => ({ ...cluster, spots: outlines[cluster.id]?.spots ?? [] })),
    [clusters, outlines]
  );
  const picks = onSelect !== undefined;
  const remaps = onRemap !== undefined;
  const zoomed = view.scale / whole.scale;
  const isNear = zoomed > 1.1;
  const labels = useMemo(() => {
    if (size.width === 0) return [];
    const reserved = [toolbarBox(picks, picked !== null, remaps)];
    if (isNear) {
      const [left, top] = [size.width - minimapSize.width - 12, size.height - minimapSize.height - 12];
      reserved.push({ left, top, ...minimapSize });
    }
    return placeLabels(places, view, size, measureLabel, reserved);
  }, [places, view, size, isNear, picks, picked, remaps]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map has another selection
  useEffect(() => {
    setPicked(null);
    setChosen(-1);
  }, [identity]);

  const hover = (at: number) => {
    if (at === hovered) return;
    setHovered(at);
    onHover?.(at);
  };
  const pick = (polygon: readonly Corner[] | null) => {
    if (!polygon && !picked) return;
    const whole = grid?.length === x.length ? grid : new ScatterGrid(x, y);
    const { mask, count } = polygon ? whole.mask(polygon) : nothing;
    const hidden = look.shown ? count - countMask(intersectMasks(mask, look.shown) ?? mask) : 0;
    setPicked(polygon && { polygon, mask });
    onSelect?.(polygon, hidden, mask);
    const also = hidden > 0 ? `, ${hidden.toLocaleString("en-US")} of them hidden now` : "";
    setSaid(polygon ? `${formatCount(count, "point")} selected${also}` : "Nothing selected");
  };
  const { bounds, showBox } = map;
  const go = useCallback(
    (cluster: ScatterCluster) => {
      setChosen(cluster.id);
      showBox(boxOf(cluster, outlines[cluster.id], bounds));
      const place = clusters.findIndex(({ id }) => id === cluster.id) + 1;
      setSaid(`Cluster ${place} of ${clusters.length}: ${cluster.label}, ${formatCount(cluster.size, "point")}`);
    },
    [clusters, outlines, bounds, showBox]
  );
  const { focus } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is looked at once, when it is asked for
  useEffect(() => {
    const cluster = focus && clusters.find(({ id }) => id === focus.clusterId);
    if (cluster) go(cluster);
  }, [focus]);
  const step = (by: 1 | -1) => {
    const at = clusters.findIndex(({ id }) => id === chosen);
    const next = clusters[at < 0 && by < 0 ? clusters.length - 1 : (at + by + clusters.length) % clusters.length];
    if (next) go(next);
  };
  const label = `Map of ${formatCount(x.length, "point")} in ${formatCount(clusters.length, "cluster")}. Arrow keys move, plus and minus zoom, 0 shows all, brackets step through the clusters${onSelect ? "; L, B and P draw a lasso, a box or a polygon, M moves again" : ""}. The clusters are listed beside it.`;

  return (
    <div className="scatter" style={{ height }}>
      <div ref={map.frame} className="scatter-frame">
        {comparison?.density ? (
          <ScatterDensity layer={comparison.density} view={view} size={size} dark={look.dark} />
        ) : null}
        <ScatterCanvas points={points} view={view} size={size} radius={pointRadius(x.length, zoomed)} />
        <ScatterOverlay
          view={view}
          size={size}
          picked={picked?.polygon ?? null}
          outlines={isOutlined ? outlines : []}
          clusters={clusters}
          chosen={chosen >= 0 ? chosen : hovered >= 0 ? (category[hovered] ?? -1) : -1}
          labels={labels}
          colours={look.shading.isCluster ? palette : null}
        />
        <ScatterPad
          label={label}
          tool={tool}
          picks={picks}
          view={view}
          size={size}
          hovered={hovered}
          onTool={setTool}
          onPan={map.pan}
          onZoom={map.zoom}
          onShowAll={map.showAll}
          onPoint={(at) => {
            setPointer(at);
            hover(at && grid ? grid.find(...toMap(view, size, ...at), 8 / view.scale, look.shown) : -1);
          }}
          onOpen={() => onOpen?.(hovered)}
          onPick={picks ? pick : () => setChosen(-1)}
          onStep={step}
          onSay={setSaid}
        />
        {hovered >= 0 && pointer && tip ? (
          <div
            className="card scatter-tip"
            style={{
              left: pointer[0] + 308 > size.width ? Math.max(8, pointer[0] - 294) : pointer[0] + 14,
              top: Math.min(pointer[1] + 14, Math.max(8, size.height - 220))
            }}
          >
            {tip(hovered, sayColour(look.shading, look.none, choices, hovered))}
          </div>
        ) : null}
        <ScatterToolbar
          tool={picks ? tool : null}
          isOutlined={isOutlined}
          selected={selected}
          onTool={setTool}
          onZoom={(factor) => map.zoom(size.width / 2, size.height / 2, factor)}
          onShowAll={map.showAll}
          onOutlined={setOutlined}
          onClear={() => pick(null)}
          onRemap={onRemap && picked ? () => onRemap(markedPoints(picked.mask)) : undefined}
        />
        {isNear ? (
          <ScatterMinimap points={points} bounds={map.bounds} view={view} size={size} onMove={map.moveTo} />
        ) : null}
        <p role="status" className="sr-only">
          {said}
        </p>
      </div>
      <ScatterSide
        look={look}
        choices={choices}
        isCompared={comparison !== null}
        found={search.found}
        onSearch={props.search ? search.run : undefined}
      >
        <ClusterList
          category={category}
          clusters={clusters}
          colours={palette}
          isColoured={look.shading.isCluster}
          chosen={chosen}
          onGo={go}
          onTrace={onTrace}
          onRemap={onRemap && ((id) => onRemap(markedPoints(Uint8Array.from(category, (own) => (own === id ? 1 : 0)))))}
        />
      </ScatterSide>
      {look.timeColumn ? (
        <ScatterTime
          times={look.timeColumn.values}
          label={look.timeColumn.name}
          range={look.range}
          onRange={look.setRange}
        />
      ) : null}
    </div>
  );
}

/** What the colour of a point says, in words. */
function sayColour({ column }: Shading, none: string, choices: readonly ColumnChoice[], at: number): string | null {
  if (!column) return null;
  const label = choices.find(({ name }) => name === column.name)?.label ?? column.name;
  if (column.kind === "category") return `${label}: ${column.words[column.codes[at] ?? -1] ?? none}`;
  const value = column.values[at] ?? Number.NaN;
  if (!Number.isFinite(value)) return `${label}: ${none}`;
  return `${label}: ${column.kind === "time" ? formatShortTime(value) : formatNumber(value)}`;
}
