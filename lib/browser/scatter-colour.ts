import { categoryColours } from "#lib/model/category-colours.ts";

/** The colour of points in no category. */
export const noiseColour = "#9aa0aa";

/** The colour of a category; negative is noise. After ten they begin again. */
export function categoryColour(category: number, colours: readonly string[] = categoryColours): string {
  return category < 0 ? noiseColour : (colours[category % colours.length] ?? noiseColour);
}

/** Opacities, 0..255: of a point, of one in no category, of one that is marked, of one beside marked ones. */
const opacity = { plain: 205, noise: 110, marked: 255, faint: 50 } as const;

/**
 * Colours as pixels have them. Where some points are marked, the others turn grey and faint: colours that only fade
 * would add up again where points lie on each other.
 *
 * @param codes    n categories; negative in none
 * @param marked   n, 1 for marked points; null when nothing is marked
 * @param colours  `#rrggbb` by code; they begin again after the last
 * @returns n, bytes red, green, blue, opacity
 */
export function colourPoints(
  codes: Int32Array,
  marked: Uint8Array | null,
  colours: readonly string[] = categoryColours
): Uint32Array {
  const own = colours.map((colour) => packColour(colour, marked ? opacity.marked : opacity.plain));
  const noise = packColour(noiseColour, marked ? opacity.marked : opacity.noise);
  const faint = packColour(noiseColour, opacity.faint);
  const painted = new Uint32Array(codes.length);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? -1;
    if (marked && marked[at] !== 1) painted[at] = faint;
    else painted[at] = code < 0 ? noise : (own[code % own.length] ?? noise);
  }
  return painted;
}

/**
 * Which points are drawn in which order: marked ones over the others, those without a value under those with one, hidden
 * ones not at all.
 *
 * @param shown   n, 1 for points that are drawn; null shows all
 * @param marked  n, 1 for marked points; null when nothing is marked
 * @param values  n codes; negative without a value; null where that is no matter
 * @returns indexes, or null where all are drawn as they come
 */
export function orderPoints(
  n: number,
  shown: Uint8Array | null,
  marked: Uint8Array | null,
  values: Int32Array | null = null
): Uint32Array | null {
  if (!shown && !marked && !values) return null;
  const order = new Uint32Array(n);
  let count = 0;
  for (const layer of marked ? [0, 1] : [0]) {
    for (const hasValue of values ? [false, true] : [true]) {
      for (let at = 0; at < n; at++) {
        if ((shown && shown[at] === 0) || (marked && marked[at] !== layer)) continue;
        if (values && values[at]! >= 0 !== hasValue) continue;
        order[count++] = at;
      }
    }
  }
  return order.subarray(0, count);
}

/** Points in both; null stands for all. @returns null when neither leaves any out */
export function intersectMasks(one: Uint8Array | null, other: Uint8Array | null): Uint8Array | null {
  if (!one || !other) return one ?? other;
  return one.map((inside, at) => inside & (other[at] ?? 0));
}

/** How many points a mask holds. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < mask.length; at++) count += mask[at] ?? 0;
  return count;
}

function packColour(hex: string, alpha: number): number {
  const [red, green, blue] = unpackColour(hex);
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Red, green and blue of `#rrggbb`, 0..255. */
export function unpackColour(hex: string): readonly [number, number, number] {
  const packed = Number.parseInt(hex.slice(1), 16);
  return [(packed >> 16) & 255, (packed >> 8) & 255, packed & 255];
}

/** A colour between stops that stand at equal distances. @param share 0..1 */
export function mixColours(stops: readonly string[], share: number): string {
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const from = unpackColour(stops[Math.floor(place)] ?? noiseColour);
  const to = unpackColour(stops[Math.ceil(place)] ?? noiseColour);
  const part = place - Math.floor(place);
  const mixed = from.map((channel, at) => Math.round(channel + ((to[at] ?? channel) - channel) * part));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
