import type { Metadata } from "next";
import { Suspense } from "react";
import { TraceView } from "./view.tsx";

export const metadata: Metadata = { title: "Trace" };

/** One trace. */
export default async function Page({ params }: { readonly params: Promise<{ traceId: string }> }) {
  const { traceId } = await params;
  return (
    <Suspense>
      <TraceView key={traceId} traceId={traceId} />
    </Suspense>
  );
}
