import { mixColours } from "./scatter-colour.ts";

/** Numbers of a column as colours and sizes. Few far values do not squeeze the others: they share the ends. */
export interface NumberScale {
  readonly low: number;
  readonly high: number;
  /** The value in the middle of a diverging scale; null where colours only grow stronger. */
  readonly middle: number | null;
}

/** Colours that a scale is cut into. */
export const scaleSteps = 24;

/** From little to much, on a light ground and on a dark one: lightness alone tells them apart. */
const sequential = {
  light: ["#b9cdf4", "#7aa2ea", "#4269d0", "#2a4699", "#152659"],
  dark: ["#2f4378", "#4269d0", "#7aa2ea", "#b5cdf8", "#eef4ff"]
} as const;
/**
 * From below over the middle to above: orange and blue, which no colour blindness confuses. The middle is sand: grey is
 * what has no value.
 */
const diverging = {
  light: ["#a34a00", "#e2832f", "#cdb98c", "#5b8fd8", "#1d4b9e"],
  dark: ["#ff9a3d", "#c97b36", "#86795a", "#5f8fd6", "#8fbcff"]
} as const;

/** The colours of a diverging scale, from below to above. */
export const divergingStops = (dark: boolean): readonly string[] => diverging[dark ? "dark" : "light"];

/**
 * The scale of a column: from its second to its ninety-eighth hundredth. It diverges around 0 where values lie on both sides.
 *
 * @param values  NaN where there is none
 * @param middle  the value to diverge from; null leaves it to the values
 */
export function buildScale(values: Float64Array, middle: number | null = null): NumberScale {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const some: number[] = [];
  for (let at = 0; at < values.length; at += step) {
    const value = values[at] ?? Number.NaN;
    if (Number.isFinite(value)) some.push(value);
  }
  some.sort((a, b) => a - b);
  if (some.length === 0) return { low: 0, high: 1, middle };
  const at = (share: number) => some[Math.round(share * (some.length - 1))] ?? 0;
  let [low, high] = [at(0.02), at(0.98)];
  if (low === high) [low, high] = [at(0), at(1)];
  const centre = middle ?? (low < 0 && high > 0 ? 0 : null);
  if (centre === null) return { low, high: high > low ? high : low + Math.max(1, Math.abs(low) * 1e-6), middle: null };
  const reach = Math.max(centre - low, high - centre, 1e-12, Math.abs(centre) * 1e-6);
  return { low: centre - reach, high: centre + reach, middle: centre };
}

/** The step of each value, 0..scaleSteps-1; -1 where there is none. */
export function codeNumbers(values: Float64Array, { low, high }: NumberScale): Int32Array {
  const codes = new Int32Array(values.length).fill(-1);
  const factor = scaleSteps / (high - low);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isFinite(value)) codes[at] = Math.max(0, Math.min(scaleSteps - 1, Math.floor((value - low) * factor)));
  }
  return codes;
}

/** The colours of a scale's steps, which can be told from the ground. */
export function scaleColours(scale: NumberScale, dark: boolean): readonly string[] {
  const stops = (scale.middle === null ? sequential : diverging)[dark ? "dark" : "light"];
  return Array.from({ length: scaleSteps }, (_, step) => mixColours(stops, step / (scaleSteps - 1)));
}

/** Factors of the point size, by area: 0.7 for the least, 2.6 for the most, 0.5 where there is no value. */
export function sizePoints(values: Float64Array, { low, high }: NumberScale): Float32Array {
  const sizes = new Float32Array(values.length).fill(0.5);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const share = Math.max(0, Math.min(1, (value - low) / (high - low)));
    sizes[at] = Math.sqrt(0.49 + share * (6.76 - 0.49));
  }
  return sizes;
}

/** How many points have each code below `count`. */
export function countCodes(codes: Int32Array, count: number, shown: Uint8Array | null): Uint32Array {
  const counts = new Uint32Array(count);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? -1;
    if (code >= 0 && code < count && (!shown || shown[at] === 1)) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
