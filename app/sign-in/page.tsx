import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { parseReturnPath } from "#lib/wire/people.ts";
import { EntranceBox } from "../_parts/entrance-box.tsx";
import { findAsker } from "../asker.ts";
import { workbench } from "../workbench.ts";
import { SignInView } from "./view.tsx";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  readonly searchParams: Promise<{ readonly from?: string | string[]; readonly error?: string | string[] }>;
}

/** Where somebody signs in, and from where they come back to what they wanted to see. */
export default async function Page({ searchParams }: Props) {
  const { from, error } = await searchParams;
  const back = parseReturnPath(typeof from === "string" ? from : null);
  if (await findAsker()) redirect(back);
  return (
    <EntranceBox title="Sign in">
      <SignInView
        from={back}
        providerName={workbench().config.provider?.name ?? null}
        error={typeof error === "string" ? error : null}
      />
    </EntranceBox>
  );
}
