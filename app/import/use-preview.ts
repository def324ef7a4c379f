"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ImportAsked, PreviewReply } from "#lib/wire/import.ts";
import { importPaths } from "#lib/wire/import-paths.ts";

/** What an import would do; an old answer stays while a new one comes. */
export function usePreview(uploadId: string | null, asked: ImportAsked) {
  const [state, setState] = useState<{ readonly value: PreviewReply | null; readonly fault: FaultReport | null }>({
    value: null,
    fault: null
  });
  const key = uploadId === null ? null : JSON.stringify({ uploadId, asked });
  const [answered, setAnswered] = useState<string | null>(null);
  useEffect(() => {
    if (key === null) {
      setState({ value: null, fault: null });
      return;
    }
    const stop = new AbortController();
    const { uploadId: id, asked: request } = JSON.parse(key) as {
      readonly uploadId: string;
      readonly asked: ImportAsked;
    };
    ask<PreviewReply>(importPaths.preview(id), "POST", request, stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        setState({ value, fault: null });
        setAnswered(key);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setState((now) => ({ value: now.value, fault: reportOf(error) }));
        setAnswered(key);
      }
    );
    return () => stop.abort();
  }, [key]);
  return { ...state, waiting: key !== null && answered !== key };
}
