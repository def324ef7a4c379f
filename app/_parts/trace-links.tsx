"use client";
import { formatTraceLink, type LinkPlace, type TraceLink } from "#lib/wire/trace-links.ts";

/** Ways to the same place in other tools; nothing where none is configured. */
export function TraceLinks({ links, place }: { readonly links: readonly TraceLink[]; readonly place: LinkPlace }) {
  if (links.length === 0) return null;
  return (
    <span className="row" style={{ fontSize: 13, flexWrap: "wrap" }}>
      <span className="faint">Open in</span>
      {links.map((link) => (
        <a key={link.name} href={formatTraceLink(link, place)} target="_blank" rel="noreferrer noopener">
          {link.name} ↗
        </a>
      ))}
    </span>
  );
}
