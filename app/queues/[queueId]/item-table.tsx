"use client";
import "./queue.css";
import Link from "next/link";
import { useState } from "react";
import type { StatusLook } from "#lib/browser/outcome-words.ts";
import type { QueueState, Rubric } from "#lib/model/queue.ts";
import type { QueueLabelRequest, QueueReply } from "#lib/wire/selections.ts";
import { Button } from "../../_parts/button.tsx";
import { StatusChip } from "../../_parts/trace-status.tsx";

interface ItemTableProps {
  readonly items: QueueReply["items"];
  readonly rubric: Rubric;
  readonly onLabel: (request: QueueLabelRequest) => void;
}

type Item = ItemTableProps["items"][number];

const looks: Readonly<Record<QueueState, StatusLook>> = {
  waiting: { sign: "○", word: "waiting", tone: "busy" },
  done: { sign: "✓", word: "done", tone: "good" }
};

/** Items of a queue, a row each. */
export function ItemTable({ items, rubric, onLabel }: ItemTableProps) {
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
          <th>Answer</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={`${item.businessUnit}/${item.traceId}`}>
            <td>
              <StatusChip look={looks[item.state]} />
            </td>
            <td className="queue-input">
              <Link href={`/traces/${item.traceId}`}>{item.input || item.traceId}</Link>
            </td>
            {hasUnits ? <td>{item.businessUnit}</td> : null}
            <td className="queue-stratum">{item.stratum}</td>
            <td className="right num" title={String(item.inclusionProbability)}>
              {item.inclusionProbability.toPrecision(3)}
            </td>
            <td>
              <Answer item={item} rubric={rubric} onLabel={onLabel} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({ item, rubric, onLabel }: Omit<ItemTableProps, "items"> & { readonly item: Item }) {
  const [note, setNote] = useState("");
  const { traceId, businessUnit, labels } = item;
  const key = { traceId, businessUnit };
  if (item.state === "done") {
    return (
      <span className="row" style={{ gap: 8 }}>
        {labels.join(", ")}
        <Button
          small
          tone="quiet"
          aria-label={`Let ${traceId} wait again`}
          onClick={() => onLabel({ ...key, label: null, note: "" })}
        >
          Wait again
        </Button>
      </span>
    );
  }
  return (
    <span className="row" style={{ gap: 6, flexWrap: "wrap" }}>
      {rubric.hasFreeText ? (
        <input
          className="input input-small"
          style={{ width: 170 }}
          aria-label={`Reason for ${traceId}`}
          placeholder={rubric.needsJustification ? "why (needed)" : "why"}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      ) : null}
      {rubric.labels.map(({ name, meaning }) => (
        <Button
          key={name}
          small
          title={meaning}
          aria-label={`${name}: ${traceId}`}
          disabled={rubric.needsJustification && note.trim() === ""}
          onClick={() => onLabel({ ...key, label: name, note })}
        >
          {name}
        </Button>
      ))}
    </span>
  );
}
