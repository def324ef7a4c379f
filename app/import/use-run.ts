"use client";
import { useRef, useState } from "react";
import { send } from "#lib/browser/api.ts";
import { readLines } from "#lib/browser/event-stream.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ImportAsked, ImportEvent } from "#lib/wire/import.ts";
import { importPaths } from "#lib/wire/import-paths.ts";

type Progress = Extract<ImportEvent, { readonly kind: "progress" }>;
type Done = Extract<ImportEvent, { readonly kind: "done" }>;

/** Where an import stands. */
export type RunState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly progress: Progress | null }
  | { readonly kind: "done"; readonly summary: Done["summary"]; readonly businessUnit: string }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** Runs an import and hears how far it is; leaving the page stops it. */
export function useRun() {
  const [state, setState] = useState<RunState>({ kind: "idle" });
  const stop = useRef<AbortController | null>(null);
  const run = async (uploadId: string, asked: ImportAsked) => {
    const own = new AbortController();
    stop.current = own;
    setState({ kind: "running", progress: null });
    try {
      const response = await send(importPaths.run(uploadId), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(asked),
        signal: own.signal
      });
      for await (const line of readLines(response.body!)) {
        const event = JSON.parse(line) as ImportEvent;
        if (event.kind === "progress") setState({ kind: "running", progress: event });
        else if (event.kind === "fault") setState({ kind: "fault", fault: event.fault });
        else setState({ kind: "done", summary: event.summary, businessUnit: asked.businessUnit });
      }
    } catch (error) {
      const hint = "What was imported until now stays; import again for the rest.";
      const fault = own.signal.aborted ? { code: "limit" as const, message: "stopped", hint } : reportOf(error);
      setState({ kind: "fault", fault });
    }
  };
  return { state, run, stop: () => stop.current?.abort(), reset: () => setState({ kind: "idle" }) };
}
