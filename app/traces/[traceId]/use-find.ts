"use client";
import { useEffect, useState } from "react";
import type { FaultReport } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { HitsReply } from "#lib/wire/trace.ts";
import { useAnswer } from "../../_parts/trace-answer.tsx";

/** A search in one trace. */
export interface UsedFind {
  /** As typed. */
  readonly words: string;
  /** What was asked last, a moment after it was typed. */
  readonly asked: string;
  readonly reply: HitsReply | null;
  readonly fault: FaultReport | null;
  /** Number of the hit that is shown, -1 before the first. */
  readonly at: number;
  type(words: string): void;
  go(at: number): void;
  /** Forward by 1 or back by -1, round the ends; remembered when the hits are still on their way. */
  step(by: 1 | -1): void;
}

/** How long nobody types before the server is asked, in ms. */
const pauseMs = 180;

/** @param onHit  shows the span of a hit */
export function useFind(traceId: string, onHit: (spanId: string) => void): UsedFind {
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(-1);
  const [isAwaited, setIsAwaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(words.trim());
      setAt(-1);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  const { value, fault } = useAnswer<HitsReply>(asked === "" ? null : paths.find(traceId, asked));
  const isOld = value?.words !== words.trim().toLowerCase();
  const reply = asked === "" ? null : value;

  const go = (next: number) => {
    const hit = reply?.hits[next];
    if (!hit) return;
    setAt(next);
    onHit(hit.spanId);
  };
  const step = (by: 1 | -1) => {
    if (isOld || !reply) setIsAwaited(words.trim() !== "");
    else if (reply.hits.length > 0) go((at < 0 && by < 0 ? 0 : at + by + reply.hits.length) % reply.hits.length);
  };
  useEffect(() => {
    if (!isAwaited || isOld || !reply) return;
    setIsAwaited(false);
    const [first] = reply.hits;
    if (!first) return;
    setAt(0);
    onHit(first.spanId);
  }, [isAwaited, isOld, reply, onHit]);
  return { words, asked, reply, fault: asked === "" ? null : fault, at, type: setWords, go, step };
}
