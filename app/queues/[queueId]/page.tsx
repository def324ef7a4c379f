import type { Metadata } from "next";
import { QueueView } from "./view.tsx";

export const metadata: Metadata = { title: "Queue" };

/** One queue: its items, where each stands, and the labels that people may choose. */
export default async function Page({ params }: { readonly params: Promise<{ readonly queueId: string }> }) {
  return <QueueView queueId={(await params).queueId} />;
}
