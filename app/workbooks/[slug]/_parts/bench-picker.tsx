"use client";
import { useState } from "react";
import { type HandfulReply, mostTried } from "#lib/wire/bench.ts";
import { Button } from "../../../_parts/button.tsx";
import { Popup } from "../../../_parts/popup.tsx";

interface BenchPickerProps {
  readonly handful: HandfulReply;
  readonly pinned: readonly string[];
  readonly onUse: (cell: string) => void;
  readonly onPin: (pinned: readonly string[]) => void;
  readonly onOthers: () => void;
}

/** Chooses what a scorer is tried on: as which score cell, which traces stay, and others in the place of the rest. */
export function BenchPicker({ handful, pinned, onUse, onPin, onOthers }: BenchPickerProps) {
  const { uses, use, others } = handful;
  const isFull = pinned.length >= mostTried;
  const [pasted, setPasted] = useState("");
  const add = () => {
    const ids = pasted.split(/[\s,]+/).filter((id) => id !== "" && !pinned.includes(id));
    if (ids.length > 0) onPin([...pinned, ...ids].slice(0, mostTried));
    setPasted("");
  };
  return (
    <>
      {uses.length > 1 ? (
        <label className="row" style={{ gap: 6 }}>
          <span className="soft">as in</span>
          <select className="input input-small" value={use ?? ""} onChange={({ target }) => onUse(target.value)}>
            {uses.map(({ cell }) => (
              <option key={cell}>{cell}</option>
            ))}
          </select>
        </label>
      ) : null}
      <Button small tone="quiet" title="Keeps the pinned ones and draws the rest anew" onClick={onOthers}>
        Other traces
      </Button>
      <Popup isQuiet label="Pin a trace">
        <div className="menu-list bench-picker">
          <form
            className="row"
            style={{ gap: 6 }}
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
          >
            <input
              className="input input-small grow"
              aria-label="Trace id"
              placeholder="Paste a trace id"
              value={pasted}
              onChange={({ target }) => setPasted(target.value)}
            />
            <button type="submit" className="button button-small" disabled={pasted.trim() === "" || isFull}>
              Pin it
            </button>
          </form>
          {isFull ? <p className="soft">{mostTried} are pinned; no more fit.</p> : null}
          {others.length > 0 ? <p className="soft">Or pick from these:</p> : null}
          {others.map(({ traceId, businessUnit, input, label }) => (
            <button
              key={`${businessUnit} ${traceId}`}
              type="button"
              className="menu-item"
              disabled={isFull}
              onClick={() => onPin([...pinned, traceId])}
            >
              <span className="cut">{input === "" ? traceId : input}</span>
              {label === null ? null : <span className="soft">{label}</span>}
            </button>
          ))}
        </div>
      </Popup>
    </>
  );
}
