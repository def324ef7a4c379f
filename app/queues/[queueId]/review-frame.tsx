import "./review/review.css";
import Link from "next/link";
import type { FaultReport } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import { StateNotice } from "../../_parts/state-notice.tsx";

interface ReviewFrameProps {
  readonly queueId: string;
  /** Null until the queue is open. */
  readonly title: string | null;
  /** What is open, in short. */
  readonly about: string | null;
  /** Why it could not be opened. */
  readonly fault: FaultReport | null;
  /** What is waited for meanwhile. */
  readonly waiting: string;
  readonly children: React.ReactNode;
}

/** The frame of pages on which items of a queue are judged: what is judged, and how opening it goes. */
export function ReviewFrame({ queueId, title, about, fault, waiting, children }: ReviewFrameProps) {
  return (
    <>
      <header className="title-bar">
        <h1>
          <Link className="review-title" href={paths.queuePage(queueId)}>
            {title ?? "Queue"}
          </Link>
        </h1>
        {about === null ? null : <span className="soft num">{about}</span>}
        <span className="soft" style={{ marginLeft: "auto", fontSize: 13 }}>
          <span className="kbd">?</span> keys
        </span>
      </header>
      {title === null ? (
        <div className="content">
          <StateNotice notice={fault ? { kind: "fault", fault } : { kind: "waiting", label: waiting }} />
        </div>
      ) : (
        <div className="review">{children}</div>
      )}
    </>
  );
}
