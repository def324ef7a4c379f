import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { AuditVerdict } from "#lib/model/audit.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import { formatVerdict } from "#lib/work/read-audit.ts";
import { Icon } from "../_parts/icon.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";

type Verifying =
  | { readonly kind: "idle" | "waiting" }
  | { readonly kind: "done"; readonly verdict: AuditVerdict }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Verifies the whole trail, says what was found, and takes out what is shown. @param query  of the list */
export function VerifyBox({ query }: { readonly query: string }) {
  const [state, setState] = useState<Verifying>({ kind: "idle" });
  const verify = () => {
    setState({ kind: "waiting" });
    ask<AuditVerdict>(paths.auditVerify()).then(
      (verdict) => setState({ kind: "done", verdict }),
      (error: unknown) => setState({ kind: "fault", fault: reportOf(error) })
    );
  };
  const file = (format: string) => {
    const asked = new URLSearchParams(query);
    asked.delete("before");
    asked.set("format", format);
    return `${paths.auditExport()}?${asked}`;
  };
  return (
    <section className="card audit-verify" aria-label="Verify and take out">
      <button type="button" className="button button-primary" disabled={state.kind === "waiting"} onClick={verify}>
        <Icon name="shield" />
        {state.kind === "waiting" ? "Verifying…" : "Verify that nothing was altered"}
      </button>
      <div role="status" className="grow">
        {state.kind === "done" ? <Verdict verdict={state.verdict} /> : null}
        {state.kind === "idle" ? (
          <span className="soft">Each entry holds the hash of the one before; signed checkpoints hold the end.</span>
        ) : null}
      </div>
      <span className="row">
        <a className="button button-small" href={file("csv")} download>
          <Icon name="download" />
          CSV
        </a>
        <a
          className="button button-small"
          href={file("ndjson")}
          download
          title="Can be verified without this workbench"
        >
          <Icon name="download" />
          NDJSON
        </a>
      </span>
      {state.kind === "fault" ? <StateNotice notice={{ kind: "fault", fault: state.fault }} /> : null}
    </section>
  );
}

function Verdict({ verdict }: { readonly verdict: AuditVerdict }) {
  return (
    <>
      <span className={verdict.isIntact ? "status-good" : "status-bad"}>
        {verdict.isIntact ? "✓" : "✕"} {formatVerdict(verdict)}
      </span>
      {verdict.defects.length > 1 ? (
        <ul className="audit-defects">
          {verdict.defects.map(({ seq, problem }) => (
            <li key={`${seq} ${problem}`}>
              Entry {seq}: {problem}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
