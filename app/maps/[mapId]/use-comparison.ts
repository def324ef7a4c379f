"use client";
import { useEffect, useMemo, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type KeptPoints, readSides } from "#lib/browser/kept-points.ts";
import { boundPoints } from "#lib/browser/scatter-view.ts";
import { coverBox, differDensity } from "#lib/map/density-difference.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { CompareReply } from "#lib/wire/map-compare.ts";
import { paths } from "#lib/wire/paths.ts";
import type { ScatterComparison } from "../../_parts/scatter.tsx";

/** Squares along the longer side of the map that density is told by, and how far a point spreads in them. */
const [squares, spread] = [160, 2.5];

/** From points that joined to the next comparison, in ms: it looks at every trace on the map. */
const roundMs = 10_000;

/** Two populations as they stand against each other. */
export interface Comparison {
  /** Null while it is read, and where nothing is compared. */
  readonly reply: CompareReply | null;
  readonly shown: ScatterComparison | null;
  readonly fault: FaultReport | null;
}

/** Compares two populations that an address names; null compares nothing. */
export function useComparison(kept: KeptPoints | null, a: string | null, b: string | null): Comparison {
  const [read, setRead] = useState<{
    readonly asked: string;
    readonly reply: CompareReply;
    readonly sides: Int32Array;
  } | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const round = useRound(kept?.columns.x.length ?? 0);
  const asked = kept && a && b ? `${kept.map.mapId} ${kept.map.version} ${a} ${b}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what joins the map is compared in rounds
  useEffect(() => {
    setFault(null);
    if (!kept || !a || !b || asked === null) {
      setRead(null);
      return;
    }
    let isGone = false;
    Promise.all([
      ask<CompareReply>(`${paths.mapCompare(kept.map.mapId)}?${new URLSearchParams({ a, b })}`),
      readSides(kept, a, b)
    ]).then(
      ([reply, sides]) => isGone || setRead({ asked, reply, sides }),
      (error: unknown) => {
        if (isGone) return;
        setRead(null);
        setFault(reportOf(error));
      }
    );
    return () => {
      isGone = true;
    };
  }, [a, b, asked, round]);

  const shown = useMemo((): ScatterComparison | null => {
    if (!kept || !read || read.asked !== asked) return null;
    const { x, y } = kept.columns;
    // Points that joined since are in neither until it is read again.
    const sides = new Int32Array(x.length).fill(-1);
    sides.set(read.sides.map((side) => (side > 1 ? -1 : side)).subarray(0, x.length));
    if (read.reply.first === 0 || read.reply.second === 0) return { sides, density: null };
    const grid = coverBox(boundPoints(x, y), squares);
    return { sides, density: { grid, ...differDensity(x, y, sides, grid, spread) } };
  }, [kept, read, asked]);
  return { reply: shown && read ? read.reply : null, shown, fault };
}

/** A number that is another one some time after points have joined, however many come one after the other. */
function useRound(points: number): number {
  const [round, setRound] = useState(points);
  useEffect(() => {
    const timer = setTimeout(() => setRound(points), roundMs);
    return () => clearTimeout(timer);
  }, [points]);
  return round;
}
