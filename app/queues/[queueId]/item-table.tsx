"use client";
import "./queue.css";
import Link from "next/link";
import type { StatusLook } from "#lib/browser/outcome-words.ts";
import type { GoldItem } from "#lib/model/gold-item.ts";
import type { QueueState } from "#lib/model/queue.ts";
import type { GoldRequest } from "#lib/wire/gold.ts";
import { paths } from "#lib/wire/paths.ts";
import type { QueueReply } from "#lib/wire/selections.ts";
import { StatusChip } from "../../_parts/trace-status.tsx";

interface ItemTableProps {
  readonly queueId: string;
  readonly items: QueueReply["items"];
  /** For those who administer the queue; null shows nothing of it. */
  readonly gold: GoldColumn | null;
}

/** What is known of items before, and how to change it. */
export interface GoldColumn {
  readonly items: readonly GoldItem[];
  readonly labels: readonly string[];
  readonly onChange: (request: GoldRequest) => void;
}

const looks: Readonly<Record<QueueState, StatusLook>> = {
  waiting: { sign: "○", word: "waiting", tone: "busy" },
  done: { sign: "✓", word: "done", tone: "good" }
};

/** Items of a queue, a row each. */
export function ItemTable({ queueId, items, gold }: ItemTableProps) {
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
          <th>Final</th>
          {gold ? <th title="A label that is known before; reviewers see nothing of it">Gold</th> : null}
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
            <td>
              {item.verdict.label ? (
                <>
                  {item.verdict.label} <span className="soft">{item.verdict.kind}</span>
                </>
              ) : (
                <span className="faint">{item.verdict.kind}</span>
              )}
            </td>
            {gold ? (
              <td>
                <GoldSelect item={item} gold={gold} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function GoldSelect({ item, gold }: { readonly item: QueueReply["items"][number]; readonly gold: GoldColumn }) {
  const { traceId, businessUnit } = item;
  const known = gold.items.find((one) => one.traceId === traceId && one.businessUnit === businessUnit);
  return (
    <select
      className="select input-small"
      aria-label={`Gold label of ${item.input || traceId}`}
      value={known?.label ?? ""}
      onChange={({ target }) =>
        gold.onChange({ item: { traceId, businessUnit }, label: target.value === "" ? null : target.value })
      }
    >
      <option value="">–</option>
      {gold.labels.map((label) => (
        <option key={label} value={label}>
          {label}
        </option>
      ))}
    </select>
  );
}
