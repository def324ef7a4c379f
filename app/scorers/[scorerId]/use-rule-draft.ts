"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { localNow, parseLocal } from "#lib/browser/local-time.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import { paths } from "#lib/wire/paths.ts";
import type { RuleForecastReply, RuleForecastRequest, RuleRequest } from "#lib/wire/scorers.ts";

/** What a person has filled in so far; numbers are still texts. */
export interface RuleDraft {
  readonly predicate: string;
  readonly units: readonly string[];
  readonly percent: string;
  /** Local time as the box gives it; empty for any. */
  readonly from: string;
  readonly pinned: boolean;
  readonly cap: string;
  readonly older: boolean;
}

/** A pause in typing after which the condition is counted. */
const quietMs = 400;

/** A rule as it is being written, counted at every pause in typing. */
export function useRuleDraft(scorer: PromotedScorer) {
  const [draft, setDraft] = useState<RuleDraft>({
    ...{ predicate: "true", units: scorer.businessUnits, percent: "100", from: localNow(), pinned: false },
    ...{ cap: "", older: false }
  });
  const [count, setCount] = useState<RuleForecastReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [isCounting, setCounting] = useState(false);
  const request = toRequest(scorer, draft);
  const { dailyCapUsd: _cap, scoresOlder: tries, ...meaning } = request;
  // Without older ones the count is no forecast: it shows what the condition means.
  const fromMs = tries ? meaning.fromMs : null;
  const asked = JSON.stringify({ ...meaning, fromMs, tries } satisfies RuleForecastRequest);
  useEffect(() => {
    const stop = new AbortController();
    setCounting(true);
    const timer = setTimeout(() => {
      ask<RuleForecastReply>(paths.scorerForecast(scorer.scorerId), "POST", JSON.parse(asked), stop.signal)
        .then(
          (reply) => {
            setCount(reply);
            setFault(null);
          },
          (error: unknown) => {
            if (stop.signal.aborted) return;
            setCount(null);
            setFault(reportOf(error));
          }
        )
        .finally(() => stop.signal.aborted || setCounting(false));
    }, quietMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, scorer.scorerId]);
  return {
    ...{ draft, request, count, fault, isCounting },
    change: (changes: Partial<RuleDraft>) => setDraft((now) => ({ ...now, ...changes }))
  };
}

function toRequest(scorer: PromotedScorer, draft: RuleDraft): RuleRequest {
  return {
    version: draft.pinned ? scorer.version : null,
    businessUnits: draft.units,
    predicate: draft.predicate,
    rate: Number(draft.percent) / 100,
    fromMs: parseLocal(draft.from),
    dailyCapUsd: draft.cap.trim() === "" ? null : Number(draft.cap),
    scoresOlder: draft.older
  };
}
