"use client";
import { facetTitles, formatChoice } from "#lib/browser/facet-words.ts";
import { formatShortTime } from "#lib/browser/format.ts";
import { choicesOf, chooseFacet, toggleChoice } from "#lib/wire/facet-choice.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { FacetName } from "#lib/wire/traces.ts";

interface TraceChipsProps {
  readonly filter: TraceFilter;
  readonly onChange: (changed: Partial<TraceFilter>) => void;
  readonly onClear: () => void;
}

/** What the list is filtered by, each part to be taken away; nothing where all traces are shown. */
export function TraceChips({ filter, onChange, onClear }: TraceChipsProps) {
  const chips = (Object.keys(facetTitles) as FacetName[]).flatMap((name) => {
    const chosen = choicesOf(filter, name);
    return chosen.map((value) => ({
      key: `${name}=${value}`,
      label: name === "score" ? formatChoice(name, value) : `${facetTitles[name]}: ${formatChoice(name, value)}`,
      remove: chooseFacet(name, toggleChoice(chosen, value))
    }));
  });
  const { fromMs, toMs } = filter;
  const time =
    fromMs === null && toMs === null
      ? []
      : [
          {
            key: "time",
            label: `Began ${fromMs === null ? "" : `from ${formatShortTime(fromMs)} `}${toMs === null ? "" : `to ${formatShortTime(toMs)}`}`,
            remove: { fromMs: null, toMs: null }
          }
        ];
  const all = [...time, ...chips];
  if (all.length === 0) return null;
  return (
    <section className="row" aria-label="Chosen filters" style={{ flexWrap: "wrap", gap: 6, padding: "8px 16px 0" }}>
      {all.map(({ key, label, remove }) => (
        <button
          key={key}
          type="button"
          className="chip chip-button"
          aria-label={`Remove the filter ${label}`}
          onClick={() => onChange(remove)}
        >
          <span className="cut" style={{ maxWidth: 260 }}>
            {label}
          </span>
          <span aria-hidden="true">✕</span>
        </button>
      ))}
      <button type="button" className="button button-quiet button-small" onClick={onClear}>
        Clear filters
      </button>
    </section>
  );
}
