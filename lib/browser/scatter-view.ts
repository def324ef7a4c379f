/** Which part of a map is on screen: `scale` CSS pixels per map unit, the centre in map coordinates; y grows upwards. */
export interface ScatterView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A size in CSS pixels. */
export interface ScatterSize {
  readonly width: number;
  readonly height: number;
}

/** A corner in map coordinates. */
export type Corner = readonly [number, number];

/** The smallest upright box around points, in map coordinates; `left` lies above `right` when there are none. */
export interface MapBounds {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

/** The box around every finite point. */
export function boundPoints(x: Float32Array, y: Float32Array): MapBounds {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < x.length; at++) {
    const px = x[at] ?? Number.NaN;
    const py = y[at] ?? Number.NaN;
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (px < left) left = px;
    if (px > right) right = px;
    if (py < low) low = py;
    if (py > high) high = py;
  }
  return { left, right, low, high };
}

/** The view that shows all of a box with a margin. */
export function fitView({ left, right, low, high }: MapBounds, size: ScatterSize): ScatterView {
  if (left > right) return { x: 0, y: 0, scale: 1 };
  const scale = 0.9 * Math.min(size.width / Math.max(right - left, 1e-6), size.height / Math.max(high - low, 1e-6));
  return { x: (left + right) / 2, y: (low + high) / 2, scale: Math.max(scale, 1e-9) };
}

/** Where a map point is on screen. */
export function toScreen(view: ScatterView, size: ScatterSize, x: number, y: number): Corner {
  return [size.width / 2 + (x - view.x) * view.scale, size.height / 2 - (y - view.y) * view.scale];
}

/** The map point under a place on screen. */
export function toMap(view: ScatterView, size: ScatterSize, left: number, top: number): Corner {
  return [view.x + (left - size.width / 2) / view.scale, view.y - (top - size.height / 2) / view.scale];
}

/** Zooms by a factor; the map point under the place on screen stays where it is. */
export function zoomAt(view: ScatterView, size: ScatterSize, left: number, top: number, factor: number): ScatterView {
  const [x, y] = toMap(view, size, left, top);
  const scale = Math.min(1e9, Math.max(1e-9, view.scale * factor));
  const kept = view.scale / scale;
  return { x: x - (x - view.x) * kept, y: y - (y - view.y) * kept, scale };
}

/** Moves the map by a distance on screen. */
export function panBy(view: ScatterView, right: number, down: number): ScatterView {
  return { ...view, x: view.x - right / view.scale, y: view.y + down / view.scale };
}

/** The view that shows a part of a map with what lies around it. */
export function viewAround(bounds: MapBounds, size: ScatterSize): ScatterView {
  const view = fitView(bounds, size);
  return { ...view, scale: view.scale * 0.7 };
}

/** Radius of a point in CSS pixels: smaller where there are many, larger the nearer one looks. @param zoom 1 shows all */
export function pointRadius(n: number, zoom: number): number {
  const least = n > 300_000 ? 0.5 : n > 50_000 ? 1 : n > 10_000 ? 1.5 : n > 2_000 ? 2.2 : 3.2;
  return Math.min(7, least * Math.max(1, zoom) ** 0.4);
}
