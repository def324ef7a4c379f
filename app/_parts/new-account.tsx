"use client";
import { ask } from "#lib/browser/api.ts";
import { checkPassword, parseEmail, parseShortName } from "#lib/model/person.ts";
import { FieldForm, type FormField } from "./field-form.tsx";

interface NewAccountProps {
  readonly label: string;
  readonly submit: string;
  /** Where what was typed is sent to. */
  readonly path: string;
  /** What is sent beside it. */
  readonly sent: Readonly<Record<string, string>>;
  /** Null lets it be typed. */
  readonly email: string | null;
  readonly asksName: boolean;
}

/** Makes an account, or sets its password, and goes in. */
export function NewAccount({ label, submit, path, sent, email, asksName }: NewAccountProps) {
  const fields: readonly FormField[] = [
    ...(asksName
      ? [
          {
            ...{ name: "name", label: "Your name", autoComplete: "name" },
            check: (value: string) => parseShortName(value, "your name")
          }
        ]
      : []),
    ...(email === null
      ? [{ name: "email", label: "E-mail", type: "email" as const, autoComplete: "username", check: parseEmail }]
      : []),
    {
      ...{ name: "password", label: "Password", type: "password", autoComplete: "new-password" },
      hint: "10 characters or more; a few words are easy to keep.",
      check: (value, values) => checkPassword(value, email ?? values.email ?? "")
    }
  ];
  return (
    <FieldForm
      label={label}
      submit={submit}
      fields={fields}
      placeOf={({ code }) => (code === "conflict" && email === null ? "email" : undefined)}
      onSubmit={async (values) => {
        await ask(path, "POST", { ...sent, ...values });
        location.assign("/");
      }}
    />
  );
}
