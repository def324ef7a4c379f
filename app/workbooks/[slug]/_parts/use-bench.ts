"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { findBench, freshBench, type KeptBench, keepBench } from "#lib/browser/kept-bench.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { HandfulReply, HandfulRequest, TryReply, TryRequest } from "#lib/wire/bench.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import type { PromotionActions } from "./use-promotion.ts";
import type { CheckTypes } from "./use-type-marks.ts";

/** How long typing rests before what is written is tried. */
const restMs = 400;

/** What a bench asks of the workbook as it is written now. */
export interface BenchActions {
  readonly check: CheckTypes;
  readonly promotion: PromotionActions;
  readonly handful: (
    cell: CellReading,
    wish: Pick<HandfulRequest, "use" | "pinned" | "seed">,
    signal: AbortSignal
  ) => Promise<HandfulReply>;
  readonly try: (
    cell: CellReading,
    asked: Omit<TryRequest, "text" | "params">,
    signal: AbortSignal
  ) => Promise<TryReply>;
}

interface BenchWish {
  readonly slug: string;
  readonly cell: CellReading;
  /** Texts of the score cells that use the scorer: other options are another try. */
  readonly usedBy: string;
  readonly actions: BenchActions;
}

/**
 * A scorer at its bench: it is tried at every pause in typing, each try taking the place of the one before. What was
 * chosen is kept in this browser.
 */
export function useBench({ slug, cell, usedBy, actions }: BenchWish) {
  const [kept, setKept] = useState<KeptBench>(freshBench);
  const [handful, setHandful] = useState<HandfulReply | null>(null);
  const [tried, setTried] = useState<TryReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [busy, setBusy] = useState(false);
  const [id] = useState(() => crypto.randomUUID());
  const now = useRef({ actions, cell });
  now.current = { actions, cell };
  const underWay = useRef<AbortController | null>(null);
  const key = cell.name ?? cell.key;

  useEffect(() => setKept(findBench(localStorage, slug, key)), [slug, key]);

  const change = useCallback(
    (changed: Partial<KeptBench>) =>
      setKept((before) => {
        const next = { ...before, ...changed };
        keepBench(localStorage, slug, key, next);
        return next;
      }),
    [slug, key]
  );

  // Whoever writes a scorer wants to see what it says; whoever closed the bench does not.
  const written = useRef(cell.text);
  useEffect(() => {
    if (written.current !== cell.text && kept.isOpen === null) change({ isOpen: true });
  }, [cell.text, kept.isOpen, change]);

  const isOpen = kept.isOpen === true;
  const { pinned, seed, use } = kept;
  const wish = JSON.stringify({ pinned, seed, use });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what uses the scorer decides which traces are for it
  useEffect(() => {
    if (!isOpen) return;
    const abort = new AbortController();
    now.current.actions.handful(now.current.cell, JSON.parse(wish), abort.signal).then(
      (reply) => {
        setHandful(reply);
        setFault(null);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setFault(reportOf(error));
      }
    );
    return () => abort.abort();
  }, [isOpen, wish, usedBy]);

  const attempt = useCallback(
    (spend: boolean) => {
      if (!handful) return;
      underWay.current?.abort();
      const abort = new AbortController();
      underWay.current = abort;
      setBusy(true);
      const traces = handful.traces.map(({ traceId, expected }) => ({
        traceId,
        ...(expected === undefined ? {} : { expected })
      }));
      now.current.actions
        .try(now.current.cell, { traces, use: handful.use, bench: id, spend }, abort.signal)
        .then(
          (reply) => {
            if (abort.signal.aborted) return;
            setTried(reply);
            setFault(null);
          },
          (error: unknown) => {
            if (!abort.signal.aborted) setFault(reportOf(error));
          }
        )
        .finally(() => {
          if (underWay.current === abort) setBusy(false);
        });
    },
    [handful, id]
  );

  // What is there when the bench opens is tried at once, what is typed once typing rests.
  const last = useRef<unknown>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options of a score cell are another try
  useEffect(() => {
    if (!isOpen || !handful) return;
    const isTyping = last.current === handful;
    last.current = handful;
    // A try of what is no longer written would only take room.
    if (isTyping) underWay.current?.abort();
    const timer = setTimeout(() => attempt(false), isTyping ? restMs : 0);
    return () => clearTimeout(timer);
  }, [isOpen, handful, attempt, cell.text, usedBy]);
  useEffect(() => () => underWay.current?.abort(), []);

  return { kept, change, isOpen, handful, tried, fault, busy, ask: () => attempt(true) };
}
