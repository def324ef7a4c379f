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

/** The view that shows every finite point with a margin. */
export function fitView(x: Float32Array, y: Float32Array, size: ScatterSize): ScatterView {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < x.length; at++) {
    const px = x[at] ?? Number.NaN;
    const py = y[at] ?? Number.NaN;
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    left = Math.min(left, px);
    right = Math.max(right, px);
    low = Math.min(low, py);
    high = Math.max(high, py);
  }
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

/** A label with its place on screen. */
export interface PlacedLabel<T> {
  readonly item: T;
  readonly left: number;
  readonly top: number;
}

/** How far a label stands over the place it names, in CSS pixels: the points themselves stay in sight. */
const LABEL_LIFT = 18;

/** Labels that do not overlap, the first given have the right of way; those off screen are left out. */
export function placeLabels<T extends { readonly x: number; readonly y: number; readonly label: string }>(
  items: readonly T[],
  view: ScatterView,
  size: ScatterSize
): readonly PlacedLabel<T>[] {
  const placed: (PlacedLabel<T> & { readonly width: number })[] = [];
  for (const item of items) {
    const [left, bottom] = toScreen(view, size, item.x, item.y);
    const top = bottom - LABEL_LIFT;
    const width = shortLabel(item.label).length * 7 + 26;
    const inside = left > width / 2 && top > 12 && left < size.width - width / 2 && top < size.height - 12;
    const isFree = placed.every(
      (other) => Math.abs(other.left - left) > (other.width + width) / 2 || Math.abs(other.top - top) > 24
    );
    if (inside && isFree) placed.push({ item, left, top, width });
  }
  return placed;
}

/** The first words of a cluster that fit on the map, whole; the first one always. */
export function shortLabel(label: string): string {
  const [first = "", ...others] = label.split(", ");
  let short = first;
  for (const word of others) {
    if (short.length + word.length > 24) break;
    short += `, ${word}`;
  }
  return short.length > 32 ? `${short.slice(0, 31)}…` : short;
}
