"use client";
import { useState } from "react";
import { formatCount, formatDay, formatNumber } from "#lib/browser/format.ts";
import { type ComparedCluster, type CompareReply, namePopulation, type Population } from "#lib/wire/map-compare.ts";
import { SampleTraces } from "./sample-traces.tsx";

interface CompareTableProps {
  readonly a: Population;
  readonly b: Population;
  readonly reply: CompareReply;
  /** A cluster was chosen to look at. */
  readonly onGo: (clusterId: number) => void;
}

/** Fewer traces than this tell only of very large differences. */
const few = 20;

/** The clusters that differ, the surest first, with what the list is worth. */
export function CompareTable({ a, b, reply, onGo }: CompareTableProps) {
  const [open, setOpen] = useState<number | null>();
  const { differing, first, second, both, compared } = reply;
  const names = [namePopulation(a, formatDay), namePopulation(b, formatDay)] as const;
  const nothing = sayNothing(names, reply);
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Differences</h2>
      {nothing ? (
        <p role="status">{nothing}</p>
      ) : (
        <p className="soft" style={{ fontSize: 13, maxWidth: 900 }}>
          {differing.length === 0
            ? `None of ${formatCount(compared, "cluster")} differs beyond chance between ${formatCount(first, "trace")} of A and ${second.toLocaleString("en-US")} of B. That does not show that they are alike: smaller differences stay unseen. `
            : `${differing.length.toLocaleString("en-US")} of ${formatCount(compared, "cluster")} ${differing.length === 1 ? "differs" : "differ"} beyond chance; the surest first. `}
          Each cluster is tested exactly, and the limit of Benjamini and Hochberg over all {compared} keeps false finds
          to 5 % of the list. Intervals are of 95 % (Newcombe), each by itself. Traces count as independent: where one
          session brings many alike, intervals are too narrow.
          {Math.min(first, second) < few
            ? ` ${first < second ? "A" : "B"} has ${formatCount(Math.min(first, second), "trace")}, so only very large differences can show.`
            : ""}
          {both > 0
            ? ` ${formatCount(both, "trace")} in both A and B ${both === 1 ? "counts" : "count"} in neither.`
            : ""}
        </p>
      )}
      {differing.length > 0 ? (
        <table className="table">
          <thead>
            <tr>
              <th>Cluster</th>
              <th className="right">A: {names[0]}</th>
              <th className="right">B: {names[1]}</th>
              <th className="right">A less B, in points</th>
              <th
                className="right"
                title="Adjusted over all clusters: the share of false finds in a list that ends here"
              >
                q
              </th>
            </tr>
          </thead>
          <tbody>
            {differing.map((row) => (
              <Row
                key={row.clusterId}
                row={row}
                totals={[first, second]}
                isOpen={open === row.clusterId}
                onOpen={() => {
                  setOpen(open === row.clusterId ? undefined : row.clusterId);
                  if (row.clusterId !== null) onGo(row.clusterId);
                }}
              />
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}

interface RowProps {
  readonly row: ComparedCluster;
  readonly totals: readonly [number, number];
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function Row({ row, totals, isOpen, onOpen }: RowProps) {
  const share = (count: number, total: number) =>
    `${formatNumber((100 * count) / total)} %, ${count.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}`;
  return (
    <>
      <tr>
        <td>
          <button type="button" className="scatter-link" aria-expanded={isOpen} onClick={onOpen}>
            {row.label}
          </button>
        </td>
        <td className="right num">{share(row.first, totals[0])}</td>
        <td className="right num">{share(row.second, totals[1])}</td>
        <td className="right num">
          {points(row.difference)} [{points(row.low)}, {points(row.high)}]
        </td>
        <td className="right num">{row.q < 0.0001 ? "< 0.0001" : formatNumber(row.q)}</td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={5}>
            <span className="row" style={{ gap: 24 }}>
              <Samples title="Typical of A" ids={row.firstSamples} />
              <Samples title="Typical of B" ids={row.secondSamples} />
            </span>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Samples({ title, ids }: { readonly title: string; readonly ids: readonly string[] }) {
  return (
    <span className="row" style={{ gap: 8 }}>
      <span className="soft">{title}</span>
      {ids.length > 0 ? <SampleTraces ids={ids} /> : <span className="faint">no trace</span>}
    </span>
  );
}

/** A difference of shares in percentage points, with its sign. */
function points(share: number): string {
  const text = formatNumber(Math.abs(100 * share));
  return `${share < 0 ? "−" : "+"}${text}`;
}

/** Why two populations cannot be compared, in a sentence; null where they can. */
function sayNothing([a, b]: readonly [string, string], { first, second, both }: CompareReply): string | null {
  if (first === 0 && second === 0) {
    return both > 0
      ? "A and B are the same traces, so there is nothing to compare."
      : `No trace on this map is in A (${a}) or in B (${b}).`;
  }
  for (const [own, side, name] of [
    [first, "A", a],
    [second, "B", b]
  ] as const) {
    if (own > 0) continue;
    return both > 0
      ? `Every trace of ${side} (${name}) is in ${side === "A" ? "B" : "A"}, too, so nothing of it is left to compare.`
      : `No trace on this map is in ${side} (${name}).`;
  }
  return null;
}
