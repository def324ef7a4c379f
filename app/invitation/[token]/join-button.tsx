"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { Button } from "../../_parts/button.tsx";

/** Takes what an invitation promises with the account that is signed in. */
export function JoinButton({ token }: { readonly token: string }) {
  const [fault, setFault] = useState<FaultReport | null>(null);
  const join = () =>
    ask(peoplePaths.accept(), "PUT", { token }).then(
      () => location.assign("/"),
      (error: unknown) => setFault(reportOf(error))
    );
  return (
    <>
      <Button tone="main" onClick={() => void join()}>
        Take it
      </Button>
      {fault ? (
        <p role="alert" className="status-bad">
          ✕ {fault.message}
        </p>
      ) : null}
    </>
  );
}
