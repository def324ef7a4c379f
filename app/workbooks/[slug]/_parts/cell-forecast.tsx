"use client";
import { useState } from "react";
import { formatCost, formatCount, formatDuration } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { AnswersForecast, CellForecastReply, ScorerForecast } from "#lib/wire/cell-forecast.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";

interface CellForecastProps {
  readonly cell: CellReading;
  readonly onAsk: () => Promise<CellForecastReply>;
}

type Shown =
  | { readonly kind: "asked" }
  | { readonly kind: "reply"; readonly reply: CellForecastReply }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Which models a cell would ask, and on demand what that would cost; nothing for a cell that asks none. */
export function CellForecast({ cell, onAsk }: CellForecastProps) {
  const [shown, setShown] = useState<Shown | null>(null);
  const ask = () => {
    setShown({ kind: "asked" });
    onAsk().then(
      (reply) => setShown({ kind: "reply", reply }),
      (error: unknown) => setShown({ kind: "fault", fault: reportOf(error) })
    );
  };
  const models = [
    ["Verdicts", cell.judgeModel],
    ["Answers", cell.facetModel],
    ["Vectors", cell.vectorModel]
  ].filter(([, model]) => model !== undefined);
  // A score cell whose scorer asks nothing costs time alone.
  const isTime = models.length === 0 && cell.kind === "score" && cell.fault === null;
  if (models.length === 0 && !isTime) return null;
  return (
    <div className="row" style={{ padding: "4px 12px", gap: 8, flexWrap: "wrap" }} data-testid="forecast">
      {models.map(([what, model]) => (
        <span key={what} className="soft">
          {what} by <span className="mono">{model}</span>
        </span>
      ))}
      <Button small tone="quiet" disabled={shown?.kind === "asked"} onClick={ask}>
        {shown?.kind === "asked" ? "Counting…" : isTime ? "How long would it take?" : "What would it cost?"}
      </Button>
      {shown?.kind === "reply" ? <span className="soft">{sayForecast(shown.reply)}</span> : null}
      {shown?.kind === "fault" ? <StateNotice notice={{ kind: "fault", fault: shown.fault }} /> : null}
    </div>
  );
}

function sayForecast(reply: CellForecastReply): string {
  if (reply.kind === "scorer") return sayTime(reply);
  if (reply.kind === "judge") {
    const most = reply.budgetUsd === null ? "" : ` Never more than ${formatCost(reply.budgetUsd)}.`;
    return `${sayAnswers(reply.traces, reply.answers)}${most}`;
  }
  const { facet, traces, texts, missing, tokens, costUsd } = reply;
  if (facet) return sayAnswers(traces, facet);
  const counted = `${formatCount(traces, "trace")}, ${formatCount(texts, "distinct text")}`;
  if (missing === 0) return `${counted}, all embedded already: nothing.`;
  return `${counted}, ${missing.toLocaleString("en-US")} not embedded yet: about ${formatCount(tokens, "token")}, ${sayCost(costUsd)}.`;
}

function sayTime({ traces, calls, sampled, msPerCall }: ScorerForecast): string {
  const all =
    calls === traces ? formatCount(traces, "trace") : `${formatCount(traces, "trace")}, ${formatCount(calls, "call")}`;
  if (msPerCall === null) return `${all}: nothing to measure.`;
  return `${all}: about ${formatDuration(calls * msPerCall)} in the sandbox, as ${formatCount(sampled, "trace")} took.`;
}

function sayAnswers(traces: number, { questions, tokens, costUsd }: AnswersForecast): string {
  const asked = `${formatCount(traces, "trace")}, ${formatCount(questions, "question")}`;
  return `${asked}: about ${formatCount(tokens, "token")}, ${sayCost(costUsd)}; less where it answered before.`;
}

function sayCost(costUsd: number | null): string {
  return costUsd === null ? "at a price that nobody has set" : `about ${formatCost(costUsd)}`;
}
