import type { Metadata } from "next";
import { headers } from "next/headers";
import { Suspense } from "react";
import { preload } from "react-dom";
import { paths } from "#lib/wire/paths.ts";
import { listRevealed } from "../../reveals.ts";
import { workbench } from "../../workbench.ts";
import { TraceView } from "./view.tsx";

export const metadata: Metadata = { title: "Trace" };

/** One trace. */
export default async function Page({ params }: { readonly params: Promise<{ traceId: string }> }) {
  const { traceId } = await params;
  // The server looks for the trace while the browser still reads the page's scripts.
  preload(paths.trace(traceId), { as: "fetch", crossOrigin: "anonymous" });
  const reveals = await listRevealed(await headers());
  return (
    <Suspense>
      <TraceView key={traceId} traceId={traceId} reveals={reveals} links={workbench().config.traceLinks} />
    </Suspense>
  );
}
