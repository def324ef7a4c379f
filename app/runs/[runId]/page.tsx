import type { Metadata } from "next";
import { RunView } from "./view.tsx";

export const metadata: Metadata = { title: "Run" };

/** One run, and what it found beside an earlier one. */
export default async function Page({ params }: { readonly params: Promise<{ runId: string }> }) {
  const { runId } = await params;
  return <RunView key={runId} runId={runId} />;
}
