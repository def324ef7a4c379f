import type { Metadata } from "next";
import { WorkbookView } from "./view.tsx";

export const metadata: Metadata = { title: "Workbook" };

/** One workbook. */
export default async function Page({ params }: { readonly params: Promise<{ readonly slug: string }> }) {
  return <WorkbookView slug={decodeURIComponent((await params).slug)} />;
}
