import type { DensityDifference, DensityGrid } from "#lib/map/density-difference.ts";
import { mixColours, unpackColour } from "./scatter-colour.ts";
import { divergingStops } from "./scatter-scale.ts";

/** Colours of the first and the second of two compared populations, of the ends of the scale of their difference. */
export function sideColours(dark: boolean): readonly [string, string] {
  const stops = divergingStops(dark);
  // A little off the ends, where the two are easier told apart by small points.
  return [mixColours(stops, 0.88), mixColours(stops, 0.14)];
}

/** Opacity of the largest difference, 0..1: the points lie over it. */
const strongest = 0.72;

/** How a difference is painted, from the most of the second to the most of the first, as `rgb(… / …)`. */
export function densityStops(dark: boolean): readonly string[] {
  const stops = divergingStops(dark);
  return Array.from({ length: 17 }, (_, step) => {
    const [red, green, blue] = unpackColour(mixColours(stops, step / 16));
    return `rgb(${red} ${green} ${blue} / ${opacityOf((step - 8) / 8).toFixed(3)})`;
  });
}

/** Opacity of a share of the largest difference, -1..1. */
const opacityOf = (share: number) => strongest * Math.sqrt(Math.abs(share)) * Math.min(1, 20 * Math.abs(share));

/**
 * Paints a difference in density, a pixel for each square, the uppermost row first. What is next to none is clear, so the
 * ground shines through.
 *
 * @param pixels  columns x rows x 4 bytes, drawn over
 */
export function paintDensity(
  { difference, most }: DensityDifference,
  { columns, rows }: Pick<DensityGrid, "columns" | "rows">,
  dark: boolean,
  pixels: Uint8ClampedArray
): void {
  const stops = divergingStops(dark);
  const steps = Array.from({ length: 65 }, (_, step) => unpackColour(mixColours(stops, step / 64)));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const share = most > 0 ? difference[row * columns + column]! / most : 0;
      const [red, green, blue] = steps[Math.round((share + 1) * 32)]!;
      const at = 4 * ((rows - 1 - row) * columns + column);
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
      pixels[at + 3] = 255 * opacityOf(share);
    }
  }
}
