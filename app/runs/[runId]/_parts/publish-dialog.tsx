"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { PublicationReply, RunReply } from "#lib/wire/sharing.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import { Button } from "../../../_parts/button.tsx";
import { Modal } from "../../../_parts/modal.tsx";
import { GranteeNote, SharePicker } from "../../../_parts/share-picker.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { TimeText } from "../../../_parts/text.tsx";
import { useAttempt } from "../../../_parts/use-attempt.ts";

interface PublishDialogProps {
  readonly runId: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly onChange: (published: RunReply["published"]) => void;
}

/** To whom the report of a run is let out, also where they do not see the workbook. */
export function PublishDialog({ runId, title, onClose, onChange }: PublishDialogProps) {
  const [reply, setReply] = useState<PublicationReply | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const path = sharingPaths.publication(runId);
  useEffect(() => {
    void attempt(async () => setReply(await ask<PublicationReply>(path)));
  }, [attempt, path]);
  const to = reply?.published?.to ?? [];
  /** Lets the report out to these; to nobody takes it back. */
  const publish = (chosen: readonly string[]) =>
    attempt(async () => {
      const next = await (chosen.length > 0
        ? ask<PublicationReply>(path, "PUT", { to: chosen })
        : ask<PublicationReply>(path, "DELETE"));
      setReply(next);
      onChange(next.published && { by: next.published.by, atMs: next.published.publishedAtMs });
    });
  return (
    <Modal title={`Publish the report of “${title}”`} onClose={onClose}>
      <p className="soft">
        Whoever it is published to reads the report as it stands, with the numbers of every business unit that it ran
        over, also without the workbook. The report says whose rights it ran with and who published it.
      </p>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {reply ? (
        <>
          <SharePicker
            choices={reply.choices}
            submit="Publish"
            busy={isBusy}
            onPick={(one) => publish([...to.map(({ grantee }) => grantee), one])}
          />
          {reply.published ? (
            <>
              <ul className="share-list" aria-label="Published to">
                {to.map(({ grantee, name }) => (
                  <li key={grantee}>
                    <span className="grow">
                      {name}
                      <GranteeNote grantee={grantee} />
                    </span>
                    <Button
                      small
                      tone="quiet"
                      disabled={isBusy}
                      aria-label={`Stop publishing to ${name}`}
                      onClick={() => void publish(to.map((one) => one.grantee).filter((one) => one !== grantee))}
                    >
                      Remove
                    </Button>
                  </li>
                ))}
              </ul>
              <div className="row">
                <span className="soft grow">
                  Published by {reply.published.by}, <TimeText short atMs={reply.published.publishedAtMs} />
                </span>
                <Button tone="danger" disabled={isBusy} onClick={() => void publish([])}>
                  Take it back
                </Button>
              </div>
            </>
          ) : (
            <p className="soft">It is not published.</p>
          )}
        </>
      ) : fault ? null : (
        <StateNotice notice={{ kind: "waiting", label: "Looking to whom it is published" }} />
      )}
    </Modal>
  );
}
