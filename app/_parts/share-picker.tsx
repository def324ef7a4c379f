"use client";
import { useState } from "react";
import { everyone, type Grantee } from "#lib/model/share.ts";
import type { ShareChoices } from "#lib/wire/sharing.ts";
import { Button } from "./button.tsx";
import "./sharing.css";

interface SharePickerProps {
  readonly choices: ShareChoices;
  readonly submit: string;
  readonly busy: boolean;
  /** Told `unit:<unit>`, `unit:*` or an e-mail address. */
  readonly onPick: (to: string) => Promise<boolean>;
  /** Between whom and the button. */
  readonly children?: React.ReactNode;
}

/** One line that names somebody: a person by e-mail address, a unit of one's own, or everyone. */
export function SharePicker({ choices, submit, busy, onPick, children }: SharePickerProps) {
  const [kind, setKind] = useState("person");
  const [email, setEmail] = useState("");
  const to = kind === "person" ? email.trim() : kind;
  return (
    <form
      className="share-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== "" && !busy) void onPick(to).then((done) => done && setEmail(""));
      }}
    >
      <select className="select" aria-label="With whom" value={kind} onChange={({ target }) => setKind(target.value)}>
        <option value="person">A person</option>
        {choices.units.map((unit) => (
          <option key={unit} value={`unit:${unit}`}>
            {unit}
          </option>
        ))}
        {choices.everyone ? <option value="unit:*">Everyone</option> : null}
      </select>
      {kind === "person" ? (
        <input
          className="input grow"
          type="email"
          aria-label="E-mail address"
          placeholder="E-mail address"
          autoComplete="off"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      ) : (
        <span className="grow soft">
          {kind === "unit:*" ? "Everybody who can sign in." : `Everybody who may read in ${kind.slice(5)}.`}
        </span>
      )}
      {children}
      <Button tone="main" disabled={busy || to === ""} onClick={(event) => event.currentTarget.form?.requestSubmit()}>
        {submit}
      </Button>
    </form>
  );
}

/** What a name in a list of those who have access stands for, where it is no person. */
export function GranteeNote({ grantee }: { readonly grantee: Grantee }) {
  if (grantee.startsWith("email:")) return <span className="faint"> whoever signs in with this address</span>;
  if (!grantee.startsWith("unit:") || grantee === everyone) return null;
  return <span className="faint"> business unit</span>;
}
