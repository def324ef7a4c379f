"use client";
import type { AuditReply } from "#lib/wire/audit.ts";
import { paths } from "#lib/wire/paths.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { useAddress } from "../_parts/use-address.ts";
import { AuditTable } from "./audit-table.tsx";
import { AuditFilterBar } from "./filter-bar.tsx";
import { VerifyBox } from "./verify-box.tsx";
import "./audit.css";

/** The audit trail, newest first; its address says what is looked for. */
export function AuditView() {
  const [query, setQuery] = useAddress("/audit");
  const { value, fault, waiting } = useAnswer<AuditReply>(`${paths.audit()}?${query}`);
  const asked = new URLSearchParams(query);
  const change = (name: string, text: string) => {
    const next = new URLSearchParams(query);
    next.delete("before");
    if (text === "") next.delete(name);
    else next.set(name, text);
    setQuery(next.toString());
  };
  const older = value?.before ?? null;
  return (
    <>
      <header className="title-bar">
        <h1>Audit trail</h1>
        <span className="soft">Who saw, changed and took out what. Entries are only ever added.</span>
      </header>
      <div className="content stack">
        <VerifyBox query={query} />
        <AuditFilterBar asked={asked} names={value?.names ?? {}} units={value?.businessUnits ?? []} onChange={change} />
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the audit trail" }} /> : null}
        {value ? (
          <div aria-busy={waiting}>
            {value.entries.length > 0 ? (
              <AuditTable entries={value.entries} names={value.names} onPerson={(id) => change("who", id)} />
            ) : (
              <StateNotice
                notice={{
                  kind: "empty",
                  title: older === null ? "No entry is like this." : "No entry of the newest 100,000 is like this.",
                  next: older === null ? "Take a filter away." : "Look on further back."
                }}
              />
            )}
          </div>
        ) : null}
        {value && (older !== null || asked.has("before")) ? (
          <p className="row">
            {asked.has("before") ? (
              <button type="button" className="button" onClick={() => change("before", "")}>
                Newest
              </button>
            ) : null}
            {older === null ? null : (
              <button
                type="button"
                className="button"
                onClick={() => {
                  asked.set("before", String(older));
                  setQuery(asked.toString());
                }}
              >
                Older
              </button>
            )}
          </p>
        ) : null}
      </div>
    </>
  );
}
