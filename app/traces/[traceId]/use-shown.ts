"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { reportOf } from "#lib/model/fault.ts";
import { maskPaths } from "#lib/wire/masks.ts";
import { type Asked, useAnswer } from "../../_parts/trace-answer.tsx";

/**
 * What a path says; with a purpose, what it hides too. Each time something else is looked at the audit trail is told
 * again, and what was revealed is kept nowhere.
 *
 * @param purpose  null while nothing is revealed
 */
export function useShown<T>(path: string, traceId: string, spanId: string | null, purpose: string | null): Asked<T> {
  const shown = useAnswer<T>(path);
  const [revealed, setRevealed] = useState<Asked<T>>({ value: null, fault: null, waiting: true });
  useEffect(() => {
    if (purpose === null) return;
    const stop = new AbortController();
    setRevealed({ value: null, fault: null, waiting: true });
    ask<T>(maskPaths.reveal(traceId), "POST", { purpose, spanId }, stop.signal).then(
      (value) => stop.signal.aborted || setRevealed({ value, fault: null, waiting: false }),
      (error: unknown) => stop.signal.aborted || setRevealed({ value: null, fault: reportOf(error), waiting: false })
    );
    return () => stop.abort();
  }, [traceId, spanId, purpose]);
  return purpose === null ? shown : revealed;
}
