"use client";
import { useMemo } from "react";
import { categoryColour } from "#lib/browser/scatter-colour.ts";

/** A cluster as the map labels and lists it. */
export interface ScatterCluster {
  readonly id: number;
  readonly label: string;
  readonly size: number;
  readonly x: number;
  readonly y: number;
}

interface ScatterLegendProps {
  readonly category: Int32Array;
  readonly clusters: readonly ScatterCluster[];
  readonly names: readonly string[] | undefined;
  readonly colours: readonly string[];
  /** A cluster was chosen to look at. */
  readonly onGo: (cluster: ScatterCluster) => void;
}

/** The map in words: every category with its colour and its number of points. */
export function ScatterLegend({ category, clusters, names, colours, onGo }: ScatterLegendProps) {
  const noise = useMemo(() => category.reduce((sum, own) => sum + (own < 0 ? 1 : 0), 0), [category]);
  return (
    <section aria-label="Clusters" style={{ minHeight: 0, overflow: "auto", fontSize: 13 }}>
      <ul style={{ listStyle: "none", padding: 0 }}>
        {names
          ? names.map((label, id) => (
              <li key={label} className="menu-item" style={{ cursor: "default" }}>
                <Line colour={categoryColour(id, colours)} label={label} />
              </li>
            ))
          : clusters.map((cluster) => (
              <li key={cluster.id}>
                <button type="button" className="menu-item" title={cluster.label} onClick={() => onGo(cluster)}>
                  <Line colour={categoryColour(cluster.id, colours)} label={cluster.label} count={cluster.size} />
                </button>
              </li>
            ))}
        {noise > 0 ? (
          <li className="menu-item" style={{ cursor: "default" }}>
            <Line colour={categoryColour(-1)} label="in no cluster" count={noise} />
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Line({ colour, label, count }: { readonly colour: string; readonly label: string; readonly count?: number }) {
  return (
    <>
      <span aria-hidden="true" style={{ width: 10, height: 10, borderRadius: 5, flex: "none", background: colour }} />
      <span className="grow" style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
        {label}
      </span>
      {count === undefined ? null : <span className="num faint">{count.toLocaleString("en-US")}</span>}
    </>
  );
}
