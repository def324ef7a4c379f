"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { findDraft, forgetDraft, keepDraft } from "#lib/browser/kept-draft.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { allows } from "#lib/model/share.ts";
import type { ConflictReply, WorkbookReply } from "#lib/wire/workbook.ts";

/** Where the saving of the text stands. */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly fault: FaultReport }
  | { readonly kind: "conflict"; readonly current: WorkbookReply };

const saveDelayMs = 800;
const retryMs = 5000;

/**
 * The text of a workbook as it is typed: saved by itself a moment after the last change. Until the server
 * has acknowledged it, it is kept in this browser, so that a reload or a crash loses nothing.
 */
export function useDraft(slug: string) {
  const [stored, setStored] = useState<WorkbookReply | null>(null);
  const [text, setText] = useState("");
  const [save, setSave] = useState<SaveState>({ kind: "saved" });
  const [fault, setFault] = useState<FaultReport | null>(null);
  const base = useRef(0);
  const inFlight = useRef(false);
  const newest = useRef("");

  useEffect(() => {
    api.openWorkbook(slug).then(
      (workbook) => {
        const found = findDraft(localStorage, slug);
        // Who may not save any more reads what is kept at the server; what they typed stays in this browser.
        const kept = found && found.text !== workbook.text && allows(workbook.access, "edit") ? found : null;
        // A save that arrived although its answer did not leaves the same text behind: nothing to save.
        if (found?.text === workbook.text) forgetDraft(localStorage, slug);
        setStored(workbook);
        base.current = kept?.baseRevision ?? workbook.revision;
        newest.current = kept?.text ?? workbook.text;
        setText(newest.current);
        setSave({ kind: kept ? "unsaved" : "saved" });
      },
      (error: unknown) => setFault(reportOf(error))
    );
  }, [slug]);

  const change = useCallback(
    (next: string) => {
      newest.current = next;
      setText(next);
      setSave((now) => (now.kind === "conflict" ? now : { kind: "unsaved" }));
      keepDraft(localStorage, slug, { text: next, baseRevision: base.current });
    },
    [slug]
  );

  useEffect(() => {
    if (save.kind !== "unsaved" && save.kind !== "failed") return;
    const send = () => {
      // A second save would stand on the revision that the first is about to replace, and conflict with it.
      if (inFlight.current) return;
      inFlight.current = true;
      setSave({ kind: "saving" });
      // A timer may be due between a change and its drawing: what is sent is what was typed last.
      const sent = newest.current;
      api
        .save(slug, { text: sent, baseRevision: base.current })
        .then(
          (reply): SaveState => {
            if (isConflict(reply)) return { kind: "conflict", current: reply.current };
            base.current = reply.revision;
            setStored(reply);
            const kept = findDraft(localStorage, slug);
            if (kept?.text === sent) forgetDraft(localStorage, slug);
            else if (kept) keepDraft(localStorage, slug, { ...kept, baseRevision: reply.revision });
            return { kind: newest.current === sent ? "saved" : "unsaved" };
          },
          (error: unknown): SaveState => ({ kind: "failed", fault: reportOf(error) })
        )
        .then((next) => {
          inFlight.current = false;
          // What was typed meanwhile is saved next; a new object makes that happen.
          setSave((now) => (next.kind === "saved" && now.kind === "unsaved" ? { kind: "unsaved" } : next));
        });
    };
    const timer = setTimeout(send, save.kind === "failed" ? retryMs : saveDelayMs);
    return () => clearTimeout(timer);
    // Each change makes a new state, and so the delay begins anew.
  }, [save, slug]);

  // Leaving the page within the delay: what is kept is saved now, or at the next visit of this browser.
  useEffect(
    () => () => {
      const kept = findDraft(localStorage, slug);
      if (!kept || inFlight.current) return;
      api.save(slug, kept).then(
        (reply) => {
          if (!isConflict(reply) && findDraft(localStorage, slug)?.text === kept.text) forgetDraft(localStorage, slug);
        },
        (error: unknown) => console.warn("the last change is kept in this browser:", reportOf(error).message)
      );
    },
    [slug]
  );

  /** Ends a conflict: with one's own text as a new revision, or with the one that stands. */
  const settle = useCallback(
    (mine: boolean) => {
      if (save.kind !== "conflict") return;
      base.current = save.current.revision;
      if (mine) {
        setSave({ kind: "unsaved" });
        return;
      }
      newest.current = save.current.text;
      setText(save.current.text);
      setStored(save.current);
      forgetDraft(localStorage, slug);
      setSave({ kind: "saved" });
    },
    [save, slug]
  );

  return { stored, text, change, save, settle, fault };
}

function isConflict(reply: WorkbookReply | ConflictReply): reply is ConflictReply {
  return "current" in reply;
}
