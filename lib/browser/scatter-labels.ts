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

/** How far a label stands over the place it names, in CSS pixels: the points themselves stay in sight. */
const lift = 18;
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
    const anchor = findAnchor(item, view, size);
    if (!anchor) continue;
    const text = shortLabel(item.label);
    const width = measure(text) + around;
    if (width + 2 * gap > size.width || tall + 2 * gap > size.height) continue;
    const left = clamp(anchor[0], width / 2 + gap, size.width - width / 2 - gap);
    const top = clamp(anchor[1] - lift, tall / 2 + gap, size.height - tall / 2 - gap);
    const box = { left: left - width / 2, top: top - tall / 2, width, height: tall };
    if (taken.some((other) => isOverlapping(box, other))) continue;
    taken.push(box);
    placed.push({ item, text, left, top });
  }
  return placed;
}

function findAnchor(item: Labelled, view: ScatterView, size: ScatterSize): readonly [number, number] | null {
  const isSeen = ([left, top]: readonly [number, number]) =>
    left >= 0 && top >= 0 && left <= size.width && top <= size.height;
  const middle = toScreen(view, size, item.x, item.y);
  if (isSeen(middle)) return middle;
  let [sumLeft, sumTop, weight] = [0, 0, 0];
  for (const [x, y, points] of item.spots ?? []) {
    const spot = toScreen(view, size, x, y);
    if (!isSeen(spot)) continue;
    sumLeft += spot[0] * points;
    sumTop += spot[1] * points;
    weight += points;
  }
  return weight > 0 ? [sumLeft / weight, sumTop / weight] : null;
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
