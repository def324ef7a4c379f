"use client";
import { useEffect, useRef, useState } from "react";
import { clusterSizes, nearestSize } from "#lib/browser/cluster-sizes.ts";
import { formatCount } from "#lib/browser/format.ts";

interface ClusterSizeProps {
  /** Points of the map. */
  readonly points: number;
  /** The smallest cluster that the map has now. */
  readonly size: number;
  /** What it shows: clusters, and points in none. */
  readonly clusters: number;
  readonly noise: number;
  /** Another size is tried. */
  readonly onTry: (size: number) => void;
  /** It is let go of. */
  readonly onSettle: (size: number) => void;
}

/** Keys follow each other: a size that is reached by them is taken once they rest. */
const restMs = 700;

/** A slider for the smallest cluster: each step shows its clusters at once, letting go takes it. */
export function ClusterSize({ points, size, clusters, noise, onTry, onSettle }: ClusterSizeProps) {
  const sizes = clusterSizes(points);
  const [tried, setTried] = useState<number | null>(null);
  const rest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map has another size, whoever chose it
  useEffect(() => setTried(null), [size, points]);
  useEffect(() => () => clearTimeout(rest.current), []);
  if (sizes.length < 2) return null;
  const shown = tried ?? size;
  const settle = () => {
    clearTimeout(rest.current);
    if (tried !== null && tried !== size) onSettle(tried);
  };
  const share = `${((100 * noise) / Math.max(1, points)).toFixed(1)} % in none`;
  return (
    <label className="row cluster-size">
      <span className="soft">Smallest cluster</span>
      <input
        type="range"
        min={0}
        max={sizes.length - 1}
        value={nearestSize(sizes, shown)}
        aria-label="Smallest cluster"
        aria-valuetext={`${formatCount(shown, "trace")}: ${formatCount(clusters, "cluster")}, ${share}`}
        onChange={({ target }) => {
          const next = sizes[Number(target.value)] ?? size;
          setTried(next);
          onTry(next);
        }}
        onPointerUp={settle}
        onKeyUp={() => {
          clearTimeout(rest.current);
          rest.current = window.setTimeout(settle, restMs);
        }}
        onBlur={settle}
      />
      <span className="num" data-testid="cluster-size">
        {formatCount(shown, "trace")}
      </span>
      <span className="soft" data-testid="cluster-counts">
        {formatCount(clusters, "cluster")} · {share}
      </span>
    </label>
  );
}
