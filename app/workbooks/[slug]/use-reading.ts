"use client";
import { useEffect, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";

const readDelayMs = 200;

/** A text and what the server says that it means. */
export interface Reading {
  readonly text: string;
  readonly reply: ReadReply;
}

/** What a text means, asked of the server whenever typing pauses; `text` null is not asked for yet. */
export function useReading(slug: string, text: string | null, onFault: (fault: FaultReport) => void) {
  const [reading, setReading] = useState<Reading | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where faults go does not change what is asked
  useEffect(() => {
    if (text === null) return;
    let live = true;
    const ask = () => {
      api.readText(slug, text).then(
        (reply) => live && setReading({ text, reply }),
        (error: unknown) => live && onFault(reportOf(error))
      );
    };
    // The first text has been typed by nobody just now: it need not wait.
    const timer = setTimeout(ask, reading === null ? 0 : readDelayMs);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [slug, text]);
  return [reading, setReading] as const;
}
