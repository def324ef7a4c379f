"use client";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatMembership } from "#lib/browser/role-words.ts";
import { checkPassword } from "#lib/model/person.ts";
import type { AccountReply, ApiKeyRequest, MadeApiKeyReply } from "#lib/wire/people.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { FieldForm } from "../_parts/field-form.tsx";
import { OnceText } from "../_parts/once-text.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";
import { useAttempt } from "../_parts/use-attempt.ts";
import { KeyForm } from "./key-form.tsx";
import { KeyTable } from "./key-table.tsx";
import { SessionList } from "./session-list.tsx";
import "./account.css";

/** Who one is, where one is signed in, one's keys and password. */
export function AccountView() {
  const [account, setAccount] = useState<AccountReply | null>(null);
  const [readAtMs, setReadAtMs] = useState(0);
  const { fault, attempt } = useAttempt();
  const [made, setMade] = useState<MadeApiKeyReply | null>(null);
  const [said, setSaid] = useState("");

  const read = useCallback(async () => {
    setAccount(await ask<AccountReply>(peoplePaths.account()));
    setReadAtMs(Date.now());
  }, []);
  useEffect(() => void attempt(read), [attempt, read]);
  const change = (work: () => Promise<unknown>) =>
    attempt(async () => {
      await work();
      await read();
    });

  const makeKey = (request: ApiKeyRequest) =>
    change(async () => setMade(await ask<MadeApiKeyReply>(peoplePaths.accountKeys(), "POST", request)));
  return (
    <>
      <header className="title-bar">
        <h1>{account?.name ?? "Account"}</h1>
        <span className="soft">{account?.email}</span>
      </header>
      <div className="content content-prose stack">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!account && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading your account" }} /> : null}
        {account ? (
          <>
            <p>
              {account.memberships.length > 0
                ? `You are ${account.memberships.map((membership) => formatMembership(membership)).join(", ")}.`
                : "You have no role yet. Ask who looks after your business unit for one."}
            </p>
            {account.email === null ? (
              <StateNotice
                notice={{
                  kind: "partial",
                  sentence: (
                    <>
                      One local owner, no password: everybody who can reach this machine's port is that owner.{" "}
                      <Link href="/set-up">Make an account</Link> to have everybody sign in.
                    </>
                  )
                }}
              />
            ) : (
              <>
                <h2>Where you are signed in</h2>
                <SessionList
                  sessions={account.sessions}
                  own={account.sessionId}
                  onEnd={(sessionId) => void change(() => ask(peoplePaths.accountSession(sessionId), "DELETE"))}
                />
              </>
            )}
            <h2>Keys</h2>
            <p className="soft">
              Programs ask the workbench with them, in your name: <code>Authorization: Bearer tb_…</code>
            </p>
            {made ? (
              <OnceText
                title={`The key ${made.key.name}`}
                about={
                  <>
                    Keep it now: it is not shown again. It ends <TimeText atMs={made.key.expiresAtMs} />.
                  </>
                }
                text={made.secret}
                onClose={() => setMade(null)}
              />
            ) : null}
            <KeyForm account={account} onMake={(request) => void makeKey(request)} />
            {account.keys.length > 0 ? (
              <KeyTable
                keys={account.keys}
                nowMs={readAtMs}
                onRevoke={(keyId) => void change(() => ask(peoplePaths.accountKey(keyId), "DELETE"))}
              />
            ) : null}
            {account.email === null ? null : (
              <section className="stack account-password" aria-label="Password">
                <h2>Password</h2>
                <FieldForm
                  label="Password"
                  submit="Set a new password"
                  fields={[
                    {
                      name: "current",
                      label: "Current password",
                      type: "password",
                      autoComplete: "current-password"
                    },
                    {
                      ...{ name: "next", label: "New password", type: "password", autoComplete: "new-password" },
                      hint: "10 characters or more. Your other browsers are signed out.",
                      check: (value) => checkPassword(value, account.email ?? "")
                    }
                  ]}
                  placeOf={({ code }) => (code === "invalid" ? "next" : "current")}
                  onSubmit={async ({ current = "", next = "" }) => {
                    await ask(peoplePaths.account(), "PUT", { current, next });
                    setSaid("It is set; your other browsers are signed out.");
                    await attempt(read);
                  }}
                />
                <p role="status" className="status-good">
                  {said}
                </p>
              </section>
            )}
          </>
        ) : null}
      </div>
    </>
  );
}
