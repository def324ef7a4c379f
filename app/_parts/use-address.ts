"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";

const normalise = (query: string) => new URLSearchParams(query).toString();

/**
 * The query of the page's address, and how to change it in place. What a person changes is drawn at once:
 * the router hears of it later, and a box that is ticked must not wait for that.
 *
 * @param path  of the page
 */
export function useAddress(path: string): readonly [string, (query: string) => void] {
  const heard = useSearchParams().toString();
  const [query, setQuery] = useState(heard);
  /** What was written and has not been heard of yet; the last is what counts. */
  const written = useRef<string[]>([]);
  useEffect(() => {
    const at = written.current.indexOf(heard);
    if (at < 0) {
      written.current = [];
      setQuery(heard);
    } else written.current = written.current.slice(at + 1);
  }, [heard]);
  const change = useCallback(
    (next: string) => {
      written.current.push(normalise(next));
      setQuery(normalise(next));
      // The page is the same one, so nothing is asked of the server for it.
      window.history.replaceState(null, "", next === "" ? path : `${path}?${next}`);
    },
    [path]
  );
  return [query, change];
}
