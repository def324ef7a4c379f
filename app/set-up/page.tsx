import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import { EntranceBox } from "../_parts/entrance-box.tsx";
import { NewAccount } from "../_parts/new-account.tsx";
import { workbench } from "../workbench.ts";

export const metadata: Metadata = { title: "First account" };

/** Makes the first account: from then on everybody signs in. */
export default async function Page() {
  if (await workbench().people.hasAny()) redirect("/sign-in");
  return (
    <EntranceBox title="The first account">
      <p className="soft">
        It administers everything and takes over what was made here without one. From then on everybody signs in.
      </p>
      <NewAccount
        label="First account"
        submit="Make the account"
        path={peoplePaths.setUp()}
        sent={{}}
        email={null}
        asksName
      />
    </EntranceBox>
  );
}
