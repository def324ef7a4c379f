import type { Excerpt } from "#lib/wire/traces.ts";

/** Where the words of a search were found, the words marked. */
export function TraceExcerpt({ excerpt: { field, parts } }: { readonly excerpt: Excerpt }) {
  return (
    <span title={parts.map(({ text }) => text).join("")}>
      <span className="faint">{field}: </span>
      {parts.map(({ text, marked }, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
        marked ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>
      )}
    </span>
  );
}
