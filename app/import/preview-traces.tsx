"use client";
import type { PreviewReply } from "#lib/wire/import.ts";
import { TimeText } from "../_parts/text.tsx";

/** The first traces as they would be. */
export function PreviewTraces({ traces }: Pick<PreviewReply, "traces">) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Agent</th>
          <th scope="col">Input</th>
          <th scope="col">Output</th>
          <th scope="col" className="right">
            Spans
          </th>
          <th scope="col">Verdicts</th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <tr key={trace.traceId}>
            <td>
              <TimeText atMs={trace.startedAtMs} short synthesised={trace.timesSynthesised} />
            </td>
            <td>{trace.agent ?? <span className="faint">–</span>}</td>
            <td>
              <div className="clamp">{trace.input ?? <span className="faint">–</span>}</div>
            </td>
            <td>
              <div className="clamp">{trace.output ?? <span className="faint">–</span>}</div>
            </td>
            <td className="right">{trace.spans}</td>
            <td>
              <div className="row import-verdicts">
                {trace.verdicts.slice(0, 6).map((verdict) => (
                  <span key={verdict} className="chip">
                    {verdict}
                  </span>
                ))}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
