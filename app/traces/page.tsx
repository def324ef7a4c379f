import type { Metadata } from "next";
import { Suspense } from "react";
import { TracesView } from "./view.tsx";

export const metadata: Metadata = { title: "Traces" };

/** The list of traces; its URL restores it. */
export default function Page() {
  return (
    <Suspense>
      <TracesView />
    </Suspense>
  );
}
