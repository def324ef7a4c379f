import type { Metadata } from "next";
import { PeopleView } from "./view.tsx";

export const metadata: Metadata = { title: "People" };

/** Who may do what in which business unit. */
export default function Page() {
  return <PeopleView />;
}
