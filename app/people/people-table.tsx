"use client";
import { useState } from "react";
import { formatMembership } from "#lib/browser/role-words.ts";
import type { Person } from "#lib/model/person.ts";
import type { Membership } from "#lib/model/rights.ts";
import type { PeopleReply } from "#lib/wire/people.ts";
import { Button } from "../_parts/button.tsx";
import { Menu } from "../_parts/menu.tsx";
import { Sure } from "../_parts/sure.tsx";
import { TimeText } from "../_parts/text.tsx";
import { GrantBox } from "./grant-box.tsx";

interface PeopleTableProps {
  readonly reply: PeopleReply;
  /** Settles once it stands, or was refused. */
  readonly onGrant: (userId: string, memberships: readonly Membership[]) => Promise<boolean>;
  readonly onReset: (userId: string) => void;
  readonly onEndSessions: (userId: string) => void;
  readonly onRemove: (userId: string) => void;
}

/** Everybody, what they may do, and what can be done about it. */
export function PeopleTable({ reply, onGrant, onReset, onEndSessions, onRemove }: PeopleTableProps) {
  const [edited, setEdited] = useState<Pick<Person, "userId" | "memberships"> | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const titles = new Map(reply.units.map(({ businessUnit, title }) => [businessUnit, title]));
  return (
    <table className="table" aria-label="People">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">E-mail</th>
          <th scope="col">Roles</th>
          <th scope="col">Since</th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {reply.people.map((person) => {
          const { userId, name, email, memberships, createdAtMs } = person;
          if (edited?.userId === userId)
            return (
              <tr key={userId} className="people-edit">
                <td>{name}</td>
                <td colSpan={4}>
                  <div className="stack" style={{ gap: 8 }}>
                    <GrantBox
                      units={reply.units}
                      roles={reply.roles}
                      everywhere={reply.administersAll}
                      value={edited.memberships}
                      onChange={(changed) => setEdited({ userId, memberships: changed })}
                    />
                    <div className="row">
                      <Button
                        tone="main"
                        small
                        onClick={() =>
                          void onGrant(userId, edited.memberships).then((stands) => stands && setEdited(null))
                        }
                      >
                        Save the roles of {name}
                      </Button>
                      <Button small onClick={() => setEdited(null)}>
                        Leave them
                      </Button>
                    </div>
                  </div>
                </td>
              </tr>
            );
          return (
            <tr key={userId}>
              <td>
                {name}
                {userId === reply.userId ? <span className="faint"> (you)</span> : null}
              </td>
              <td>{email}</td>
              <td>
                <div className="people-chips">
                  {memberships.map((membership) => (
                    <span key={`${membership.businessUnit} ${membership.role}`} className="chip">
                      {formatMembership(membership, titles)}
                    </span>
                  ))}
                  {memberships.length === 0 ? <span className="faint">none yet</span> : null}
                </div>
              </td>
              <td>
                <TimeText atMs={createdAtMs} short />
              </td>
              <td>
                {asking === userId ? (
                  <span className="row people-actions">
                    <Sure
                      about="Account, sessions and keys end at once."
                      yes={`Yes, remove ${name}`}
                      onYes={() => {
                        setAsking(null);
                        onRemove(userId);
                      }}
                      onKeep={() => setAsking(null)}
                    />
                  </span>
                ) : (
                  <span className="row people-actions">
                    <Button small aria-label={`Roles of ${name}`} onClick={() => setEdited({ userId, memberships })}>
                      Roles
                    </Button>
                    {reply.administersAll ? (
                      <Menu
                        label={`More about ${name}`}
                        items={[
                          { label: "Make a link for a new password", onChoose: () => onReset(userId) },
                          { label: "Sign out everywhere", onChoose: () => onEndSessions(userId) },
                          { label: "Remove the account", danger: true, onChoose: () => setAsking(userId) }
                        ]}
                      />
                    ) : null}
                  </span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
