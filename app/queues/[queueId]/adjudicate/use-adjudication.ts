"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { AdjudicationReply, AdjudicationRequest } from "#lib/wire/adjudication.ts";
import { paths } from "#lib/wire/paths.ts";
import type { ReviewItemKey } from "#lib/wire/review.ts";
import { keyOf, useOneAtATime } from "../use-one-at-a-time.ts";

/** A decision that is being written. */
export interface DecisionDraft {
  readonly label: string | null;
  readonly reason: string;
}

/** An adjudicator at work: the contested item that is open, what is written of it, and what can be done. */
export interface AdjudicationWork {
  readonly reply: AdjudicationReply | null;
  readonly draft: DecisionDraft;
  readonly fault: FaultReport | null;
  readonly isBusy: boolean;
  /** What was decided last, which can be taken back. */
  readonly last: { readonly item: ReviewItemKey; readonly label: string } | null;
  change(changed: Partial<DecisionDraft>): void;
  decide(): void;
  undo(): void;
  next(): void;
  previous(): void;
}

const empty: DecisionDraft = { label: null, reason: "" };

export function useAdjudication(queueId: string): AdjudicationWork {
  const [reply, setReply] = useState<AdjudicationReply | null>(null);
  const [draft, setDraft] = useState<DecisionDraft>(empty);
  const [last, setLast] = useState<AdjudicationWork["last"]>(null);
  const seen = useRef<ReviewItemKey[]>([]);
  const { fault, setFault, isBusy, isRunning, act } = useOneAtATime();
  const path = paths.queueAdjudication(queueId);
  const send = useCallback((request: AdjudicationRequest) => ask<AdjudicationReply>(path, "POST", request), [path]);
  const show = useCallback((given: AdjudicationReply) => {
    setReply(given);
    const open = given.open;
    if (!open) return;
    const { decided } = open;
    setDraft(decided?.label ? { label: decided.label, reason: decided.reason } : empty);
    if (seen.current.at(-1)?.traceId !== open.item.traceId) seen.current.push(keyOf(open.item));
  }, []);
  useEffect(() => {
    void act(async () => show(await send({ kind: "next", after: null })));
  }, [act, send, show]);

  const open = reply?.open ?? null;
  const decideAs = async (item: ReviewItemKey, label: string | null, reason: string, baseVersion: number) => {
    const rubricVersion = reply!.queue.rubric.version;
    await send({ kind: "decide", item: keyOf(item), label, reason, rubricVersion, baseVersion });
  };
  return {
    ...{ reply, draft, fault, isBusy, last },
    change: (changed) => {
      if (!isRunning()) setDraft({ ...draft, ...changed });
    },
    decide: () => {
      const { label, reason } = draft;
      if (label === null) {
        setFault({ code: "invalid", message: "no label is chosen", hint: "Press the key of one, then decide." });
        return;
      }
      void act(async () => {
        if (!open) return;
        await decideAs(open.item, label, reason, open.decided?.version ?? 0);
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        setLast({ item: keyOf(open.item), label });
        show(await send({ kind: "next", after: keyOf(open.item) }));
      });
    },
    undo: () =>
      void act(async () => {
        if (!last) return;
        const { open: back } = await send({ kind: "open", item: last.item });
        if (back?.decided) await decideAs(last.item, null, "taken back", back.decided.version);
        setLast(null);
        show(await send({ kind: "open", item: last.item }));
      }),
    next: () => void act(async () => show(await send({ kind: "next", after: open && keyOf(open.item) }))),
    previous: () =>
      void act(async () => {
        const stack = seen.current;
        if (open && stack.at(-1)?.traceId === open.item.traceId) stack.pop();
        const before = stack.pop();
        if (before) show(await send({ kind: "open", item: before }));
      })
  };
}
