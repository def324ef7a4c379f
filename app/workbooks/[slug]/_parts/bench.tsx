"use client";
import { useEffect, useState } from "react";
import { sayAsk, sayMs, sayVerdicts, sayWhole } from "#lib/browser/bench-words.ts";
import { formatCost } from "#lib/browser/format.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { BenchPicker } from "./bench-picker.tsx";
import { BenchRows } from "./bench-rows.tsx";
import { Promote } from "./promote.tsx";
import { type BenchActions, useBench } from "./use-bench.ts";
import "./bench.css";

interface BenchProps {
  readonly slug: string;
  readonly cell: CellReading;
  readonly usedBy: string;
  readonly actions: BenchActions;
  /** What is wrong with what is written, to be marked in its text; null when all is well again. */
  readonly onFault: (fault: FaultReport | null) => void;
}

/** A scorer or judge on a handful of traces, while it is written. */
export function Bench({ slug, cell, usedBy, actions, onFault }: BenchProps) {
  const { kept, change, isOpen, handful, tried, fault, busy, ask } = useBench({ slug, cell, usedBy, actions });
  useEffect(() => onFault(isOpen ? fault : null), [fault, isOpen, onFault]);
  const [promoting, setPromoting] = useState(false);
  const name = cell.name ?? cell.key;
  return (
    <section className="bench" aria-label={`Bench of ${name}`} data-busy={busy}>
      <div className="row bench-head">
        <button
          type="button"
          className="bench-toggle"
          aria-expanded={isOpen}
          onClick={() => change({ isOpen: !isOpen })}
        >
          <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> Try it
        </button>
        {isOpen && tried ? (
          <span className="soft" data-testid="tried" aria-live="polite">
            {sayVerdicts(tried.calls)}
            {tried.msPerCall === null ? "" : ` · ${sayMs(tried.msPerCall)} each`}
          </span>
        ) : (
          <span className="soft">{isOpen ? "" : "on a handful of traces, as you type"}</span>
        )}
        <span className="grow" />
        {isOpen && handful ? (
          <BenchPicker
            handful={handful}
            pinned={kept.pinned}
            onUse={(use) => change({ use })}
            onPin={(pinned) => change({ pinned })}
            onOthers={() => change({ seed: kept.seed + 1 })}
          />
        ) : null}
        <Button small tone="quiet" onClick={() => setPromoting(true)}>
          Promote…
        </Button>
      </div>
      {promoting ? <Promote cell={cell} actions={actions.promotion} onClose={() => setPromoting(false)} /> : null}
      {isOpen ? (
        <div className="bench-body">
          {handful?.note ? <StateNotice notice={{ kind: "partial", sentence: handful.note }} /> : null}
          {handful && handful.missing.length > 0 ? (
            <StateNotice notice={{ kind: "partial", sentence: sayMissing(handful.missing) }} />
          ) : null}
          {fault ? <StateNotice notice={{ kind: "fault", fault: withPlace(fault) }} /> : null}
          {tried?.spending && tried.spending.open > 0 && !fault ? (
            <div className="row bench-ask">
              <Button small disabled={busy} onClick={ask}>
                {sayAsk(tried.spending)}
              </Button>
              <span className="soft">
                {tried.spending.mostUsd === null
                  ? `${tried.spending.model} has not answered these before.`
                  : `Never more than ${formatCost(tried.spending.mostUsd)}. What ${tried.spending.model} has answered before is shown at once.`}
              </span>
            </div>
          ) : null}
          {handful ? (
            <BenchRows
              traces={handful.traces}
              tried={tried}
              pinned={kept.pinned}
              isOld={fault !== null}
              onPin={(pinned) => change({ pinned })}
            />
          ) : fault ? null : (
            <StateNotice notice={{ kind: "waiting", label: "Choosing traces" }} />
          )}
          {handful && tried ? (
            <p className="soft bench-whole" data-testid="whole">
              {handful.uses
                .map((use) => sayWhole(use, tried))
                .filter((said) => said !== null)
                .join(" · ")}
            </p>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function sayMissing(missing: readonly string[]): string {
  return `Not in the lake, or not yours to see: ${missing.join(", ")}.`;
}

function withPlace(fault: FaultReport): FaultReport {
  const { position } = fault;
  return position ? { ...fault, message: `line ${position.line}: ${fault.message}` } : fault;
}
