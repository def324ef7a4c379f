"use client";
import { memo, useMemo } from "react";
import { formatCount, formatNumber, formatShortTime } from "#lib/browser/format.ts";
import { categoryColour, noiseColour } from "#lib/browser/scatter-colour.ts";
import { countCodes, scaleSteps } from "#lib/browser/scatter-scale.ts";
import type { Outline } from "#lib/map/outline.ts";
import { categoryColours } from "#lib/model/category-colours.ts";
import type { Shading } from "./use-scatter-look.ts";

/** A cluster as the map labels and lists it. */
export interface ScatterCluster {
  readonly id: number;
  readonly label: string;
  readonly size: number;
  readonly x: number;
  readonly y: number;
  /** Trace ids nearest its middle. */
  readonly representatives?: readonly string[];
  /** Where its points lie, for a label that stays in sight. */
  readonly spots?: Outline["spots"];
}

interface ClusterListProps {
  readonly category: Int32Array;
  readonly clusters: readonly ScatterCluster[];
  readonly colours: readonly string[];
  /** Whether the points have the colours of clusters now. */
  readonly isColoured: boolean;
  readonly chosen: number;
  /** A cluster was chosen to look at. */
  readonly onGo: (cluster: ScatterCluster) => void;
  /** A trace was chosen to read. */
  readonly onTrace: ((traceId: string) => void) | undefined;
  /** Its points shall be laid out alone; undefined where that cannot be. */
  readonly onRemap: ((id: number) => void) | undefined;
}

/** Clusters that are listed, the largest; the others are one line. */
const mostListed = 300;

/** The map in words: every cluster with its colour, its number of points, and its most typical traces once it is chosen. */
export const ClusterList = memo(function ClusterList(props: ClusterListProps) {
  const { category, clusters, colours, isColoured, chosen, onGo, onTrace, onRemap } = props;
  const noise = useMemo(() => category.reduce((sum, own) => sum + (own < 0 ? 1 : 0), 0), [category]);
  const colourOf = (id: number) => (isColoured ? categoryColour(id, colours) : "transparent");
  const [listed, smaller] = [clusters.slice(0, mostListed), clusters.slice(mostListed)];
  const also = smaller.find(({ id }) => id === chosen);
  return (
    <ul className="scatter-list" aria-label="Clusters">
      {(also ? [...listed, also] : listed).map((cluster) => (
        <li key={cluster.id}>
          <button
            type="button"
            className="menu-item"
            title={cluster.label}
            aria-current={cluster.id === chosen ? "true" : undefined}
            onClick={() => onGo(cluster)}
          >
            <Line colour={colourOf(cluster.id)} label={cluster.label} count={cluster.size} />
          </button>
          {cluster.id === chosen && onRemap ? (
            <div className="scatter-typical">
              <button type="button" className="scatter-link" onClick={() => onRemap(cluster.id)}>
                Remap these {cluster.size.toLocaleString("en-US")}
              </button>
            </div>
          ) : null}
          {cluster.id === chosen && onTrace && cluster.representatives?.length ? (
            <div className="scatter-typical">
              <span className="faint">typical:</span>
              {cluster.representatives.map((traceId, at) => (
                <button
                  key={traceId}
                  type="button"
                  className="scatter-link"
                  aria-label={`Typical trace ${at + 1} of ${cluster.label}`}
                  onClick={() => onTrace(traceId)}
                >
                  {traceId.slice(0, 6)}
                </button>
              ))}
            </div>
          ) : null}
        </li>
      ))}
      {smaller.length > 0 ? (
        <li className="menu-item" style={{ cursor: "default" }}>
          <Line
            colour="transparent"
            label={`in ${formatCount(smaller.length, "smaller cluster")}`}
            count={smaller.reduce((sum, { size }) => sum + size, 0)}
          />
        </li>
      ) : null}
      {noise > 0 ? (
        <li className="menu-item" style={{ cursor: "default" }}>
          <Line colour={colourOf(-1)} label="in no cluster" count={noise} />
        </li>
      ) : null}
    </ul>
  );
});

interface ColumnLegendProps {
  readonly shading: Shading;
  /** What a point without a value is called. */
  readonly none: string;
  readonly shown: Uint8Array | null;
}

/** What the colours of a column mean, and how many of the shown points have each. */
export const ColumnLegend = memo(function ColumnLegend({ shading, none: word, shown }: ColumnLegendProps) {
  const { codes, colours, column, scale } = shading;
  const kinds = scale ? scaleSteps : categoryColours.length;
  const counts = useMemo(() => countCodes(codes, kinds, shown), [codes, kinds, shown]);
  const none = useMemo(
    () => codes.reduce((sum, code, at) => sum + (code < 0 && (!shown || shown[at] === 1) ? 1 : 0), 0),
    [codes, shown]
  );
  if (!column) return null;
  if (!scale) {
    const words = column.kind === "category" ? column.words : [];
    const others = words.length - kinds + 1;
    return (
      <ul className="scatter-list" aria-label="Colours">
        {words.slice(0, kinds).map((word, code) => (
          <li key={word} className="menu-item" style={{ cursor: "default" }}>
            <Line
              colour={colours[code] ?? noiseColour}
              label={code === kinds - 1 && others > 1 ? `${others.toLocaleString("en-US")} others` : word || "(empty)"}
              count={counts[code] ?? 0}
            />
          </li>
        ))}
        {none > 0 ? <NoValue word={word} count={none} /> : null}
      </ul>
    );
  }
  const most = Math.max(1, ...counts);
  const show = column.kind === "time" ? (value: number) => formatShortTime(value) : formatNumber;
  const at = (step: number) => scale.low + ((scale.high - scale.low) * step) / scaleSteps;
  return (
    <section className="scatter-scale" aria-label="Colours">
      <div className="scatter-bars">
        {Array.from(counts, (count, step) => (
          <span
            key={at(step)}
            title={`${show(at(step))} to ${show(at(step + 1))}: ${count.toLocaleString("en-US")}`}
            style={{ background: colours[step] ?? noiseColour, height: `${8 + (28 * count) / most}px` }}
          />
        ))}
      </div>
      <div className="row num faint" style={{ justifyContent: "space-between", fontSize: 12 }}>
        <span>{show(scale.low)}</span>
        {scale.middle === null ? null : <span>{show(scale.middle)}</span>}
        <span>{show(scale.high)}</span>
      </div>
      {none > 0 ? (
        <div className="menu-item" style={{ cursor: "default" }}>
          <Line colour={noiseColour} label={word} count={none} />
        </div>
      ) : null}
    </section>
  );
});

function NoValue({ word, count }: { readonly word: string; readonly count: number }) {
  return (
    <li className="menu-item" style={{ cursor: "default" }}>
      <Line colour={noiseColour} label={word} count={count} />
    </li>
  );
}

function Line({ colour, label, count }: { readonly colour: string; readonly label: string; readonly count: number }) {
  return (
    <>
      <span aria-hidden="true" className="scatter-dot" style={{ background: colour }} />
      <span className="grow scatter-cut">{label}</span>
      <span className="num faint">{count.toLocaleString("en-US")}</span>
    </>
  );
}
