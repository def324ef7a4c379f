import type { Metadata } from "next";
import { Suspense } from "react";
import { findAsker, listRights } from "../asker.ts";
import { RunsView } from "./view.tsx";

export const metadata: Metadata = { title: "Runs" };

/** Executions of workbooks. */
export default async function Page() {
  const asker = await findAsker();
  const rights = asker ? await listRights(asker) : [];
  return (
    <Suspense>
      <RunsView seesWorkbooks={rights.includes("read")} />
    </Suspense>
  );
}
