import Link from "next/link";
import { formatNumber } from "#lib/browser/format.ts";
import type { Confusion, JudgedTrace, Threshold } from "#lib/model/calibration.ts";
import type { CellResult } from "#lib/model/run.ts";
import { describeMeasures, describeNeed } from "#lib/work/calibration-words.ts";

/** How far a scorer agrees with people: the measures, the four counts, thresholds, and the mistakes to read. */
export function CalibrationView({ result }: { readonly result: Extract<CellResult, { kind: "calibration" }> }) {
  const { warnings, confusion, sweep, disagreements } = result.calibration;
  const need = describeNeed(result);
  return (
    <div className="cell-result stack" style={{ gap: 12, padding: 12 }}>
      {warnings.map((warning) => (
        <p key={warning} className="notice">
          {warning}
        </p>
      ))}
      <div style={{ display: "flex", flexWrap: "wrap", gap: 24, alignItems: "flex-start" }}>
        <table className="table" style={{ flex: "1 1 420px" }} aria-label="Measures">
          <tbody>
            {describeMeasures(result).map(({ name, said, about }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="right num">{said}</td>
                <td className="soft">{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Counts confusion={confusion} />
      </div>
      {need ? <p className="soft">{need}</p> : null}
      {sweep.length > 0 ? <Sweep sweep={sweep} /> : null}
      {disagreements.length > 0 ? <Disagreements traces={disagreements} /> : null}
    </div>
  );
}

function Counts({ confusion }: { readonly confusion: Confusion }) {
  const { passedBoth, missed, falseAlarms, failedBoth } = confusion;
  return (
    <table className="table" aria-label="Verdicts of people and scorer">
      <thead>
        <tr>
          <td />
          <th className="right">Scorer passes</th>
          <th className="right">Scorer fails</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">People pass</th>
          <td className="right num">{formatNumber(passedBoth)}</td>
          <td className="right num">{formatNumber(falseAlarms)}</td>
        </tr>
        <tr>
          <th scope="row">People fail</th>
          <td className="right num">{formatNumber(missed)}</td>
          <td className="right num">{formatNumber(failedBoth)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Sweep({ sweep }: { readonly sweep: readonly Threshold[] }) {
  const rate = (share: number | null) => (share === null ? "–" : `${Math.round(share * 100)} %`);
  return (
    <details>
      <summary>Other thresholds</summary>
      <table className="table" aria-label="Thresholds">
        <thead>
          <tr>
            <th className="right">Passes from</th>
            <th className="right">Passes found</th>
            <th className="right">Failures found</th>
            <th className="right">Kappa</th>
          </tr>
        </thead>
        <tbody>
          {sweep.map(({ threshold, truePositive, trueNegative, kappa }) => (
            <tr key={threshold}>
              <td className="right num">{formatNumber(threshold)}</td>
              <td className="right num">{rate(truePositive)}</td>
              <td className="right num">{rate(trueNegative)}</td>
              <td className="right num">{kappa === null ? "–" : kappa.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Disagreements({ traces }: { readonly traces: readonly JudgedTrace[] }) {
  const word = (pass: boolean | null) => (pass ? "✓ pass" : "✕ fail");
  return (
    <details>
      <summary>{formatNumber(traces.length)} disagreements to read, the surest mistakes first</summary>
      <table className="table" aria-label="Disagreements">
        <thead>
          <tr>
            <th>Trace</th>
            <th>People</th>
            <th>Scorer</th>
            <th className="right">Its value</th>
          </tr>
        </thead>
        <tbody>
          {traces.map(({ traceId, truth, pass, value }) => (
            <tr key={traceId}>
              <td>
                <Link href={`/traces/${traceId}`}>{traceId.slice(0, 12)}</Link>
              </td>
              <td>{word(truth)}</td>
              <td>{word(pass)}</td>
              <td className="right num">{value === null ? "–" : formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
