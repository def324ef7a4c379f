import type { Metadata } from "next";
import { ScorersView } from "./view.tsx";

export const metadata: Metadata = { title: "Scorers" };

/** The scorers that left their workbooks, and how they do on traffic. */
export default function Page() {
  return <ScorersView />;
}
