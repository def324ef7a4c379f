import Link from "next/link";
import { useState } from "react";
import { auditLooks } from "#lib/browser/outcome-words.ts";
import type { SeenAuditEntry } from "#lib/model/audit.ts";
import { describeAction } from "#lib/wire/audit.ts";
import { TimeText } from "../_parts/text.tsx";
import { StatusChip } from "../_parts/trace-status.tsx";
import { AuditDetails } from "./audit-details.tsx";

/** Pages of what the trail tells of, by its kind. */
const pages: Readonly<Record<string, string>> = {
  trace: "/traces/",
  workbook: "/workbooks/",
  run: "/runs/",
  dataset: "/datasets/",
  queue: "/queues/",
  map: "/maps/",
  scorer: "/scorers/"
};

interface AuditTableProps {
  readonly entries: readonly SeenAuditEntry[];
  readonly names: Readonly<Record<string, string>>;
  onPerson(userId: string): void;
}

/** Entries, a row each; a row opens to all that is kept of it. */
export function AuditTable({ entries, names, onPerson }: AuditTableProps) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <table className="table audit-table">
      <thead>
        <tr>
          <th className="right">Entry</th>
          <th>When</th>
          <th>Who</th>
          <th>What</th>
          <th>Business units</th>
          <th>Outcome</th>
        </tr>
      </thead>
      {entries.map((entry) => (
        <tbody key={entry.seq}>
          <tr>
            <td className="right">
              <button
                type="button"
                className="button button-quiet button-small num"
                aria-expanded={open === entry.seq}
                onClick={() => setOpen(open === entry.seq ? null : entry.seq)}
              >
                {entry.seq.toLocaleString("en-US")}
              </button>
            </td>
            <td className="audit-when">
              <TimeText atMs={Date.parse(entry.at)} />
            </td>
            <td>
              <button
                type="button"
                className="audit-person"
                title={`${entry.actor.roles.join(", ") || "no role"}; by ${entry.auth.method}`}
                onClick={() => onPerson(entry.actor.id)}
              >
                {names[entry.actor.id] ?? (entry.actor.id || "nobody signed in")}
              </button>
            </td>
            <td>
              {describeAction(entry.action).split(";", 1)[0]} <ObjectText entry={entry} />
            </td>
            <td>{entry.units.length > 0 ? entry.units.join(", ") : <span className="faint">–</span>}</td>
            <td>
              <StatusChip look={auditLooks[entry.outcome]} />
            </td>
          </tr>
          {open === entry.seq ? (
            <tr>
              <td colSpan={6}>
                <AuditDetails entry={entry} />
              </td>
            </tr>
          ) : null}
        </tbody>
      ))}
    </table>
  );
}

function ObjectText({ entry: { object, payload } }: { readonly entry: SeenAuditEntry }) {
  const page = pages[object.kind];
  // What the trail is done to is the trail itself.
  if (object.kind === "audit") return null;
  const label = payload?.title ?? (/^[0-9a-f]{64}$/.test(object.id) ? `${object.id.slice(0, 12)}…` : object.id);
  const version = object.version === undefined ? "" : ` (${object.version})`;
  return (
    <span className="soft" title={`${object.kind} ${object.id}`}>
      {page ? <Link href={page + encodeURIComponent(object.id)}>{label}</Link> : label}
      {version}
    </span>
  );
}
