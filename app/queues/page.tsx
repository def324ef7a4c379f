import type { Metadata } from "next";
import { QueuesView } from "./view.tsx";

export const metadata: Metadata = { title: "Queues" };

/** Traces that wait for people. */
export default function Page() {
  return <QueuesView />;
}
