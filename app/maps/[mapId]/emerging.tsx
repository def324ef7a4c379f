import Link from "next/link";
import { formatExact, formatNumber } from "#lib/browser/format.ts";
import type { EmergingRow, EmergingScore, KeptMapReply } from "#lib/wire/maps.ts";
import { SampleTraces } from "./sample-traces.tsx";

/** What became commoner in a unit than it was there, the surest and strongest first. */
export function Emerging({ map }: { readonly map: KeptMapReply }) {
  const { emerging, recentDays, pastDays } = map;
  return (
    <section aria-labelledby="emerging">
      <h2 id="emerging">Emerging</h2>
      <p className="soft" style={{ fontSize: 13 }}>
        {emerging.length === 0
          ? `No cluster grew beyond chance in the last ${recentDays} days on the map against the ${pastDays} before.`
          : `Shares of a unit's traces in the last ${recentDays} days on the map against the ${pastDays} before; at most 5 % of such a list is chance.`}
      </p>
      {emerging.length > 0 ? (
        <table className="table">
          <thead>
            <tr>
              <th>Cluster</th>
              <th>Unit</th>
              <th className="right">Now</th>
              <th className="right">Before</th>
              <th className="right">Times as common</th>
              <th>By day</th>
              <th className="right">Novelty</th>
              <th>Scores, before</th>
              <th>Typical</th>
              <th>Strangest</th>
            </tr>
          </thead>
          <tbody>
            {emerging.map((row) => (
              <tr key={`${row.businessUnit} ${row.clusterId}`}>
                <td>{row.label}</td>
                <td>{row.businessUnit}</td>
                <td className="right num">{row.recent.toLocaleString("en-US")}</td>
                <td className="right num">{row.past.toLocaleString("en-US")}</td>
                <td className="right num">{growthOf(row)}</td>
                <td>
                  <Trend counts={row.trend} />
                </td>
                <td className="right num">{formatNumber(row.novelty)}</td>
                <td>
                  <Scores scores={row.scores} />
                </td>
                <td>
                  <SampleTraces ids={row.representatives} />
                </td>
                <td>
                  <SampleTraces ids={row.extremes} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <Strangest map={map} />
    </section>
  );
}

/** What lies farthest from all that the map was built from, by unit: a cluster of its own some day, or a single mishap. */
function Strangest({ map: { strangest, recentDays } }: { readonly map: KeptMapReply }) {
  if (strangest.length === 0) return null;
  return (
    <>
      <h3 style={{ fontSize: 14 }}>Strangest of the last {recentDays} days</h3>
      <table className="table" aria-label="Strangest traces">
        <tbody>
          {strangest.map(({ businessUnit, traces }) => (
            <tr key={businessUnit}>
              <td>{businessUnit}</td>
              {traces.map(({ traceId, novelty }) => (
                <td key={traceId} className="num">
                  <Link href={`/traces/${traceId}`} title={`Novelty ${formatExact(novelty)}`}>
                    {traceId.slice(0, 8)}
                  </Link>{" "}
                  <span className="faint">{formatNumber(novelty)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Scores({ scores }: { readonly scores: readonly EmergingScore[] }) {
  if (scores.length === 0) return <span className="faint">none</span>;
  const say = (mean: number | null, n: number) => (mean === null ? "unscored" : `${formatNumber(mean)} (n ${n})`);
  return scores.slice(0, 3).map(({ scorer, n, mean, nBefore, meanBefore }) => (
    <div key={scorer} className="num">
      {scorer} {say(mean, n)}, <span className="soft">{say(meanBefore, nBefore)}</span>
    </div>
  ));
}

function growthOf({ ratio, low, high }: EmergingRow): string {
  const upper = high === null ? "∞" : formatNumber(high);
  return `${ratio === null ? "new" : formatNumber(ratio)} [${formatNumber(low)}, ${upper}]`;
}

const [barWidth, barsHeight] = [3, 18];

/** Bars of a row's days, the tallest as high as the row allows. */
function Trend({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      role="img"
      aria-label={`From ${counts[0] ?? 0} to ${counts.at(-1) ?? 0} a day, ${most} at most`}
      width={counts.length * barWidth}
      height={barsHeight}
    >
      {counts.map((count, day) => {
        const height = (count / most) * barsHeight;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its day
            key={day}
            x={day * barWidth}
            y={barsHeight - height}
            width={barWidth - 1}
            height={height}
            fill="var(--accent)"
          />
        );
      })}
    </svg>
  );
}
