"use client";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type MaskRules, type MaskVersion, noMaskRules } from "#lib/model/mask.ts";
import { type MasksReply, maskPaths } from "#lib/wire/masks.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { TimeText } from "../../../_parts/text.tsx";
import { useAttempt } from "../../../_parts/use-attempt.ts";
import { MaskForm } from "./form.tsx";
import { MaskTrial } from "./trial.tsx";

/** As the server told it; null until then. */
type Kept = MasksReply | { readonly versions: null; readonly names: MasksReply["names"] };

/** The rules of a unit: what they are, what they would leave of a text, what they were. */
export function MaskingView({ unit }: { readonly unit: string }) {
  const [{ versions, names }, setKept] = useState<Kept>({ versions: null, names: {} });
  const [rules, setRules] = useState<MaskRules>(noMaskRules);
  const { isBusy, fault, attempt } = useAttempt();

  const read = useCallback(async () => {
    const reply = await ask<MasksReply>(maskPaths.masks(unit));
    setKept(reply);
    setRules(reply.versions[0]?.rules ?? noMaskRules);
  }, [unit]);
  useEffect(() => void attempt(read), [attempt, read]);

  const newest = versions?.[0] ?? null;
  const isChanged = JSON.stringify(rules) !== JSON.stringify(newest?.rules ?? noMaskRules);
  const save = () =>
    attempt(async () => {
      await ask<MaskVersion>(maskPaths.masks(unit), "PUT", { rules, version: newest?.version ?? 0 });
      await read();
    });
  return (
    <>
      <header className="title-bar">
        <Link href="/people" className="soft">
          People and units
        </Link>
        <span className="faint" aria-hidden="true">
          /
        </span>
        <h1>Masking in {unit}</h1>
        <span className="row" style={{ marginLeft: "auto" }}>
          <span role="status" className="soft">
            {versions === null
              ? ""
              : isChanged
                ? "not saved"
                : newest === null
                  ? "nothing is hidden yet"
                  : `version ${newest.version} is in force`}
          </span>
          <Button tone="main" disabled={!isChanged || isBusy || versions === null} onClick={() => void save()}>
            Save and hide
          </Button>
        </span>
      </header>
      <div className="content content-prose stack" style={{ gap: 24 }}>
        <p className="soft">
          What is hidden here shows as ▮▮▮ to everybody and everywhere: in traces, SQL, search, maps, scorers, judges,
          exports and datasets. The stored traces stay as they are. Who may reveal gives a purpose, which the audit
          trail keeps. Maps, reports, datasets and judgements that were made before keep the words they were made with.
        </p>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {versions === null ? (
          fault ? null : (
            <StateNotice notice={{ kind: "waiting" }} />
          )
        ) : (
          <>
            <MaskForm rules={rules} onChange={setRules} />
            <MaskTrial unit={unit} rules={rules} />
            <History versions={versions} names={names} onTake={setRules} />
          </>
        )}
      </div>
    </>
  );
}

interface HistoryProps extends MasksReply {
  readonly onTake: (rules: MaskRules) => void;
}

function History({ versions, names, onTake }: HistoryProps) {
  if (versions.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="mask-versions">
      <h2 id="mask-versions">Versions</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Since</th>
            <th scope="col">By</th>
            <th scope="col">Hides</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, setAtMs, userId, rules }, at) => (
            <tr key={version}>
              <td className="num">{version}</td>
              <td>
                <TimeText atMs={setAtMs} />
              </td>
              <td>{names[userId] ?? userId}</td>
              <td>
                {[...rules.patterns, ...rules.expressions.map(({ name }) => name), ...rules.fields].join(", ") ||
                  "nothing"}
              </td>
              <td>
                {at === 0 ? null : (
                  <Button small tone="quiet" onClick={() => onTake(rules)}>
                    Take these again
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
