import type { Metadata } from "next";
import { Suspense } from "react";
import { ThreadView } from "./view.tsx";

export const metadata: Metadata = { title: "Session" };

/** One conversation, trace after trace. */
export default async function Page({ params }: { readonly params: Promise<{ readonly sessionId: string }> }) {
  // Next gives a page the step of the address as it is written there.
  const sessionId = decodeURIComponent((await params).sessionId);
  return (
    <Suspense>
      <ThreadView sessionId={sessionId} />
    </Suspense>
  );
}
