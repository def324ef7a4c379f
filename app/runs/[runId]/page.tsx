import type { Metadata } from "next";
import { Suspense } from "react";
import { RunView } from "./view.tsx";

export const metadata: Metadata = { title: "Run" };

/** One run, and what it found beside an earlier one. */
export default async function Page({ params }: { readonly params: Promise<{ runId: string }> }) {
  const { runId } = await params;
  return (
    <Suspense>
      <RunView key={runId} runId={runId} />
    </Suspense>
  );
}
