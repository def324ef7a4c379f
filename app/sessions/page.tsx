import type { Metadata } from "next";
import { Suspense } from "react";
import { SessionsView } from "./view.tsx";

export const metadata: Metadata = { title: "Sessions" };

/** Conversations of several traces. */
export default function Page() {
  return (
    <Suspense>
      <SessionsView />
    </Suspense>
  );
}
