"use client";
import "./queue.css";
import Link from "next/link";
import type { StatusLook } from "#lib/browser/outcome-words.ts";
import type { QueueState } from "#lib/model/queue.ts";
import { paths } from "#lib/wire/paths.ts";
import type { QueueReply } from "#lib/wire/selections.ts";
import { StatusChip } from "../../_parts/trace-status.tsx";

interface ItemTableProps {
  readonly queueId: string;
  readonly items: QueueReply["items"];
}

const looks: Readonly<Record<QueueState, StatusLook>> = {
  waiting: { sign: "○", word: "waiting", tone: "busy" },
  done: { sign: "✓", word: "done", tone: "good" }
};

/** Items of a queue, a row each. */
export function ItemTable({ queueId, items }: ItemTableProps) {
  const hasUnits = new Set(items.map(({ businessUnit }) => businessUnit)).size > 1;
  return (
    <table className="table">
      <thead>
        <tr>
          <th>State</th>
          <th>Trace</th>
          {hasUnits ? <th>Unit</th> : null}
          <th>Stratum</th>
          <th className="right">Chance</th>
          <th>Labels</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={`${item.businessUnit}/${item.traceId}`}>
            <td>
              <StatusChip look={looks[item.state]} />
            </td>
            <td className="queue-input">
              <Link href={paths.reviewPage(queueId, item)}>{item.input || item.traceId}</Link>
            </td>
            {hasUnits ? <td>{item.businessUnit}</td> : null}
            <td className="queue-stratum">{item.stratum}</td>
            <td className="right num" title={String(item.inclusionProbability)}>
              {item.inclusionProbability.toPrecision(3)}
            </td>
            <td>
              {item.labels?.join(", ") || (
                <span className="faint">{item.labels ? "none yet" : "hidden until done"}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
