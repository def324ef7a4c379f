"use client";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { MentionsReply } from "#lib/wire/comments.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import "./sharing.css";

/** Least time between two looks, ms. */
const restMs = 15_000;

/** How often the reader was mentioned since they last looked; nothing where that is never. */
export function MentionCount() {
  const path = usePathname();
  const [unseen, setUnseen] = useState(0);
  const looked = useRef({ atMs: Number.NEGATIVE_INFINITY, path });
  useEffect(() => {
    const now = performance.now();
    // Home shows the mentions and marks them as seen: what was counted before is old there and after it.
    const isHome = path === "/" || looked.current.path === "/";
    looked.current.path = path;
    if (!isHome && now - looked.current.atMs < restMs) return;
    looked.current.atMs = now;
    ask<MentionsReply>(sharingPaths.mentions()).then(
      (reply) => setUnseen(reply.unseen),
      // The page itself says what is wrong with the server.
      () => setUnseen(0)
    );
  }, [path]);
  if (unseen === 0) return null;
  return (
    <span className="mention-count" title={`You were mentioned ${unseen} times`}>
      {unseen}
      <span className="sr-only"> new mentions</span>
    </span>
  );
}
