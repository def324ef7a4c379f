import type { Metadata } from "next";
import { KeptMapView } from "./view.tsx";

export const metadata: Metadata = { title: "Map" };

/** A map that is kept. */
export default async function Page({ params }: { readonly params: Promise<{ mapId: string }> }) {
  const { mapId } = await params;
  return <KeptMapView key={mapId} mapId={mapId} />;
}
