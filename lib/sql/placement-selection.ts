import { Fault } from "../model/fault.ts";

/** What a person encircled on one version of a map: kept as it is, and true for traces that arrive later. */
export interface PlacementSelection {
  readonly mapId: string;
  /** The version whose coordinates the corners are in, from 1. */
  readonly version: number;
  /** Corners in map coordinates, 3 to 2,000, the last joined to the first; 32-bit numbers, so that no product of theirs vanishes. */
  readonly polygon: readonly (readonly [number, number])[];
}

/** A condition and what it binds. */
export interface BoundCondition {
  /** A boolean expression over `map_id`, `version`, `x` and `y`. */
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

const MOST_CORNERS = 2000;

/**
 * @param value  of a request or a store
 * @throws Fault `invalid` naming what is wrong
 */
export function parsePlacementSelection(value: unknown): PlacementSelection {
  const refuse = (why: string) =>
    new Fault("invalid", `the selection on the map ${why}`, { hint: "Draw it again on the map." });
  if (typeof value !== "object" || value === null) throw refuse("is no object");
  const { mapId, version, polygon } = value as { readonly [name: string]: unknown };
  if (typeof mapId !== "string" || mapId === "") throw refuse("names no map");
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) throw refuse("names no version");
  if (!Array.isArray(polygon) || polygon.length < 3 || polygon.length > MOST_CORNERS) {
    throw refuse(`has ${Array.isArray(polygon) ? polygon.length : "no"} corners, not 3 to ${MOST_CORNERS}`);
  }
  const corners = (polygon as unknown[]).map((corner, at): readonly [number, number] => {
    const [x, y, ...more] = Array.isArray(corner) ? (corner as unknown[]) : [];
    if (
      typeof x === "number" &&
      typeof y === "number" &&
      Number.isFinite(Math.fround(x) + Math.fround(y)) &&
      more.length === 0
    )
      return [Math.fround(x), Math.fround(y)];
    throw refuse(`has no two numbers as corner ${at + 1}`);
  });
  return { mapId, version, polygon: corners };
}

/**
 * The condition that a row of `placements` lies in a selection, by the very rule of `pointInPolygon`, to the last
 * bit of a double. Everything a person chose is bound; the text of the condition is always the same.
 *
 * @param name  begins the names of what is bound, so that one statement can hold several selections: letters and digits
 */
export function placementSelectionSql({ mapId, version, polygon }: PlacementSelection, name = "area"): BoundCondition {
  if (!/^[a-z][a-z0-9]*$/.test(name)) throw new TypeError(`"${name}" cannot begin the names of bound values`);
  const edges = polygon.map(([x, y], at) => [x, y, ...polygon[(at + polygon.length - 1) % polygon.length]!]);
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const side = "(x - e[1]) * (e[4] - e[2]) - (e[3] - e[1]) * (y - e[2])";
  return {
    sql: `(map_id = $${name}map and version = $${name}version
  and x between $${name}left and $${name}right and y between $${name}low and $${name}high
  and len(list_filter(cast($${name}edges as double[][]), lambda e: (e[2] > y) <> (e[4] > y)
    and case when e[4] > e[2] then ${side} < 0 else ${side} > 0 end)) % 2 = 1)`,
    values: {
      [`${name}map`]: mapId,
      [`${name}version`]: version,
      [`${name}left`]: Math.min(...xs),
      [`${name}right`]: Math.max(...xs),
      [`${name}low`]: Math.min(...ys),
      [`${name}high`]: Math.max(...ys),
      // JSON writes the shortest text that reads back as the same double, which the engine's cast does too.
      [`${name}edges`]: JSON.stringify(edges)
    }
  };
}
