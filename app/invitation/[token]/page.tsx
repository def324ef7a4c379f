import type { Metadata } from "next";
import Link from "next/link";
import { formatMembership } from "#lib/browser/role-words.ts";
import { type FaultReport, isFault, reportOf } from "#lib/model/fault.ts";
import type { Invitation } from "#lib/model/person.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { EntranceBox } from "../../_parts/entrance-box.tsx";
import { NewAccount } from "../../_parts/new-account.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { findAsker } from "../../asker.ts";
import { workbench } from "../../workbench.ts";
import { JoinButton } from "./join-button.tsx";

export const metadata: Metadata = { title: "Invitation" };

interface Props {
  readonly params: Promise<{ readonly token: string }>;
}

/** What an invitation promises, and how it is taken: with a new account, or with the one that is there. */
export default async function Page({ params }: Props) {
  const { token } = await params;
  const found = await find(token);
  if (!("invitation" in found))
    return (
      <EntranceBox title="Invitation">
        <StateNotice notice={{ kind: "fault", fault: found.fault }} />
        <Link href="/sign-in">Sign in</Link>
      </EntranceBox>
    );
  const { email, memberships } = found.invitation;
  return (
    <EntranceBox title="You are invited">
      <p className="soft">
        <strong>{email}</strong> becomes {memberships.map((membership) => formatMembership(membership)).join(", ")}.
      </p>
      {found.way === "new" ? (
        <NewAccount
          label="Invitation"
          submit="Make my account"
          path={peoplePaths.accept()}
          sent={{ token }}
          email={email}
          asksName
        />
      ) : found.way === "join" ? (
        <JoinButton token={token} />
      ) : (
        <>
          <p>
            {found.way === "other" ? "You are signed in as somebody else. Sign out first." : "You have an account."}
          </p>
          <Link className="button button-main" href={`/sign-in?from=${encodeURIComponent(`/invitation/${token}`)}`}>
            Sign in to take it
          </Link>
        </>
      )}
    </EntranceBox>
  );
}

type Way = "new" | "join" | "sign-in" | "other";

async function find(token: string): Promise<{ invitation: Invitation; way: Way } | { fault: FaultReport }> {
  const { invitations, people } = workbench();
  try {
    const [invitation, asker] = await Promise.all([invitations.find(token), findAsker()]);
    const account = await people.findByEmail(invitation.email);
    const isSignedIn = asker !== null && asker.via.method !== "local";
    const own = isSignedIn ? (asker.userId === account?.userId ? "join" : "other") : null;
    return { invitation, way: own ?? (account ? "sign-in" : "new") };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { fault: reportOf(error) };
  }
}
