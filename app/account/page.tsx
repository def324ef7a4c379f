import type { Metadata } from "next";
import { AccountView } from "./view.tsx";

export const metadata: Metadata = { title: "Account" };

/** What is one's own: where one is signed in, keys, password. */
export default function Page() {
  return <AccountView />;
}
