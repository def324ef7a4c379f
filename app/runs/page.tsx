import type { Metadata } from "next";
import { Suspense } from "react";
import { RunsView } from "./view.tsx";

export const metadata: Metadata = { title: "Runs" };

/** Executions of workbooks. */
export default function Page() {
  return (
    <Suspense>
      <RunsView />
    </Suspense>
  );
}
