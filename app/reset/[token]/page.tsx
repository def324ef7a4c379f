import type { Metadata } from "next";
import Link from "next/link";
import { isFault, reportOf } from "#lib/model/fault.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { EntranceBox } from "../../_parts/entrance-box.tsx";
import { NewAccount } from "../../_parts/new-account.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { workbench } from "../../workbench.ts";

export const metadata: Metadata = { title: "New password" };

interface Props {
  readonly params: Promise<{ readonly token: string }>;
}

/** Sets a password with a link of an administrator. */
export default async function Page({ params }: Props) {
  const { token } = await params;
  const found = await find(token);
  if (!("email" in found))
    return (
      <EntranceBox title="New password">
        <StateNotice notice={{ kind: "fault", fault: found }} />
        <Link href="/sign-in">Sign in</Link>
      </EntranceBox>
    );
  return (
    <EntranceBox title="New password">
      <p className="soft">
        For <strong>{found.email}</strong>. Every browser that is signed in there is signed out.
      </p>
      <NewAccount
        label="New password"
        submit="Set it and sign in"
        path={peoplePaths.reset()}
        sent={{ token }}
        email={found.email}
        asksName={false}
      />
    </EntranceBox>
  );
}

async function find(token: string) {
  try {
    return await workbench().resetLinks.find(token);
  } catch (error) {
    if (!isFault(error)) throw error;
    return reportOf(error);
  }
}
