import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditView } from "./view.tsx";

export const metadata: Metadata = { title: "Audit trail" };

/** Who saw, changed and took out what. */
export default function Page() {
  return (
    <Suspense>
      <AuditView />
    </Suspense>
  );
}
