"use client";
import { useState } from "react";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { parseEmail } from "#lib/model/person.ts";
import type { Membership } from "#lib/model/rights.ts";
import type { PeopleReply } from "#lib/wire/people.ts";
import { GrantBox } from "./grant-box.tsx";

interface InviteFormProps {
  readonly reply: PeopleReply;
  /** @throws Fault that stands beside the field */
  readonly onInvite: (email: string, memberships: readonly Membership[]) => Promise<void>;
}

/** Whom to let in, and as what. */
export function InviteForm({ reply, onInvite }: InviteFormProps) {
  const [email, setEmail] = useState("");
  const [memberships, setMemberships] = useState<readonly Membership[]>([]);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const invite = async () => {
    try {
      await onInvite(parseEmail(email), memberships);
      setEmail("");
      setMemberships([]);
      setFault(null);
    } catch (error) {
      setFault(reportOf(error));
    }
  };
  return (
    <form
      className="card people-invite"
      aria-label="Invite somebody"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <h2>Invite somebody</h2>
      <label className="field">
        E-mail
        <input
          className={fault ? "input input-small input-bad" : "input input-small"}
          style={{ width: 280 }}
          type="email"
          autoComplete="off"
          aria-invalid={fault !== null}
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      </label>
      <GrantBox
        units={reply.units}
        roles={reply.roles}
        everywhere={reply.administersAll}
        value={memberships}
        onChange={setMemberships}
      />
      {fault ? (
        <p role="alert" className="status-bad">
          ✕ {fault.message}
        </p>
      ) : null}
      <div className="row">
        <button
          type="submit"
          className="button button-main button-small"
          disabled={email.trim() === "" || memberships.length === 0}
        >
          Make an invitation
        </button>
        <span className="faint">A link that opens once, within a week. Send it yourself: nothing is mailed.</span>
      </div>
    </form>
  );
}
