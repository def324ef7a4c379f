/** Observable 10, which survives colour blindness; noise is grey. */
export const scatterColours: readonly string[] = [
  "#4269d0",
  "#efb118",
  "#ff725c",
  "#6cc5b0",
  "#3ca951",
  "#ff8ab7",
  "#a463f2",
  "#97bbf5",
  "#9c6b4e",
  "#9498a0"
];

/** The colour of points in no category. */
export const noiseColour = "#9aa0aa";

/** The colour of a category; negative is noise. After ten they begin again. */
export function categoryColour(category: number, colours: readonly string[] = scatterColours): string {
  return category < 0 ? noiseColour : (colours[category % colours.length] ?? noiseColour);
}

/**
 * RGBA bytes per point. Where some points are selected, the others turn grey and faint: colours that only fade
 * would add up again where points lie on each other.
 *
 * @param selected  indexes of points; null when nothing is selected
 */
export function colourBytes(
  category: Int32Array,
  selected: ReadonlySet<number> | null,
  colours: readonly string[] = scatterColours
): Uint8Array {
  const bytes = new Uint8Array(category.length * 4);
  const parsed = new Map<number, readonly [number, number, number]>();
  for (let at = 0; at < category.length; at++) {
    const isFaint = selected !== null && !selected.has(at);
    const own = isFaint ? -1 : (category[at] ?? -1);
    let rgb = parsed.get(own);
    if (!rgb) {
      const hex = Number.parseInt(categoryColour(own, colours).slice(1), 16);
      rgb = [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
      parsed.set(own, rgb);
    }
    bytes.set(rgb, at * 4);
    bytes[at * 4 + 3] = isFaint ? 50 : selected ? 255 : own < 0 ? 110 : 205;
  }
  return bytes;
}
