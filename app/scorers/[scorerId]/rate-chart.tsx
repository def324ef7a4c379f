"use client";
import { useEffect, useRef, useState } from "react";
import { drawRates } from "#lib/browser/draw-rates.ts";
import type { RatePoint } from "#lib/wire/scorers.ts";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { RateText } from "../../_parts/text.tsx";

/** The weighted rate by day with its interval, as a chart and, for those who cannot see it, as a table. */
export function RateChart({ points }: { readonly points: readonly RatePoint[] }) {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // A look that finds the same draws nothing anew.
  const key = JSON.stringify(points);
  useEffect(() => {
    const own = place.current;
    if (!own || key === "[]") return;
    let isGone = false;
    drawRates(JSON.parse(key) as readonly RatePoint[], Math.max(320, own.clientWidth)).then(
      (chart) => isGone || own.replaceChildren(chart),
      (error: unknown) => isGone || setProblem(String(error))
    );
    return () => {
      isGone = true;
    };
  }, [key]);
  if (points.length === 0) {
    return <StateNotice notice={{ kind: "empty", title: "Its rules have scored nothing yet." }} />;
  }
  return (
    <div className="stack">
      <div ref={place} className="rate-chart" aria-hidden="true" />
      {problem === null ? null : <p className="status-bad">✕ The chart could not be drawn: {problem}</p>}
      <p className="soft" style={{ fontSize: 13 }}>
        Each verdict stands for as many traces as its chance of being scored says; the lines are 95 % intervals.
      </p>
      <details>
        <summary>As numbers</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Version</th>
              <th scope="col">Rate</th>
              <th scope="col" className="right" title="As many of equal chance would be as certain">
                Effective n
              </th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(({ day, version, rate, interval, n, effectiveN }) => (
              <tr key={`${day} ${version}`}>
                <td>{day}</td>
                <td>{version}</td>
                <td>
                  <RateText rate={rate} interval={interval} n={n} />
                </td>
                <td className="right num">{Math.round(effectiveN).toLocaleString("en-US")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
