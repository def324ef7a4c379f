"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { followTitles } from "#lib/browser/follow-titles.ts";
import { formatCost, formatCount } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { TitleForecast, TitlesReply, TitlesWritten } from "#lib/wire/cluster-titles.ts";
import { paths } from "#lib/wire/paths.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";

interface TitleClustersProps {
  readonly mapId: string;
  /** Called when titles were written. */
  readonly onTitled: () => void;
}

/** Where the writing of titles stands. */
type Step =
  | { readonly kind: "idle" }
  | { readonly kind: "asking" }
  | { readonly kind: "forecast"; readonly forecast: TitleForecast }
  | { readonly kind: "writing"; readonly said: string; readonly stop: () => void }
  | { readonly kind: "written"; readonly written: TitlesWritten }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Has a model write what clusters are called: what it costs is said before, meanwhile and after. Nothing without a model. */
export function TitleClusters({ mapId, onTitled }: TitleClustersProps) {
  const [modelId, setModelId] = useState<string | null>(null);
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const fail = (error: unknown) => setStep({ kind: "fault", fault: reportOf(error) });
  useEffect(() => {
    let isGone = false;
    ask<TitlesReply>(paths.mapTitles(mapId)).then(
      (reply) => isGone || setModelId(reply.modelId),
      (error: unknown) => isGone || setStep({ kind: "fault", fault: reportOf(error) })
    );
    return () => {
      isGone = true;
    };
  }, [mapId]);
  const forecast = () => {
    setStep({ kind: "asking" });
    ask<TitlesReply>(`${paths.mapTitles(mapId)}?forecast`).then(
      (reply) => reply.forecast && setStep({ kind: "forecast", forecast: reply.forecast }),
      fail
    );
  };
  const write = (mostTokens: number) => {
    const stopping = new AbortController();
    const say = (said: string) => setStep({ kind: "writing", said, stop: () => stopping.abort() });
    say("asking the model");
    followTitles(
      mapId,
      { mostTokens },
      (done, total, costUsd) => say(`${done} of ${total}${costUsd === null ? "" : ` for ${formatCost(costUsd)}`}`),
      stopping.signal
    )
      .then(
        (written) => setStep({ kind: "written", written }),
        (error: unknown) => (stopping.signal.aborted ? setStep({ kind: "idle" }) : fail(error))
      )
      .finally(onTitled);
  };
  if (step.kind === "fault")
    return (
      <StateNotice
        notice={{
          kind: "fault",
          fault: step.fault,
          action: <Button onClick={() => setStep({ kind: "idle" })}>Close</Button>
        }}
      />
    );
  if (modelId === null) return null;
  switch (step.kind) {
    case "idle":
    case "asking":
      return (
        <p>
          <Button
            small
            disabled={step.kind === "asking"}
            title={`${modelId} writes a title from samples of each cluster`}
            onClick={forecast}
          >
            Title the clusters
          </Button>
        </p>
      );
    case "forecast":
      return (
        <div className="notice" role="status">
          <span className="grow">{sayForecast(step.forecast)}</span>
          {step.forecast.titles > 0 ? (
            <Button tone="main" onClick={() => write(step.forecast.mostTokens)}>
              Write them
            </Button>
          ) : null}
          <Button onClick={() => setStep({ kind: "idle" })}>Close</Button>
        </div>
      );
    case "writing":
      return (
        <div className="notice" role="status">
          <span className="grow">Writing titles: {step.said}</span>
          <Button icon="stop" onClick={step.stop}>
            Stop
          </Button>
        </div>
      );
    case "written":
      return (
        <div className="notice" role="status">
          <span className="grow">{sayWritten(step.written)}</span>
          <Button onClick={() => setStep({ kind: "idle" })}>Close</Button>
        </div>
      );
    default:
      return step satisfies never;
  }
}

function sayForecast({ modelId, titles, inputTokens, outputTokens, costUsd, mostCostUsd }: TitleForecast): string {
  if (titles === 0) return "Every cluster whose traces have a text has a title.";
  const tokens = `${formatCount(titles, "title")} by ${modelId}: about ${formatCount(inputTokens + outputTokens, "token")}`;
  if (costUsd === null || mostCostUsd === null)
    return `${tokens}. What that costs is not known: TRACEBOOK_MODEL_PRICE is not set.`;
  return `${tokens}, ${formatCost(costUsd)}; never more than ${formatCost(mostCostUsd)}.`;
}

function sayWritten({ written, unwritten, inputTokens, outputTokens, costUsd }: TitlesWritten): string {
  const cost = costUsd === null ? formatCount(inputTokens + outputTokens, "token") : formatCost(costUsd);
  const missing = unwritten.map(({ reason, count }) => ` ${count} missing (${reason}).`).join("");
  return `${formatCount(written, "title")} written for ${cost}.${missing}`;
}
