"use client";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { isBusinessUnit } from "#lib/model/scope.ts";
import { importPaths } from "#lib/wire/import-paths.ts";
import type { KeyRequest, KeysReply, MadeKeyReply } from "#lib/wire/keys.ts";
import { Button } from "../_parts/button.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { UnitBox } from "../_parts/unit-box.tsx";
import { useAttempt } from "../_parts/use-attempt.ts";
import { KeyTable } from "./key-table.tsx";
import { NewKey } from "./new-key.tsx";
import "./keys.css";

/** Makes, lists and revokes ingest keys; a secret is shown once. */
export function KeysView() {
  const [reply, setReply] = useState<KeysReply | null>(null);
  const { fault, attempt } = useAttempt();
  const [made, setMade] = useState<MadeKeyReply | null>(null);
  const [unit, setUnit] = useState<string | null>(null);
  const [name, setName] = useState("");

  const read = useCallback(async () => {
    setReply(await ask<KeysReply>(importPaths.keys()));
  }, []);
  useEffect(() => void attempt(read), [attempt, read]);
  const change = (work: () => Promise<unknown>) =>
    attempt(async () => {
      await work();
      await read();
    });

  // With one unit there is nothing to choose; with more, a wrong one would be hard to undo.
  const chosen = unit ?? (reply?.businessUnits.length === 1 ? reply.businessUnits[0]! : "");
  const create = () =>
    change(async () => {
      const request: KeyRequest = { businessUnit: chosen, name, spansPerSecond: null };
      setMade(await ask<MadeKeyReply>(importPaths.keys(), "POST", request));
      setName("");
    });
  const revoke = (keyId: string) =>
    change(async () => {
      await ask(importPaths.key(keyId), "DELETE");
      if (made?.key.keyId === keyId) setMade(null);
    });
  return (
    <>
      <header className="title-bar">
        <h1>Ingest keys</h1>
        <span className="soft">Programs send traces with them; the unit of the key is the unit of its traces.</span>
      </header>
      <div className="content content-prose stack">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {reply ? (
          <form
            className="row"
            aria-label="New key"
            style={{ flexWrap: "wrap" }}
            onSubmit={(event) => {
              event.preventDefault();
              void create();
            }}
          >
            <UnitBox units={reply.businessUnits} mayName={reply.mayName} value={chosen} onChange={setUnit} />
            <label className="field">
              Name
              <input
                className="input input-small"
                style={{ width: 240 }}
                placeholder="the service or team that sends"
                maxLength={80}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            </label>
            <button
              type="submit"
              className="button button-main button-small"
              disabled={name.trim() === "" || !isBusinessUnit(chosen)}
            >
              Make a key
            </button>
          </form>
        ) : null}
        {made ? <NewKey made={made} onClose={() => setMade(null)} /> : null}
        {!reply && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading keys" }} /> : null}
        {reply?.keys.length === 0 ? (
          <StateNotice
            notice={{ kind: "empty", title: "There are no ingest keys yet.", next: "Name who sends, and make one." }}
          />
        ) : null}
        {reply && reply.keys.length > 0 ? (
          <KeyTable keys={reply.keys} onRevoke={(keyId) => void revoke(keyId)} />
        ) : null}
        {fault ? <Button onClick={() => void attempt(read)}>Try again</Button> : null}
      </div>
    </>
  );
}
