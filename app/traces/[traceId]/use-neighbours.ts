"use client";
import { useEffect, useState } from "react";

/** The list that the trace was opened from, and the traces before and after it there. */
export function useNeighbours(traceId: string): {
  readonly back: string;
  readonly previous: string | undefined;
  readonly next: string | undefined;
} {
  const [list, setList] = useState<{ readonly href: string; readonly ids: readonly string[] }>({
    href: "/traces",
    ids: []
  });
  useEffect(() => {
    const kept = sessionStorage.getItem("trace-list");
    if (kept) setList(JSON.parse(kept) as { href: string; ids: string[] });
  }, []);
  const at = list.ids.indexOf(traceId);
  return {
    back: list.href,
    previous: at > 0 ? list.ids[at - 1] : undefined,
    next: at >= 0 ? list.ids[at + 1] : undefined
  };
}
