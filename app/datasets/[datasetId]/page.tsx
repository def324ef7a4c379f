import type { Metadata } from "next";
import { DatasetView } from "./view.tsx";

export const metadata: Metadata = { title: "Dataset" };

/** One dataset: its versions and their examples. */
export default async function Page({ params }: { readonly params: Promise<{ readonly datasetId: string }> }) {
  return <DatasetView datasetId={(await params).datasetId} />;
}
