import { formatNumber } from "#lib/browser/format.ts";
import { densityStops } from "#lib/browser/scatter-density.ts";
import type { ScatterDensityLayer } from "../../_parts/scatter-density.tsx";

/** What the colours under the points mean. */
export function CompareLegend({ layer, dark }: { readonly layer: ScatterDensityLayer; readonly dark: boolean }) {
  const { grid, most } = layer;
  const along = Math.max(grid.columns, grid.rows);
  const title = `Share of all traces of A less share of all traces of B, in each square of 1/${along} of the map and what lies around it; the largest is ${formatNumber(100 * most)} points`;
  return (
    <span className="row" style={{ gap: 6, fontSize: 13 }} title={title}>
      <span className="soft">denser in B</span>
      <span
        aria-hidden="true"
        className="compare-scale"
        style={{ background: `linear-gradient(to right, ${densityStops(dark).join(", ")})` }}
      />
      <span className="soft">denser in A</span>
      <span className="faint num">up to {formatNumber(100 * most)} points a square</span>
    </span>
  );
}
