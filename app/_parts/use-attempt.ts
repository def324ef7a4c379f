"use client";
import { useCallback, useState } from "react";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** What a person starts from a page and what may fail. */
export interface Attempts {
  readonly isBusy: boolean;
  /** What was wrong with the last; none while the next is under way. */
  readonly fault: FaultReport | null;
  /** @returns whether it went well */
  attempt(work: () => Promise<unknown>): Promise<boolean>;
}

/** Tells while something is under way, and keeps what was wrong with it. */
export function useAttempt(): Attempts {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const attempt = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setFault(null);
    try {
      await work();
      return true;
    } catch (error) {
      setFault(reportOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { isBusy, fault, attempt };
}
