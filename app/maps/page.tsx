import type { Metadata } from "next";
import { Suspense } from "react";
import { MapsView } from "./view.tsx";

export const metadata: Metadata = { title: "Maps" };

/** The maps that workbooks make, one of them large. */
export default function Page() {
  return (
    <Suspense>
      <MapsView />
    </Suspense>
  );
}
