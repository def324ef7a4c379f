"use client";
import { useCallback, useRef, useState } from "react";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ReviewItemKey } from "#lib/wire/review.ts";

/** What is sent one after the other, and how the last of it ended. */
export interface OneAtATime {
  readonly fault: FaultReport | null;
  readonly isBusy: boolean;
  /** Whether something is sent at this moment, told before the page is drawn again. */
  isRunning(): boolean;
  setFault(fault: FaultReport | null): void;
  /** One thing at a time: a key that is pressed while something is sent does nothing. */
  readonly act: (work: () => Promise<void>) => Promise<void>;
}

/** Keeps a page that goes by keys to one request at a time. It is busy until its first has ended. */
export function useOneAtATime(): OneAtATime {
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [isBusy, setBusy] = useState(true);
  const running = useRef(false);
  const act = useCallback(async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await work();
      setFault(null);
    } catch (error) {
      setFault(reportOf(error));
    }
    running.current = false;
    setBusy(false);
  }, []);
  return { fault, isBusy, isRunning: () => running.current, setFault, act };
}

/** What names an item, without the rest of it. */
export const keyOf = ({ traceId, businessUnit }: ReviewItemKey): ReviewItemKey => ({ traceId, businessUnit });
