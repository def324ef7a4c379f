"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatProviderError } from "#lib/browser/sign-in-words.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { parseEmail } from "#lib/model/person.ts";
import type { ProviderReply } from "#lib/wire/people.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { Button } from "../_parts/button.tsx";
import { FieldForm } from "../_parts/field-form.tsx";

interface SignInViewProps {
  /** Path to come back to. */
  readonly from: string;
  readonly providerName: string | null;
  /** Why a provider's way ended here. */
  readonly error: string | null;
}

/** Password, and the provider's button where one is configured. */
export function SignInView({ from, providerName, error }: SignInViewProps) {
  const [fault, setFault] = useState<FaultReport | null>(null);
  const goToProvider = () =>
    ask<ProviderReply>(peoplePaths.provider(), "POST", { from }).then(
      ({ address }) => location.assign(address),
      (thrown: unknown) => setFault(reportOf(thrown))
    );
  const said = fault?.message ?? (error === null ? null : formatProviderError(error));
  return (
    <>
      {providerName === null ? null : (
        <>
          <Button onClick={() => void goToProvider()}>Continue with {providerName}</Button>
          {said === null ? null : (
            <p role="alert" className="status-bad">
              ✕ {said}
            </p>
          )}
          <div className="entrance-or">or</div>
        </>
      )}
      <FieldForm
        label="Sign in"
        submit="Sign in"
        fields={[
          { name: "email", label: "E-mail", type: "email", autoComplete: "username", check: parseEmail },
          { name: "password", label: "Password", type: "password", autoComplete: "current-password" }
        ]}
        onSubmit={async (values) => {
          await ask(peoplePaths.signIn(), "POST", { email: values.email, password: values.password ?? "" });
          // A whole load, because the frame of every page says who is signed in.
          location.assign(from);
        }}
      />
      <p className="faint form-hint">
        Lost your password? Who administers the workbench makes a link that sets a new one.
      </p>
    </>
  );
}
