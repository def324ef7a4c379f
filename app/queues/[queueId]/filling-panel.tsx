"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { localNow, parseLocal } from "#lib/browser/local-time.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { Queue } from "#lib/model/queue.ts";
import type { FillingTerms } from "#lib/model/queue-filling.ts";
import type { FillingReply } from "#lib/wire/filling.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";

/** The rule that keeps filling a queue: what it takes, what it did, and how to stop it. */
export function FillingPanel({ queue }: { readonly queue: Queue }) {
  const [turn, setTurn] = useState(0);
  const path = paths.queueFilling(queue.queueId);
  const { value, fault } = useAnswer<FillingReply>(`${path}?turn=${turn}`);
  const [failed, setFailed] = useState<FaultReport | null>(null);
  const act = async (method: "PUT" | "PATCH" | "DELETE", body?: unknown) => {
    try {
      await ask(path, method, body);
      setFailed(null);
      setTurn(turn + 1);
    } catch (error) {
      setFailed(reportOf(error));
    }
  };
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!value) return <StateNotice notice={{ kind: "waiting", label: "Reading the rule" }} />;
  const { filling } = value;
  return (
    <section className="queue-filling stack" aria-label="Rule that fills the queue">
      {failed ? <StateNotice notice={{ kind: "fault", fault: failed }} /> : null}
      {filling ? (
        <>
          <p>
            {filling.pause ? "Paused" : "Fills the queue"} since{" "}
            <TimeText atMs={filling.pause?.atMs ?? filling.createdAtMs} />
            {filling.pause?.because ? `: ${filling.pause.because}` : ""} · {filling.added.toLocaleString("en-US")} of at
            most {filling.totalCap.toLocaleString("en-US")} added
            {filling.dailyCap === null ? "" : `, ${filling.dailyCap.toLocaleString("en-US")} a day`} · each trace with
            chance {filling.rate}
            {filling.fromMs === null ? null : (
              <>
                , begun since <TimeText atMs={filling.fromMs} />
              </>
            )}
          </p>
          <pre className="origin-sql">{filling.predicate}</pre>
          {filling.days.length > 0 ? (
            <table className="table" aria-label="What the rule did">
              <thead>
                <tr>
                  <th>Day, UTC</th>
                  <th className="right">Matching</th>
                  <th className="right">In the sample</th>
                  <th className="right">Added</th>
                </tr>
              </thead>
              <tbody>
                {filling.days.map(({ day, seen, sampled, added }) => (
                  <tr key={day}>
                    <td>{day}</td>
                    <td className="right num">{seen.toLocaleString("en-US")}</td>
                    <td className="right num">{sampled.toLocaleString("en-US")}</td>
                    <td className="right num">{added.toLocaleString("en-US")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
          <div className="row">
            <Button small onClick={() => void act("PATCH", { action: filling.pause ? "resume" : "pause" })}>
              {filling.pause ? "Go on" : "Pause"}
            </Button>
            <Button small tone="danger" onClick={() => void act("DELETE")}>
              Remove the rule
            </Button>
          </div>
        </>
      ) : (
        <FillingForm predicate={queue.origin.sql} onMake={(terms) => void act("PUT", terms)} />
      )}
    </section>
  );
}

interface FillingFormProps {
  readonly predicate: string;
  readonly onMake: (terms: FillingTerms) => void;
}

function FillingForm({ predicate, onMake }: FillingFormProps) {
  const textOf = (given: FormDataEntryValue | null) => (typeof given === "string" ? given : "");
  const numberOf = (given: FormDataEntryValue | null) => (given === null || given === "" ? null : Number(given));
  return (
    <form
      className="stack"
      style={{ gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        onMake({
          predicate: textOf(data.get("predicate")),
          rate: numberOf(data.get("rate")) ?? 1,
          fromMs: parseLocal(textOf(data.get("from"))),
          dailyCap: numberOf(data.get("daily")),
          totalCap: numberOf(data.get("total")) ?? 500
        });
      }}
    >
      <p className="soft">
        Traces that arrive from now on, and began at the given time or later, are put at the end of the queue, each with
        its chance. Where a cap leaves less room, fewer are drawn and their chance is less by as much.
      </p>
      <label className="stack" style={{ gap: 4 }}>
        <span className="soft">Which traces: a condition over their columns, or a question</span>
        <textarea name="predicate" className="input review-note" rows={4} defaultValue={predicate} />
      </label>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <label className="field" title="Traces that began before are left alone; empty takes all that arrive">
          Begun since
          <input name="from" type="datetime-local" className="input input-small" defaultValue={localNow()} />
        </label>
        <label className="field">
          Chance of each
          <input
            name="rate"
            type="number"
            className="input input-small"
            min={0.0001}
            max={1}
            step="any"
            defaultValue={0.1}
          />
        </label>
        <label className="field">
          A day at most
          <input name="daily" type="number" className="input input-small" min={1} max={5000} defaultValue={20} />
        </label>
        <label className="field">
          In all at most
          <input name="total" type="number" className="input input-small" min={1} max={5000} defaultValue={500} />
        </label>
        <button type="submit" className="button button-small">
          Keep filling the queue
        </button>
      </div>
    </form>
  );
}
