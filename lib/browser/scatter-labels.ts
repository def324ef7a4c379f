import { type ScatterSize, type ScatterView, toScreen } from "./scatter-view.ts";

/** What a label names. */
export interface Labelled {
  readonly label: string;
  /** Its middle in map coordinates. */
  readonly x: number;
  readonly y: number;
  /** Places where its points lie, with their number: [x, y, points]. */
  readonly spots?: readonly (readonly [number, number, number])[];
}

/** A label with its place on screen. */
export interface PlacedLabel<T> {
  readonly item: T;
  readonly text: string;
  /** Its middle. */
  readonly left: number;
  readonly top: number;
}

/** A part of the screen, in CSS pixels. */
export interface ScreenBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How far a label stands off the points it names, in CSS pixels: they stay in sight. */
const lift = 14;
/** A cluster taller than this on screen has its name in the middle; elsewhere it would stand far away. */
const tallCluster = 150;
/** Height of a label, and what lies around its text: colour mark and padding. */
const tall = 20;
const around = 28;
/** Between two labels, and to the edge. */
const gap = 4;

/**
 * Labels that do not overlap, at any zoom; the first given have the right of way. A cluster whose middle is out of sight is
 * named over the part that is in sight.
 *
 * @param measure   width of a text in CSS pixels
 * @param reserved  where controls lie
 */
export function placeLabels<T extends Labelled>(
  items: readonly T[],
  view: ScatterView,
  size: ScatterSize,
  measure: (text: string) => number = (text) => text.length * 7,
  reserved: readonly ScreenBox[] = []
): readonly PlacedLabel<T>[] {
  const taken: ScreenBox[] = [...reserved];
  const placed: PlacedLabel<T>[] = [];
  for (const item of items) {
    const text = shortLabel(item.label);
    const width = measure(text) + around;
    if (width + 2 * gap > size.width || tall + 2 * gap > size.height) continue;
    for (const [middle, down] of listAnchors(item, view, size)) {
      const left = clamp(middle, width / 2 + gap, size.width - width / 2 - gap);
      const top = clamp(down, tall / 2 + gap, size.height - tall / 2 - gap);
      const box = { left: left - width / 2, top: top - tall / 2, width, height: tall };
      if (taken.some((other) => isOverlapping(box, other))) continue;
      taken.push(box);
      placed.push({ item, text, left, top });
      break;
    }
  }
  return placed;
}

/** Where a label may stand, the best place first: over what is seen of its cluster, or under it; in it where it is large. */
function listAnchors(item: Labelled, view: ScatterView, size: ScatterSize): readonly (readonly [number, number])[] {
  const middle = toScreen(view, size, item.x, item.y);
  let [sum, weight] = [0, 0];
  let [high, low] = [Infinity, -Infinity];
  for (const [x, y, points] of item.spots ?? []) {
    const [left, top] = toScreen(view, size, x, y);
    if (!isSeen(left, top, size)) continue;
    sum += left * points;
    weight += points;
    high = Math.min(high, top);
    low = Math.max(low, top);
  }
  const isMiddleSeen = isSeen(...middle, size);
  if (weight === 0) {
    if (!isMiddleSeen) return [];
    return [
      [middle[0], middle[1] - lift],
      [middle[0], middle[1] + lift]
    ];
  }
  const left = sum / weight;
  if (low - high > tallCluster) return [[left, isMiddleSeen ? middle[1] : (low + high) / 2]];
  return [
    [left, high - lift],
    [left, low + lift]
  ];
}

function isSeen(left: number, top: number, size: ScatterSize): boolean {
  return left >= 0 && top >= 0 && left <= size.width && top <= size.height;
}

function isOverlapping(one: ScreenBox, other: ScreenBox): boolean {
  return (
    one.left < other.left + other.width + gap &&
    other.left < one.left + one.width + gap &&
    one.top < other.top + other.height + gap &&
    other.top < one.top + one.height + gap
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
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
