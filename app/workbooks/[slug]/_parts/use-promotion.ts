"use client";
import { useEffect, useRef, useState } from "react";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { LabelSides } from "#lib/model/label-sides.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import {
  type ComparisonEvent,
  type ComparisonRequest,
  mostRandom,
  type PromoteRequest,
  type PromotionGroundReply,
  type PromotionHead
} from "#lib/wire/promotion.ts";
import type { CellReading } from "#lib/wire/workbook.ts";

/** What a promotion asks of the workbook as it is written now. */
export interface PromotionActions {
  readonly ground: (cell: CellReading) => Promise<PromotionGroundReply>;
  readonly compare: (
    cell: CellReading,
    asked: Omit<ComparisonRequest, "text">,
    heard: (event: ComparisonEvent) => void,
    signal: AbortSignal
  ) => Promise<void>;
  /** Of the text that is saved now. @throws Fault `conflict` where it is not saved yet */
  readonly promote: (cell: CellReading, asked: Omit<PromoteRequest, "revision">) => Promise<PromotedScorer>;
}

/** What a person has chosen. */
export interface PromotionWish {
  readonly head: PromotionHead | null;
  readonly use: string | null;
  readonly units: readonly string[];
  readonly sides: LabelSides;
  readonly random: number;
}

type Step = Extract<ComparisonEvent, { kind: "progress" }>;
type Compared = Extract<ComparisonEvent, { kind: "compared" }>;
type Forecast = Extract<ComparisonEvent, { kind: "forecast" }>;

/** A scorer on its way out of its workbook: what is chosen, what was compared, what became of it. */
export function usePromotion(cell: CellReading, actions: PromotionActions) {
  const [ground, setGround] = useState<PromotionGroundReply | null>(null);
  const [wish, setWish] = useState<PromotionWish | null>(null);
  const [progress, setProgress] = useState<Step | null>(null);
  const [forecast, setForecast] = useState<Forecast | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const [promoted, setPromoted] = useState<PromotedScorer | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const [busy, setBusy] = useState<"comparing" | "promoting" | null>(null);
  const abort = useRef<AbortController | null>(null);

  /** Reads what can be promoted; the choices stay, but for the version that is gone on from. */
  const read = async () => {
    try {
      const reply = await actions.ground(cell);
      setGround(reply);
      const find = (scorerId: string | null) => reply.heads.find((head) => head.scorerId === scorerId) ?? null;
      setWish((before) => {
        if (before) return { ...before, head: find(before.head?.scorerId ?? null) };
        const head = find(reply.suggested);
        const known = head?.businessUnits.filter((unit) => reply.units.includes(unit)) ?? [];
        return {
          ...{ head, use: reply.uses[0] ?? null, sides: reply.sides },
          units: known.length > 0 ? known : reply.units,
          random: reply.kind === "judge" ? Math.min(50, mostRandom) : mostRandom
        };
      });
      return reply;
    } catch (error) {
      setFault(reportOf(error));
      return null;
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    void read();
    return () => abort.current?.abort();
  }, []);

  const choose = (changed: Partial<PromotionWish>) => {
    abort.current?.abort();
    setWish((before) => before && { ...before, ...changed });
    setCompared(null);
    setForecast(null);
    setFault(null);
  };

  const compare = async (budgetUsd: number | null, chosen = wish) => {
    if (!chosen) return;
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setBusy("comparing");
    setFault(null);
    setForecast(null);
    setCompared(null);
    const { head, use, units, sides, random } = chosen;
    const asked = {
      ...{ use, units, random, seed: 1, budgetUsd },
      base: head && { scorerId: head.scorerId, version: head.version },
      sides: sides.fine.length > 0 && sides.wrong.length > 0 ? sides : null
    };
    const hear = (event: ComparisonEvent) => {
      if (own.signal.aborted) return;
      if (event.kind === "progress") setProgress(event);
      else if (event.kind === "forecast") setForecast(event);
      else setCompared(event);
    };
    try {
      await actions.compare(cell, asked, hear, own.signal);
    } catch (error) {
      if (!own.signal.aborted) setFault(reportOf(error));
    } finally {
      if (abort.current === own) {
        setBusy(null);
        setProgress(null);
      }
    }
  };

  const stop = () => {
    abort.current?.abort();
    setBusy(null);
    setProgress(null);
  };

  const promote = async (note: string) => {
    if (!wish) return;
    setBusy("promoting");
    setFault(null);
    const { head, use, units } = wish;
    const base = head && { scorerId: head.scorerId, version: head.version };
    try {
      setPromoted(
        await actions.promote(cell, { base, use, units, note, comparisonId: compared?.comparisonId ?? null })
      );
    } catch (error) {
      const report = reportOf(error);
      setFault(report);
      // Somebody was faster: their version is what one's own is held against from now on.
      if (report.code === "conflict") setCompared(null);
      await read();
    } finally {
      setBusy(null);
    }
  };

  return { ground, wish, choose, progress, forecast, compared, promoted, fault, busy, compare, stop, promote };
}
