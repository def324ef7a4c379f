"use client";
import { useState } from "react";
import { formatCost, formatCount } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { MapForecastReply } from "#lib/wire/map-forecast.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";

interface MapForecastProps {
  /** That the cell's vectors would come from. */
  readonly model: string;
  readonly onAsk: () => Promise<MapForecastReply>;
}

type Shown =
  | { readonly kind: "asked" }
  | { readonly kind: "reply"; readonly reply: MapForecastReply }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Which model a map would ask, and on demand what that would cost. */
export function MapForecast({ model, onAsk }: MapForecastProps) {
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
      <span className="soft">
        Vectors by <span className="mono">{model}</span>
      </span>
      <Button small tone="quiet" disabled={shown?.kind === "asked"} onClick={ask}>
        {shown?.kind === "asked" ? "Counting…" : "What would it cost?"}
      </Button>
      {shown?.kind === "reply" ? <span className="soft">{sayForecast(shown.reply)}</span> : null}
      {shown?.kind === "fault" ? <StateNotice notice={{ kind: "fault", fault: shown.fault }} /> : null}
    </div>
  );
}

function sayForecast({ traces, texts, missing, tokens, costUsd }: MapForecastReply): string {
  const counted = `${formatCount(traces, "trace")}, ${formatCount(texts, "distinct text")}`;
  if (missing === 0) return `${counted}, all embedded already: nothing.`;
  const cost = costUsd === null ? "at a price that nobody has set" : `about ${formatCost(costUsd)}`;
  return `${counted}, ${missing.toLocaleString("en-US")} not embedded yet: about ${formatCount(tokens, "token")}, ${cost}.`;
}
