"use client";
import { useMemo } from "react";
import { buildTree, type SpanTree } from "#lib/browser/span-tree.ts";
import { buildClock, type TraceClock } from "#lib/browser/trace-clock.ts";
import { listOddities, type Oddity } from "#lib/browser/trace-oddities.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { OpenedTraceReply, SpanRow, SpanRowsReply } from "#lib/wire/trace.ts";
import { useAnswer } from "../../_parts/trace-answer.tsx";

/** A trace as far as it has arrived. */
export interface UsedTrace {
  readonly opened: OpenedTraceReply | null;
  readonly fault: FaultReport | null;
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  /** Empty while spans are on their way. */
  readonly oddities: readonly Oddity[];
  /** True while the rest of the spans is on its way; false when it has come, or will not. */
  readonly isPartial: boolean;
  /** True when there are more spans than a page takes. */
  readonly isCut: boolean;
  readonly restFault: FaultReport | null;
}

const noRows: readonly SpanRow[] = [];

/** The trace with its first spans, and then with all of them. */
export function useTrace(traceId: string): UsedTrace {
  const { value: opened, fault } = useAnswer<OpenedTraceReply>(paths.trace(traceId));
  const rest = useAnswer<SpanRowsReply>(opened?.rowsCut ? paths.spans(traceId) : null);
  const rows = rest.value?.rows ?? opened?.rows ?? noRows;
  const tree = useMemo(() => buildTree(rows), [rows]);
  const clock = useMemo(() => buildClock(tree.spans), [tree]);
  const isPartial = opened?.rowsCut === true && !rest.value && !rest.fault;
  const isWhole = opened !== null && !isPartial && !rest.fault;
  const oddities = useMemo(() => (isWhole ? listOddities(tree, clock) : []), [tree, clock, isWhole]);
  return {
    opened,
    fault,
    tree,
    clock,
    oddities,
    isPartial,
    isCut: rest.value?.rowsCut === true,
    restFault: rest.fault
  };
}
