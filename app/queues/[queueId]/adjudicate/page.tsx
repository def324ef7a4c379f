import type { Metadata } from "next";
import { AdjudicateView } from "./view.tsx";

export const metadata: Metadata = { title: "Adjudicate" };

/** What reviewers of a queue disagree on, one trace at a time. */
export default async function Page({ params }: { readonly params: Promise<{ readonly queueId: string }> }) {
  return <AdjudicateView queueId={(await params).queueId} />;
}
