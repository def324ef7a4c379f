"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** What a page asked for: nothing yet, the value, or why not. An old value stays while a new one comes. */
export interface Asked<T> {
  readonly value: T | null;
  readonly fault: FaultReport | null;
  readonly waiting: boolean;
}

/** Asks a path, again whenever it changes; null asks nothing. What an old path asked is stopped. */
export function useAnswer<T>(path: string | null): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: null, fault: null, waiting: true });
  useEffect(() => {
    if (path === null) return;
    let gone = false;
    const stop = new AbortController();
    setAsked((now) => ({ ...now, waiting: true }));
    ask<T>(path, "GET", undefined, stop.signal).then(
      (value) => gone || setAsked({ value, fault: null, waiting: false }),
      (error: unknown) => gone || setAsked({ value: null, fault: reportOf(error), waiting: false })
    );
    return () => {
      gone = true;
      stop.abort();
    };
  }, [path]);
  return asked;
}
