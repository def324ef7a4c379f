"use client";
import { useEffect, useRef, useState } from "react";
import { paths } from "#lib/wire/paths.ts";
import type { LiveEvent } from "#lib/wire/traces.ts";

/** Whether a list hears of what comes: switched off, about to, listening, or cut off and trying again. */
export type LiveState = "off" | "opening" | "on" | "lost";

/** Between two tries after the server turned the listener away, in ms. */
const retryMs = 3000;

/**
 * Listens for what comes into the lake under a query, from a snapshot on. Silent while the window is hidden,
 * because a browser keeps few connections to one server; what came meanwhile is heard on return.
 *
 * @param since  null listens to nothing
 */
export function useLive(query: string, since: number | null, heard: (event: LiveEvent) => void): LiveState {
  const [state, setState] = useState<LiveState>("off");
  const tell = useRef(heard);
  tell.current = heard;
  useEffect(() => {
    if (since === null) {
      setState("off");
      return;
    }
    let last = since;
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(retry);
      source?.close();
      source = null;
    };
    const open = () => {
      close();
      if (document.hidden) return;
      setState("opening");
      const opened = new EventSource(`${paths.live()}?${query}${query === "" ? "" : "&"}since=${last}`);
      source = opened;
      opened.onopen = () => setState("on");
      opened.onmessage = ({ data }) => {
        const event = JSON.parse(String(data)) as LiveEvent;
        last = event.snapshotId;
        tell.current(event);
      };
      opened.onerror = () => {
        setState("lost");
        // The browser tries again by itself unless the server said no.
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
      };
    };
    open();
    document.addEventListener("visibilitychange", open);
    return () => {
      document.removeEventListener("visibilitychange", open);
      close();
    };
  }, [query, since]);
  return state;
}
