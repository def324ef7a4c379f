import { parseTraceId } from "../model/trace-id.ts";

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
  { label: "Scorers", about: "Page", href: "/scorers" },
  { label: "Maps", about: "Page", href: "/maps" },
  { label: "Queues", about: "Page", href: "/queues" },
  { label: "Sets", about: "Page", href: "/datasets" },
  { label: "Runs", about: "Page", href: "/runs" },
  { label: "Import", about: "Page", href: "/import" },
  { label: "Ingest keys", about: "Page", href: "/keys" },
  { label: "Account", about: "Page", href: "/account" },
  { label: "People", about: "Page", href: "/people" },
  { label: "Audit trail", about: "Page", href: "/audit" }
];

/**
 * Pages and workbooks whose label holds every word, in any order and case. A trace id of 32 hex digits or a
 * UUID opens its trace; a decimal number, which can also be a word, may lead to one.
 */
export function findPlaces(words: string, workbooks: readonly Place[]): readonly Place[] {
  const asked = words.trim().toLowerCase();
  const id = parseTraceId(asked);
  const isNumber = /^\d+$/.test(asked);
  const [whole] = id?.whole ?? [];
  if (whole !== undefined && !isNumber) {
    return [{ label: `Trace ${whole}`, about: "Trace", href: `/traces/${whole}` }];
  }
  const parts = asked.split(/\s+/).filter((part) => part !== "");
  const named = [...pages, ...workbooks].filter(({ label }) =>
    parts.every((part) => label.toLowerCase().includes(part))
  );
  return id ? [...named, { label: `Trace ${asked}`, about: "Trace", href: `/t/${asked}` }] : named;
}
