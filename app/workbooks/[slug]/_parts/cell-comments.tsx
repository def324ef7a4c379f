"use client";
import { createContext, useContext } from "react";
import { Button } from "../../../_parts/button.tsx";
import { CommentThreads } from "../../../_parts/comment-threads.tsx";
import type { TalkedAbout } from "../../../_parts/use-comments.ts";

/** What is said about the cells of the open workbook. */
export const WorkbookTalk = createContext<TalkedAbout | null>(null);

interface CommentButtonProps {
  readonly place: string;
  readonly isOpen: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** Opens what is said about a cell; says how many threads are open. */
export function CommentButton({ place, isOpen, onOpen }: CommentButtonProps) {
  const talk = useContext(WorkbookTalk);
  const count = (talk?.reply?.threads ?? []).filter((thread) => thread.place === place && !thread.isResolved).length;
  if (!talk?.reply || (count === 0 && !talk.reply.mayComment)) return null;
  return (
    <Button
      tone="quiet"
      small
      icon="talk"
      aria-expanded={isOpen}
      aria-label={count > 0 ? `Comments on ${place}: ${count}` : `Comment on ${place}`}
      onClick={() => onOpen(!isOpen)}
    >
      {count > 0 ? count : null}
    </Button>
  );
}

/** What is said about a cell. */
export function CellComments({ place }: { readonly place: string }) {
  const talk = useContext(WorkbookTalk);
  return talk ? <CommentThreads talk={talk} place={place} /> : null;
}
