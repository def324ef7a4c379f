import type { WorkbookAccess } from "#lib/model/share.ts";
import { Button } from "../../../_parts/button.tsx";

interface TitleAccessProps {
  readonly access: WorkbookAccess;
  readonly owner: string;
  readonly onShare: () => void;
  readonly onCopy: () => void;
}

/** Whose workbook it is where it is not one's own, and what can be done about it. */
export function TitleAccess({ access, owner, onShare, onCopy }: TitleAccessProps) {
  if (access === "own") return <Button onClick={onShare}>Share…</Button>;
  return (
    <>
      <span className="chip" data-testid="access" title={`${owner} owns this workbook`}>
        {access === "edit"
          ? `of ${owner} · you may edit`
          : `of ${owner} · ${access === "view" ? "view only" : "you may comment"}`}
      </span>
      {access === "edit" ? null : <Button onClick={onCopy}>Make a copy</Button>}
    </>
  );
}
