"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { reportOf } from "#lib/model/fault.ts";
import type { Asked } from "./trace-answer.tsx";

/** Between the last change of a form and the question, ms. */
const restMs = 200;

/** Posts what a form says, again whenever it says something else; null asks nothing. The reply before stays while the next comes. */
export function useReply<T>(path: string, request: unknown): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: null, fault: null, waiting: true });
  const body = JSON.stringify(request);
  useEffect(() => {
    if (body === "null") return;
    const stop = new AbortController();
    setAsked((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(() => {
      ask<T>(path, "POST", JSON.parse(body), stop.signal).then(
        (value) => stop.signal.aborted || setAsked({ value, fault: null, waiting: false }),
        (error: unknown) => stop.signal.aborted || setAsked({ value: null, fault: reportOf(error), waiting: false })
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [path, body]);
  return asked;
}
