import type { Corner } from "./scatter-view.ts";

/** What a drag or a click on the map does. */
export type ScatterTool = "pan" | "lasso" | "box" | "polygon";

/** Tools with their words and keys. */
export const scatterTools: readonly { readonly tool: ScatterTool; readonly label: string; readonly key: string }[] = [
  { tool: "pan", label: "Move", key: "m" },
  { tool: "lasso", label: "Lasso", key: "l" },
  { tool: "box", label: "Box", key: "b" },
  { tool: "polygon", label: "Polygon", key: "p" }
];

/**
 * The corners drawn so far with one more; all in map coordinates.
 *
 * @param near  corners of a lasso nearer than this are left out, in map units
 */
export function addCorner(
  tool: ScatterTool,
  corners: readonly Corner[],
  corner: Corner,
  near: number
): readonly Corner[] {
  const first = corners[0];
  if (!first) return [corner];
  const last = corners.at(-1) ?? first;
  switch (tool) {
    case "pan":
      return corners;
    case "box":
      return [first, [corner[0], first[1]], corner, [first[0], corner[1]]];
    case "lasso":
    case "polygon":
      return Math.hypot(corner[0] - last[0], corner[1] - last[1]) < near ? corners : [...corners, corner];
    default:
      return tool satisfies never;
  }
}

/** Whether corners enclose anything. */
export function isOutline(corners: readonly Corner[]): boolean {
  return corners.length >= 3;
}
