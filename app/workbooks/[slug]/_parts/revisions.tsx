"use client";
import { useEffect, useState } from "react";
import { api } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { RevisionsReply } from "#lib/wire/workbook.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { TimeText } from "../../../_parts/text.tsx";
import { TextDiff } from "../../../_parts/text-diff.tsx";

interface RevisionsProps {
  readonly slug: string;
  readonly text: string;
  readonly onRestore: (text: string) => void;
}

/** Earlier texts: who, when, what is different from now; each can be restored as a new revision. */
export function Revisions({ slug, text, onRestore }: RevisionsProps) {
  const [reply, setReply] = useState<RevisionsReply | null>(null);
  const [chosen, setChosen] = useState<{ readonly revision: number; readonly text: string } | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  useEffect(() => {
    api.listRevisions(slug).then(setReply, (error: unknown) => setFault(reportOf(error)));
  }, [slug]);
  const open = (revision: number) => {
    api.openRevision(slug, revision).then(
      (found) => setChosen({ revision, text: found.text }),
      (error: unknown) => setFault(reportOf(error))
    );
  };
  return (
    <div className="card revisions">
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      <ol>
        {reply?.revisions.map(({ revision, savedBy, savedAtMs }) => (
          <li key={revision}>
            <button type="button" className="button button-quiet button-small" onClick={() => open(revision)}>
              r{revision} · {savedBy} · <TimeText atMs={savedAtMs} />
            </button>
          </li>
        ))}
      </ol>
      {chosen ? (
        <div className="grow">
          <div className="row">
            <strong>r{chosen.revision} beside now</strong>
            <Button small onClick={() => onRestore(chosen.text)}>
              Restore this text
            </Button>
          </div>
          <TextDiff before={chosen.text} after={text} />
        </div>
      ) : (
        <p className="soft">Choose a revision to see what has changed since.</p>
      )}
    </div>
  );
}
