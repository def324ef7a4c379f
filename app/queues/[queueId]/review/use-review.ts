"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import {
  draftOf,
  emptyDraft,
  findReviewDraft,
  forgetReviewDraft,
  keepReviewDraft,
  type ReviewDraft
} from "#lib/browser/review-draft.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { pairLabelOf } from "#lib/model/pair.ts";
import type { Judgement } from "#lib/model/review.ts";
import { paths } from "#lib/wire/paths.ts";
import type { QueueNumbersReply } from "#lib/wire/queue-numbers.ts";
import type { ReviewItemKey, ReviewReply, ReviewRequest } from "#lib/wire/review.ts";
import { keyOf, useOneAtATime } from "../use-one-at-a-time.ts";

/** An open item is kept open this often; the server lets others have it after five minutes. */
const renewMs = 60_000;

/** What happened to the item before, for a line that lets the reviewer take it back. */
export interface LastDone {
  readonly item: ReviewItemKey;
  readonly said: string;
}

/** A reviewer at work in a queue: the open item, what is written of it, and what can be done. */
export interface ReviewWork {
  readonly reply: ReviewReply | null;
  readonly progress: QueueNumbersReply | null;
  readonly draft: ReviewDraft;
  readonly fault: FaultReport | null;
  readonly isBusy: boolean;
  readonly last: LastDone | null;
  change(changed: Partial<ReviewDraft>): void;
  submit(): void;
  skip(reason: string): void;
  undo(): void;
  next(): void;
  previous(): void;
}

/** @param start  the item to begin with; null begins with the first that waits */
export function useReview(queueId: string, start: ReviewItemKey | null): ReviewWork {
  const [reply, setReply] = useState<ReviewReply | null>(null);
  const [progress, setProgress] = useState<QueueNumbersReply | null>(null);
  const [draft, setDraft] = useState<ReviewDraft>(emptyDraft);
  const [last, setLast] = useState<LastDone | null>(null);
  const seen = useRef<ReviewItemKey[]>([]);
  const { fault, setFault, isBusy, isRunning, act } = useOneAtATime();
  const watch = useWatch();
  const path = paths.queueReview(queueId);
  const open = reply?.open ?? null;
  const item = open?.item ?? null;

  const show = useCallback(
    (given: ReviewReply) => {
      setReply(given);
      watch.restart();
      const at = given.open?.item;
      if (!at) return;
      setDraft(findReviewDraft(localStorage, queueId, at.traceId) ?? draftOf(given.open.mine));
      const stack = seen.current;
      if (stack.at(-1)?.traceId !== at.traceId) stack.push(keyOf(at));
    },
    [queueId, watch]
  );

  const send = useCallback((request: ReviewRequest) => ask<ReviewReply>(path, "POST", request), [path]);
  const count = useCallback(() => {
    ask<QueueNumbersReply>(path).then(setProgress, (error: unknown) => setFault(reportOf(error)));
  }, [path, setFault]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the queue is opened once
  useEffect(() => {
    void act(async () => {
      show(await send(start ? { kind: "open", item: start } : { kind: "next", after: null }));
      count();
    });
  }, []);

  const held = open?.hold ? item : null;
  useEffect(() => {
    if (!held) return;
    const key = keyOf(held);
    const timer = setInterval(() => {
      send({ kind: "open", item: key }).catch((error: unknown) => setFault(reportOf(error)));
    }, renewMs);
    const release = () => {
      const body = JSON.stringify({ kind: "release", item: key } satisfies ReviewRequest);
      // The page is going: nobody is left who could read an answer.
      void fetch(path, { method: "POST", body, keepalive: true, headers: { "content-type": "application/json" } });
    };
    window.addEventListener("pagehide", release);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", release);
    };
  }, [held, path, send, setFault]);

  const judge = (judgement: Judgement, said: string) =>
    act(async () => {
      if (!item || !reply) return;
      const key = keyOf(item);
      await send({
        kind: "submit",
        item: key,
        judgement,
        rubricVersion: reply.queue.rubric.version,
        baseVersion: open?.mine?.version ?? 0,
        durationMs: watch.readMs()
      });
      forgetReviewDraft(localStorage, queueId, item.traceId);
      // The next keys are for the next trace, not for the field that was written in.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      show(await send({ kind: "next", after: key }));
      setLast({ item: key, said });
      count();
    });
  const leave = async () => {
    if (held) await send({ kind: "release", item: keyOf(held) });
  };

  return {
    ...{ reply, progress, draft, fault, isBusy, last },
    change: (changed) => {
      // What is on its way to the server is not written on any more.
      if (isRunning()) return;
      const next = { ...draft, ...changed };
      setDraft(next);
      if (item) keepReviewDraft(localStorage, queueId, item.traceId, next);
    },
    submit: () => {
      const { label, ...said } = draft;
      if (label === null) {
        setFault({ code: "invalid", message: "no label is chosen", hint: "Press the key of one, then submit." });
        return;
      }
      const correctedOutput = draft.correctedOutput.trim() === "" ? null : draft.correctedOutput;
      void judge({ ...said, kind: "labelled", label, correctedOutput }, wordsOf(label, open));
    },
    skip: (reason) => void judge({ kind: "skipped", reason }, "skipped"),
    undo: () =>
      void act(async () => {
        if (!last || !reply) return;
        await leave();
        const back = (await send({ kind: "open", item: last.item })).open;
        if (!back?.mine) return;
        await send({
          kind: "submit",
          item: last.item,
          judgement: { kind: "withdrawn" },
          rubricVersion: reply.queue.rubric.version,
          baseVersion: back.mine.version,
          durationMs: 0
        });
        keepReviewDraft(localStorage, queueId, last.item.traceId, draftOf(back.mine));
        show(await send({ kind: "open", item: last.item }));
        setLast(null);
        count();
      }),
    next: () =>
      void act(async () => {
        await leave();
        show(await send({ kind: "next", after: item && keyOf(item) }));
      }),
    previous: () =>
      void act(async () => {
        const stack = seen.current;
        if (item && stack.at(-1)?.traceId === item.traceId) stack.pop();
        const before = stack.pop();
        if (!before) return;
        await leave();
        show(await send({ kind: "open", item: before }));
      })
  };
}

/** What was said, by the sides that were shown. */
function wordsOf(label: string, open: ReviewReply["open"]): string {
  if (!open?.left) return label;
  const side = (["left", "right", "tie"] as const).find(
    (one) => pairLabelOf(one, open.left!, open.item.traceId) === label
  );
  return side === "tie" ? "a tie" : `${side} is better`;
}

/** Time during which the page was in view. */
function useWatch(): { restart(): void; readMs(): number } {
  const state = useRef({ sumMs: 0, sinceMs: 0 });
  const [watch] = useState(() => {
    const readMs = () => {
      const { sumMs, sinceMs } = state.current;
      return Math.round(sumMs + (document.visibilityState === "visible" ? performance.now() - sinceMs : 0));
    };
    const restart = () => {
      state.current = { sumMs: 0, sinceMs: performance.now() };
    };
    return { readMs, restart };
  });
  useEffect(() => {
    const onChange = () => {
      const now = performance.now();
      const { sumMs, sinceMs } = state.current;
      state.current =
        document.visibilityState === "visible"
          ? { sumMs, sinceMs: now }
          : { sumMs: sumMs + now - sinceMs, sinceMs: now };
    };
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return watch;
}
