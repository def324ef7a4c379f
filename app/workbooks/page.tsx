import type { Metadata } from "next";
import { WorkbooksView } from "./view.tsx";

export const metadata: Metadata = { title: "Workbooks" };

/** All workbooks. */
export default function Page() {
  return <WorkbooksView />;
}
