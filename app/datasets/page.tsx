import type { Metadata } from "next";
import { DatasetsView } from "./view.tsx";

export const metadata: Metadata = { title: "Sets" };

/** Fixed sets of examples. */
export default function Page() {
  return <DatasetsView />;
}
