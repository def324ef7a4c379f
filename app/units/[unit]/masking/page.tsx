import type { Metadata } from "next";
import { MaskingView } from "./view.tsx";

export const metadata: Metadata = { title: "Masking" };

/** What one business unit hides. */
export default async function Page({ params }: { readonly params: Promise<{ unit: string }> }) {
  const { unit } = await params;
  return <MaskingView key={unit} unit={decodeURIComponent(unit)} />;
}
