import { categoryColours as colours } from "#lib/model/category-colours.ts";
import type { Cluster } from "#lib/model/run.ts";
import type { ReportMap } from "./report-material.ts";
import { escapeHtml } from "./report-prose.ts";

/** Clusters whose words are written on the picture. */
const labelled = 12;
const width = 880;
const height = 560;
const margin = 24;

/** A map as a still picture: points in the colours of their clusters, the largest clusters named. */
export function formatMapFigure(map: ReportMap, clusters: readonly Cluster[]): string {
  const xs = extent(map.points.map(({ x }) => x));
  const ys = extent(map.points.map(({ y }) => y));
  // One scale for both axes: distances on a map mean the same in every direction.
  const scale = Math.min(
    (width - 2 * margin) / (xs.high - xs.low || 1),
    (height - 2 * margin) / (ys.high - ys.low || 1)
  );
  const place = (x: number, y: number) => ({
    left: (width / 2 + (x - (xs.low + xs.high) / 2) * scale).toFixed(1),
    top: (height / 2 - (y - (ys.low + ys.high) / 2) * scale).toFixed(1)
  });
  const dots = map.points.map(({ x, y, cluster }) => {
    const { left, top } = place(x, y);
    const fill = cluster < 0 ? "#9498a055" : colours[cluster % colours.length]!;
    return `<circle cx="${left}" cy="${top}" r="2.2" fill="${fill}"/>`;
  });
  const words = clusters.slice(0, labelled).map(({ x, y, label, size }) => {
    const { left, top } = place(x, y);
    return `<text x="${left}" y="${top}" text-anchor="middle">${escapeHtml(label)} (${size})</text>`;
  });
  return `<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="Map of ${clusters.length} clusters">${dots.join("")}${words.join("")}</svg>`;
}

function extent(values: readonly number[]): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/**
 * A chart's SVG made fit for a report: what could run or load is taken out. The walls of the sandbox and
 * the report's content policy stand behind this.
 */
export function cleanSvg(svg: string): string {
  return svg
    .replace(/<\?xml[^>]*\?>|<!DOCTYPE[^>]*>/gi, "")
    .replace(/<(script|foreignObject|iframe|object|embed)\b(?:[^>]*\/>|[\s\S]*?(?:<\/\1\s*>|$))/gi, "")
    .replace(/\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/\b(?:xlink:)?href\s*=\s*(["'])\s*(?!#|data:image\/)[^"']*\1/gi, "");
}
