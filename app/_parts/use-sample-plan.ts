"use client";
import type { FaultReport } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SamplePlanReply, SamplePlanRequest } from "#lib/wire/selections.ts";
import { useReply } from "./use-reply.ts";

/** What a sample would be, or why there can be none; the plan before stays while the next is made. */
export interface AskedPlan {
  readonly plan: SamplePlanReply | null;
  readonly fault: FaultReport | null;
  readonly waiting: boolean;
}

/** Asks what a sample would be, again whenever the request says something else. */
export function useSamplePlan(request: SamplePlanRequest): AskedPlan {
  const { value: plan, fault, waiting } = useReply<SamplePlanReply>(paths.samplePlan(), request);
  return { plan, fault, waiting };
}
