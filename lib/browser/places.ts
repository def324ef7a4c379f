/** Somewhere the palette can go. */
export interface Place {
  readonly label: string;
  readonly about: string;
  readonly href: string;
}

const pages: readonly Place[] = [
  { label: "Home", about: "Page", href: "/" },
  { label: "Workbooks", about: "Page", href: "/workbooks" },
  { label: "Traces", about: "Page", href: "/traces" },
  { label: "Sessions", about: "Page", href: "/sessions" },
  { label: "Maps", about: "Page", href: "/maps" },
  { label: "Runs", about: "Page", href: "/runs" },
  { label: "Import", about: "Page", href: "/import" },
  { label: "Ingest keys", about: "Page", href: "/keys" }
];

/** Pages and workbooks whose label holds every word, in any order and case; a trace id of 32 hex digits opens itself. */
export function findPlaces(words: string, workbooks: readonly Place[]): readonly Place[] {
  const asked = words.trim().toLowerCase();
  const trace = asked.replaceAll("-", "");
  if (/^[0-9a-f]{32}$/.test(trace)) return [{ label: `Trace ${trace}`, about: "Trace", href: `/traces/${trace}` }];
  const parts = asked.split(/\s+/).filter((part) => part !== "");
  return [...pages, ...workbooks].filter(({ label }) => parts.every((part) => label.toLowerCase().includes(part)));
}
