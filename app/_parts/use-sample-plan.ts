"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SamplePlanReply, SamplePlanRequest } from "#lib/wire/selections.ts";

/** What a sample would be, or why there can be none; the plan before stays while the next is made. */
export interface AskedPlan {
  readonly plan: SamplePlanReply | null;
  readonly fault: FaultReport | null;
  readonly waiting: boolean;
}

/** Between the last change of a form and the question, ms. */
const restMs = 200;

/** Asks what a sample would be, again whenever the request says something else. */
export function useSamplePlan(request: SamplePlanRequest): AskedPlan {
  const [asked, setAsked] = useState<AskedPlan>({ plan: null, fault: null, waiting: true });
  const body = JSON.stringify(request);
  useEffect(() => {
    const stop = new AbortController();
    setAsked((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(() => {
      ask<SamplePlanReply>(paths.samplePlan(), "POST", JSON.parse(body), stop.signal).then(
        (plan) => stop.signal.aborted || setAsked({ plan, fault: null, waiting: false }),
        (error: unknown) => stop.signal.aborted || setAsked({ plan: null, fault: reportOf(error), waiting: false })
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [body]);
  return asked;
}
