import type { Metadata } from "next";
import { ScorerView } from "./view.tsx";

export const metadata: Metadata = { title: "Scorer" };

/** One promoted scorer: its rules, its scores over time and its versions. */
export default async function Page({ params }: { readonly params: Promise<{ readonly scorerId: string }> }) {
  return <ScorerView scorerId={(await params).scorerId} />;
}
