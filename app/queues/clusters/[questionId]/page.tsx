import type { Metadata } from "next";
import { ClusterQuestionView } from "./view.tsx";

export const metadata: Metadata = { title: "Cluster to judge" };

/** A cluster that experts are asked about. */
export default async function Page({ params }: { readonly params: Promise<{ readonly questionId: string }> }) {
  return <ClusterQuestionView questionId={(await params).questionId} />;
}
