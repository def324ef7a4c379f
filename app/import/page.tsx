import type { Metadata } from "next";
import { importFormats } from "#lib/formats/record-formats.ts";
import { ImportView } from "./view.tsx";

export const metadata: Metadata = { title: "Import" };

/** Brings files of traces into the lake. */
export default function Page() {
  return <ImportView formats={importFormats} />;
}
