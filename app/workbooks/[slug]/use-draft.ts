"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { ConflictReply, WorkbookReply } from "#lib/wire/workbook.ts";

/** Where the saving of the text stands. */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly fault: FaultReport }
  | { readonly kind: "conflict"; readonly current: WorkbookReply };

interface Kept {
  readonly text: string;
  readonly baseRevision: number;
}

const saveDelayMs = 800;
const retryMs = 5000;
const draftKey = (slug: string) => `tracebook.draft.${slug}`;

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

  useEffect(() => {
    api.openWorkbook(slug).then(
      (workbook) => {
        const kept = readKept(slug);
        setStored(workbook);
        base.current = kept?.baseRevision ?? workbook.revision;
        setText(kept?.text ?? workbook.text);
        setSave(kept && kept.text !== workbook.text ? { kind: "unsaved" } : { kind: "saved" });
      },
      (error: unknown) => setFault(reportOf(error))
    );
  }, [slug]);

  const change = useCallback(
    (next: string) => {
      setText(next);
      setSave((now) => (now.kind === "conflict" ? now : { kind: "unsaved" }));
      localStorage.setItem(draftKey(slug), JSON.stringify({ text: next, baseRevision: base.current } satisfies Kept));
    },
    [slug]
  );

  useEffect(() => {
    if (save.kind !== "unsaved" && save.kind !== "failed") return;
    const timer = setTimeout(
      () => {
        setSave({ kind: "saving" });
        api.save(slug, { text, baseRevision: base.current }).then(
          (reply) => {
            if (isConflict(reply)) {
              setSave({ kind: "conflict", current: reply.current });
              return;
            }
            base.current = reply.revision;
            setStored(reply);
            const kept = readKept(slug);
            if (kept?.text === text) localStorage.removeItem(draftKey(slug));
            else if (kept)
              localStorage.setItem(draftKey(slug), JSON.stringify({ ...kept, baseRevision: reply.revision }));
            setSave((now) => (now.kind === "saving" ? { kind: "saved" } : now));
          },
          (error: unknown) => setSave({ kind: "failed", fault: reportOf(error) })
        );
      },
      save.kind === "failed" ? retryMs : saveDelayMs
    );
    return () => clearTimeout(timer);
  }, [save, text, slug]);

  /** Ends a conflict: with one's own text as a new revision, or with the one that stands. */
  const settle = useCallback(
    (mine: boolean) => {
      if (save.kind !== "conflict") return;
      base.current = save.current.revision;
      if (mine) {
        setSave({ kind: "unsaved" });
        return;
      }
      setText(save.current.text);
      setStored(save.current);
      localStorage.removeItem(draftKey(slug));
      setSave({ kind: "saved" });
    },
    [save, slug]
  );

  return { stored, text, change, save, settle, fault };
}

function isConflict(reply: WorkbookReply | ConflictReply): reply is ConflictReply {
  return "current" in reply;
}

function readKept(slug: string): Kept | null {
  const kept = localStorage.getItem(draftKey(slug));
  return kept === null ? null : (JSON.parse(kept) as Kept);
}
