"use client";
import { useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type Grantee, isShareAccess, type ShareAccess, shareAccesses } from "#lib/model/share.ts";
import type { SharesReply } from "#lib/wire/sharing.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import { Button } from "../../../_parts/button.tsx";
import { Modal } from "../../../_parts/modal.tsx";
import { GranteeNote, SharePicker } from "../../../_parts/share-picker.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { useAttempt } from "../../../_parts/use-attempt.ts";

const words: Readonly<Record<ShareAccess, string>> = { view: "may view", comment: "may comment", edit: "may edit" };

interface ShareDialogProps {
  readonly slug: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** Who may see a workbook and do what; for who owns it. */
export function ShareDialog({ slug, title, onClose }: ShareDialogProps) {
  const [reply, setReply] = useState<SharesReply | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const [access, setAccess] = useState<ShareAccess>("view");
  const [copied, setCopied] = useState(false);
  const path = sharingPaths.shares(slug);
  useEffect(() => {
    void attempt(async () => setReply(await ask<SharesReply>(path)));
  }, [attempt, path]);
  const send = (method: "PUT" | "DELETE", body: unknown) =>
    attempt(async () => setReply(await ask<SharesReply>(path, method, body)));
  const remove = (grantee: Grantee) => void send("DELETE", { grantee });
  const link = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(`${location.origin}/workbooks/${encodeURIComponent(slug)}`);
      setCopied(true);
    });
  return (
    <Modal title={`Share “${title}”`} onClose={onClose}>
      <p className="soft">
        A link opens the workbook with its reader's rights: what it shows when it runs is what that reader may see.
      </p>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {reply ? (
        <>
          <SharePicker
            choices={reply.choices}
            submit="Share"
            busy={isBusy}
            onPick={(to) => send("PUT", { to, access })}
          >
            <AccessSelect label="What they may do" access={access} onChoose={setAccess} />
          </SharePicker>
          <ul className="share-list" aria-label="Who has access">
            <li>
              <span className="grow">{reply.owner}</span>
              <span className="soft">owns it</span>
            </li>
            {reply.shares.map((share) => (
              <li key={share.grantee}>
                <span className="grow">
                  {share.name}
                  <GranteeNote grantee={share.grantee} />
                </span>
                <AccessSelect
                  label={`What ${share.name} may do`}
                  access={share.access}
                  onChoose={(chosen) => void send("PUT", { to: share.grantee, access: chosen })}
                />
                <Button
                  small
                  tone="quiet"
                  disabled={isBusy}
                  aria-label={`Stop sharing with ${share.name}`}
                  onClick={() => remove(share.grantee)}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
          {reply.shares.length === 0 ? <p className="soft">Nobody else sees it.</p> : null}
          <div className="row">
            <Button small onClick={() => void link()}>
              Copy link
            </Button>
            <span className="soft" role="status">
              {copied ? "The link is copied. It opens only for those listed here." : ""}
            </span>
          </div>
        </>
      ) : fault ? null : (
        <StateNotice notice={{ kind: "waiting", label: "Looking who has access" }} />
      )}
    </Modal>
  );
}

function AccessSelect(props: {
  readonly label: string;
  readonly access: ShareAccess;
  readonly onChoose: (access: ShareAccess) => void;
}) {
  return (
    <select
      className="select"
      aria-label={props.label}
      value={props.access}
      onChange={({ target }) => isShareAccess(target.value) && props.onChoose(target.value)}
    >
      {shareAccesses.map((access) => (
        <option key={access} value={access}>
          {words[access]}
        </option>
      ))}
    </select>
  );
}
