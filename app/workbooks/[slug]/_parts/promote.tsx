"use client";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { formatCost, formatCount } from "#lib/browser/format.ts";
import { paths } from "#lib/wire/paths.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { TextDiff } from "../../../_parts/text-diff.tsx";
import { PromoteChoices } from "./promote-choices.tsx";
import { PromoteResult } from "./promote-result.tsx";
import { type PromotionActions, usePromotion } from "./use-promotion.ts";
import "./promote.css";

interface PromoteProps {
  readonly cell: CellReading;
  readonly actions: PromotionActions;
  readonly onClose: () => void;
}

/** A paid comparison may cost so many times what was reckoned. */
const slack = 2;

/** Takes a scorer out of its workbook: what it goes on from, what it changes, why, and then for good. */
export function Promote({ cell, actions, onClose }: PromoteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const promotion = usePromotion(cell, actions);
  const [note, setNote] = useState("");
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const { ground, wish, choose, progress, forecast, compared, promoted, fault, busy, compare, stop } = promotion;
  const version = (wish?.head?.version ?? 0) + 1;
  const most = forecast?.answers.costUsd == null ? null : forecast.answers.costUsd * slack;
  return (
    <dialog ref={dialog} className="dialog promote" aria-label={`Promote ${cell.name ?? cell.key}`} onClose={onClose}>
      <div className="dialog-head">
        <h2 className="grow">Promote {cell.name ?? cell.key}</h2>
        <Button small onClick={onClose}>
          Close
        </Button>
      </div>
      <div className="dialog-body stack promote-body">
        {promoted ? (
          <p className="notice" role="status">
            <span>
              <span className="status-good">✓</span> {promoted.name} is promoted as version {promoted.version} for{" "}
              {promoted.businessUnits.join(", ")}. <Link href={paths.scorerPage(promoted.scorerId)}>Open it</Link> to
              score traffic with it.
            </span>
          </p>
        ) : null}
        {!wish && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading what there is" }} /> : null}
        {ground && wish && !promoted ? (
          <>
            <PromoteChoices ground={ground} wish={wish} onChange={choose} />
            {ground.notes.map((sentence) => (
              <StateNotice key={sentence} notice={{ kind: "partial", sentence }} />
            ))}
            {wish.head ? (
              <details open>
                <summary>
                  {wish.head.text === cell.text
                    ? `The text is that of version ${wish.head.version}`
                    : `What is different from version ${wish.head.version}`}
                </summary>
                {wish.head.text === cell.text ? null : <TextDiff before={wish.head.text} after={cell.text} />}
              </details>
            ) : null}
            <div className="row promote-step">
              {busy === "comparing" ? (
                <>
                  <Button small icon="stop" onClick={stop}>
                    Stop
                  </Button>
                  <span className="soft" role="status">
                    {progress
                      ? `Scored ${progress.done.toLocaleString("en-US")} of ${formatCount(progress.total, "trace")}`
                      : "Choosing traces"}
                  </span>
                </>
              ) : forecast ? (
                <>
                  <Button small onClick={() => void compare(most ?? 0)}>
                    Compare for about {formatCost(forecast.answers.costUsd ?? 0)}
                  </Button>
                  <span className="soft">
                    {formatCount(forecast.answers.questions, "question")} to {forecast.answers.model}
                    {most === null ? "" : `, never more than ${formatCost(most)}`}; less where it answered before.
                  </span>
                </>
              ) : (
                <Button small onClick={() => void compare(null)} disabled={busy !== null || wish.units.length === 0}>
                  {wish.head ? `Compare with version ${wish.head.version}` : "Measure it"}
                </Button>
              )}
            </div>
            {compared ? <PromoteResult compared={compared} head={wish.head} /> : null}
          </>
        ) : null}
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {wish && !promoted ? (
          <div className="row promote-end">
            <input
              className="input grow"
              aria-label="Why"
              placeholder="Why, for those who come later"
              maxLength={2000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
            <Button
              tone="main"
              disabled={busy !== null || wish.units.length === 0}
              onClick={() => void promotion.promote(note)}
            >
              {compared ? `Promote as version ${version}` : `Promote version ${version} unmeasured`}
            </Button>
          </div>
        ) : null}
      </div>
    </dialog>
  );
}
