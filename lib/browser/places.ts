import type { Right } from "../model/rights.ts";
import { parseTraceId } from "../model/trace-id.ts";

/** Somewhere the palette can go. */
export interface Place {
  readonly label: string;
  readonly about: string;
  readonly href: string;
}

interface Page extends Place {
  /** What its reader has to hold somewhere; null where everybody may go. */
  readonly need: Right | null;
}

const page = (label: string, href: string, need: Right | null): Page => ({ label, about: "Page", href, need });

const pages: readonly Page[] = [
  page("Home", "/", "read"),
  page("Workbooks", "/workbooks", "read"),
  page("Traces", "/traces", "read"),
  page("Sessions", "/sessions", "read"),
  page("Scorers", "/scorers", "read"),
  page("Maps", "/maps", "read"),
  page("Queues", "/queues", "annotate"),
  page("Sets", "/datasets", "read"),
  page("Runs", "/runs", "report"),
  page("Import", "/import", "administer"),
  page("Ingest keys", "/keys", "administer"),
  page("Account", "/account", null),
  page("People", "/people", "administer"),
  page("Audit trail", "/audit", "audit")
];

/** The pages that have something for who holds these rights in some unit. */
export function pagesFor(rights: readonly Right[]): readonly Place[] {
  return pages.filter(({ need }) => need === null || rights.includes(need));
}

/**
 * Places whose label holds every word, in any order and case. A trace id of 32 hex digits or a
 * UUID opens its trace; a decimal number, which can also be a word, may lead to one.
 */
export function findPlaces(words: string, places: readonly Place[]): readonly Place[] {
  const asked = words.trim().toLowerCase();
  const id = parseTraceId(asked);
  const isNumber = /^\d+$/.test(asked);
  const [whole] = id?.whole ?? [];
  if (whole !== undefined && !isNumber) {
    return [{ label: `Trace ${whole}`, about: "Trace", href: `/traces/${whole}` }];
  }
  const parts = asked.split(/\s+/).filter((part) => part !== "");
  const named = places.filter(({ label }) => parts.every((part) => label.toLowerCase().includes(part)));
  return id ? [...named, { label: `Trace ${asked}`, about: "Trace", href: `/t/${asked}` }] : named;
}
