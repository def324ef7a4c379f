"use client";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatMembership } from "#lib/browser/role-words.ts";
import type { Membership } from "#lib/model/rights.ts";
import type { LinkReply, PeopleReply } from "#lib/wire/people.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { Button } from "../_parts/button.tsx";
import { OnceText } from "../_parts/once-text.tsx";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";
import { useAttempt } from "../_parts/use-attempt.ts";
import { InviteForm } from "./invite-form.tsx";
import { PeopleTable } from "./people-table.tsx";
import { UnitTable } from "./unit-table.tsx";
import "../_parts/entrance.css";
import "./people.css";

/** People and what they may do, invitations that wait, business units. */
export function PeopleView() {
  const [reply, setReply] = useState<PeopleReply | null>(null);
  const { fault, attempt } = useAttempt();
  const [made, setMade] = useState<(LinkReply & { readonly what: string }) | null>(null);

  const read = useCallback(async () => setReply(await ask<PeopleReply>(peoplePaths.people())), []);
  useEffect(() => void attempt(read), [attempt, read]);
  const change = (work: () => Promise<unknown>) =>
    attempt(async () => {
      await work();
      await read();
    });

  const invite = async (email: string, memberships: readonly Membership[]) => {
    const link = await ask<LinkReply>(peoplePaths.invitations(), "POST", { email, memberships });
    setMade({ ...link, what: "Invitation" });
    await read();
  };
  return (
    <>
      <header className="title-bar">
        <h1>People</h1>
        <span className="soft">
          Who may do what, in which business unit. What changes here holds at the next click.
        </span>
      </header>
      <div className="content content-prose stack">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {made ? (
          <OnceText
            title={`${made.what} for ${made.email}`}
            about={
              <>
                Send it to them and to nobody else: it is not shown again, opens once, and until{" "}
                <TimeText atMs={made.expiresAtMs} />.
              </>
            }
            text={made.link}
            onClose={() => setMade(null)}
          />
        ) : null}
        {!reply && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading people" }} /> : null}
        {reply ? (
          <>
            {reply.people.length === 0 ? (
              <StateNotice
                notice={{ kind: "empty", title: "Nobody has an account here yet.", next: "Invite somebody below." }}
              />
            ) : (
              <PeopleTable
                reply={reply}
                onGrant={(userId, memberships) => change(() => ask(peoplePaths.person(userId), "PUT", { memberships }))}
                onReset={(userId) =>
                  void change(async () =>
                    setMade({
                      ...(await ask<LinkReply>(peoplePaths.personReset(userId), "POST", {})),
                      what: "Link for a new password"
                    })
                  )
                }
                onEndSessions={(userId) => void change(() => ask(peoplePaths.personSessions(userId), "DELETE"))}
                onRemove={(userId) => void change(() => ask(peoplePaths.person(userId), "DELETE"))}
              />
            )}
            {reply.invitations.length > 0 ? (
              <ul
                className="stack"
                style={{ gap: 4, padding: 0, listStyle: "none" }}
                aria-label="Invitations that wait"
              >
                {reply.invitations.map(({ invitationId, email, memberships, expiresAtMs }) => (
                  <li key={invitationId} className="row">
                    <span className="status-busy">◌ invited</span>
                    <span>{email}</span>
                    <span className="soft grow">
                      {memberships.map((membership) => formatMembership(membership)).join(", ")}, until{" "}
                      <TimeText atMs={expiresAtMs} short />
                    </span>
                    <Button
                      tone="danger"
                      small
                      aria-label={`Take back the invitation of ${email}`}
                      onClick={() => void change(() => ask(peoplePaths.invitation(invitationId), "DELETE"))}
                    >
                      Take back
                    </Button>
                  </li>
                ))}
              </ul>
            ) : null}
            <InviteForm reply={reply} onInvite={invite} />
            <h2>Business units</h2>
            <UnitTable
              reply={reply}
              onSave={(unit, title) => void change(() => ask(peoplePaths.unit(unit), "PUT", { title }))}
              onRemove={(unit) => void change(() => ask(peoplePaths.unit(unit), "DELETE"))}
            />
          </>
        ) : null}
      </div>
    </>
  );
}
