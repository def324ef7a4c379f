import type { Metadata } from "next";
import { KeysView } from "./view.tsx";

export const metadata: Metadata = { title: "Ingest keys" };

/** The keys that programs send traces with. */
export default function Page() {
  return <KeysView />;
}
