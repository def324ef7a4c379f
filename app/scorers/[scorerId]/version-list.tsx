"use client";
import Link from "next/link";
import { useState } from "react";
import { diffLines } from "#lib/browser/diff-lines.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import type { ScorerReply } from "#lib/wire/scorers.ts";
import { TimeText } from "../../_parts/text.tsx";
import { AgreementText } from "../view.tsx";

const signs = { same: "  ", added: "+ ", removed: "− " } as const;

/** Every version with who promoted it, when and why, its text, and what changed since the one before. */
export function VersionList({ versions, names }: Pick<ScorerReply, "versions" | "names">) {
  return (
    <ol className="stack" style={{ listStyle: "none", padding: 0, gap: 12 }}>
      {versions.map((version, at) => (
        <li key={version.version} className="card stack" style={{ padding: 16, gap: 8 }}>
          <Version version={version} by={names[version.userId] ?? version.userId} before={versions[at + 1] ?? null} />
        </li>
      ))}
    </ol>
  );
}

interface VersionProps {
  readonly version: PromotedScorer;
  /** What whoever promoted it is called. */
  readonly by: string;
  readonly before: PromotedScorer | null;
}

function Version({ version, by, before }: VersionProps) {
  const [isOpen, setOpen] = useState(false);
  const { origin } = version;
  return (
    <>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <h3>Version {version.version}</h3>
        <span className="soft">
          by {by}, <TimeText atMs={version.promotedAtMs} />
          {origin ? (
            <>
              {" "}
              from <Link href={`/workbooks/${encodeURIComponent(origin.slug)}`}>{origin.slug}</Link>, revision{" "}
              {origin.revision}, cell {origin.cell}
            </>
          ) : null}
        </span>
        <span className="soft" style={{ marginLeft: "auto" }}>
          agrees with people: <AgreementText evidence={version.evidence} />
        </span>
      </div>
      {version.note === "" ? null : <p>{version.note}</p>}
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{before ? `Text, and what changed since version ${before.version}` : "Text"}</summary>
        {isOpen ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
          <pre className="diff" tabIndex={0}>
            {diffLines(before?.text ?? version.text, version.text).map(({ change, text }, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity and never move
              <div key={line} data-change={change}>
                {before ? signs[change] : ""}
                {text}
              </div>
            ))}
          </pre>
        ) : null}
        {Object.keys(version.options).length === 0 ? null : (
          <p className="soft">Options: {JSON.stringify(version.options)}</p>
        )}
      </details>
    </>
  );
}
