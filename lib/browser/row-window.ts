/** Height that browsers still scroll exactly; a taller table is scrolled in proportion. */
const tallest = 8_000_000;

/** Which rows are in view and where they are drawn, all heights in pixels. */
export interface RowWindow {
  /** Height of the whole scrolled body. */
  readonly bodyHeight: number;
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Top of the row `first`. */
  readonly top: number;
}

/**
 * The rows to draw for a scroll position, with a few more at both ends. Beyond `tallest` pixels the
 * scroll position means a share of the table, so that millions of rows stay reachable.
 */
export function rowWindow(total: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  const full = total * rowHeight;
  const bodyHeight = Math.min(full, tallest);
  const inView = Math.ceil(viewHeight / rowHeight) + 1;
  const reach = Math.max(1, bodyHeight - viewHeight);
  const exactTop =
    full > tallest ? (Math.min(scrollTop, reach) / reach) * Math.max(0, full - viewHeight) : Math.max(0, scrollTop);
  const firstSeen = Math.floor(exactTop / rowHeight);
  const first = Math.max(0, firstSeen - 6);
  const end = Math.min(total, firstSeen + inView + 6);
  const shift = full > tallest ? scrollTop - exactTop : 0;
  return { bodyHeight, first, end, top: first * rowHeight + shift };
}
