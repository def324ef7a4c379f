import type { RatePoint } from "../wire/scorers.ts";

/** Draws the rate of each version by day, with its interval, in the colours of the page. */
export async function drawRates(points: readonly RatePoint[], width: number): Promise<Element> {
  // Only this page needs the library.
  const Plot = await import("@observablehq/plot");
  const rows = points.flatMap(({ day, version, rate, interval, n, effectiveN }) =>
    rate === null
      ? []
      : [
          {
            day: new Date(day),
            version: `version ${version}`,
            rate,
            low: interval[0],
            high: interval[1],
            n,
            effectiveN
          }
        ]
  );
  return Plot.plot({
    width,
    height: 236,
    marginLeft: 46,
    marginBottom: 46,
    style: { background: "transparent", color: "inherit", fontSize: "12px" },
    x: { type: "utc", label: "Day the traces began (UTC)" },
    y: { domain: [0, 100], percent: true, label: "Rate (%)", grid: true },
    color: { legend: new Set(rows.map(({ version }) => version)).size > 1, scheme: "Observable10" },
    marks: [
      Plot.ruleX(rows, { x: "day", y1: "low", y2: "high", stroke: "version", strokeOpacity: 0.5, strokeWidth: 3 }),
      Plot.lineY(rows, { x: "day", y: "rate", stroke: "version" }),
      Plot.dot(rows, {
        x: "day",
        y: "rate",
        fill: "version",
        r: 3,
        channels: { low: "low", high: "high", n: "n", "effective n": "effectiveN" },
        tip: true
      })
    ]
  });
}
