"use client";
import { useState } from "react";
import { formatCost, formatCount } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { MapForecastReply } from "#lib/wire/map-forecast.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";

interface MapForecastProps {
  /** Model that the cell's vectors would come from; null where they are made here. */
  readonly vectors: string | null;
  /** Model that is asked about each trace; null where the cell asks nothing. */
  readonly facets: string | null;
  readonly onAsk: () => Promise<MapForecastReply>;
}

type Shown =
  | { readonly kind: "asked" }
  | { readonly kind: "reply"; readonly reply: MapForecastReply }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Which model a map would ask, and on demand what that would cost. */
export function MapForecast({ vectors, facets, onAsk }: MapForecastProps) {
  const [shown, setShown] = useState<Shown | null>(null);
  const ask = () => {
    setShown({ kind: "asked" });
    onAsk().then(
      (reply) => setShown({ kind: "reply", reply }),
      (error: unknown) => setShown({ kind: "fault", fault: reportOf(error) })
    );
  };
  return (
    <div className="row" style={{ padding: "4px 12px", gap: 8, flexWrap: "wrap" }} data-testid="forecast">
      {facets === null ? null : (
        <span className="soft">
          Answers by <span className="mono">{facets}</span>
        </span>
      )}
      {vectors === null ? null : (
        <span className="soft">
          Vectors by <span className="mono">{vectors}</span>
        </span>
      )}
      <Button small tone="quiet" disabled={shown?.kind === "asked"} onClick={ask}>
        {shown?.kind === "asked" ? "Counting…" : "What would it cost?"}
      </Button>
      {shown?.kind === "reply" ? <span className="soft">{sayForecast(shown.reply)}</span> : null}
      {shown?.kind === "fault" ? <StateNotice notice={{ kind: "fault", fault: shown.fault }} /> : null}
    </div>
  );
}

function sayForecast({ facet, traces, texts, missing, tokens, costUsd }: MapForecastReply): string {
  if (facet) {
    const asked = `${formatCount(traces, "trace")}, ${formatCount(facet.questions, "question")}`;
    return `${asked}: about ${formatCount(facet.tokens, "token")}, ${sayCost(facet.costUsd)}; less where it answered before.`;
  }
  const counted = `${formatCount(traces, "trace")}, ${formatCount(texts, "distinct text")}`;
  if (missing === 0) return `${counted}, all embedded already: nothing.`;
  return `${counted}, ${missing.toLocaleString("en-US")} not embedded yet: about ${formatCount(tokens, "token")}, ${sayCost(costUsd)}.`;
}

function sayCost(costUsd: number | null): string {
  return costUsd === null ? "at a price that nobody has set" : `about ${formatCost(costUsd)}`;
}
