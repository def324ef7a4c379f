"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { formatCount } from "#lib/browser/format.ts";
import { countMask } from "#lib/browser/scatter-colour.ts";
import { fitMask } from "#lib/browser/scatter-columns.ts";
import { reportOf } from "#lib/model/fault.ts";

/** Finds the points whose traces hold words: n, 1 for those; `cut` when there are more than were looked at. */
export type MapSearch = (
  words: string,
  signal: AbortSignal
) => Promise<{ readonly mask: Uint8Array; readonly cut: boolean }>;

/**
 * The search of a map of n points: its mask, and what it found in words.
 *
 * @param identity  of the map; another is not searched yet
 */
export function useScatterSearch(search: MapSearch | undefined, n: number, identity: unknown) {
  const [found, setFound] = useState<string | null>(null);
  const [read, setMask] = useState<Uint8Array | null>(null);
  const mask = useMemo(() => fitMask(read, n), [read, n]);
  const running = useRef<AbortController | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another map is not searched yet
  useEffect(() => {
    setMask(null);
    setFound(null);
    return () => running.current?.abort();
  }, [identity]);

  const run = (words: string) => {
    running.current?.abort();
    if (words === "" || !search) {
      setMask(null);
      setFound(null);
      return;
    }
    const own = new AbortController();
    running.current = own;
    setFound("Searching …");
    search(words, own.signal).then(
      (answer) => {
        if (own.signal.aborted) return;
        setMask(answer.mask);
        const count = formatCount(countMask(answer.mask), "point");
        setFound(answer.cut ? `${count} highlighted, of the newest traces with these words` : `${count} highlighted`);
      },
      (error: unknown) => {
        if (!own.signal.aborted) setFound(reportOf(error).message);
      }
    );
  };
  return { mask, found, run };
}
