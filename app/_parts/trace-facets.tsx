"use client";
import { useState } from "react";
import { facetTitles, formatChoice, formatVerdict } from "#lib/browser/facet-words.ts";
import { choicesOf, chooseFacet, toggleChoice } from "#lib/wire/facet-choice.ts";
import { paths } from "#lib/wire/paths.ts";
import { formatTraceFilter, parseScoreChoice, type TraceFilter } from "#lib/wire/trace-filter.ts";
import type { Facet, FacetName, FacetsReply } from "#lib/wire/traces.ts";
import { useAnswer } from "./trace-answer.tsx";

interface TraceFacetsProps {
  readonly facets: FacetsReply["facets"];
  readonly filter: TraceFilter;
  readonly onChange: (changed: Partial<TraceFilter>) => void;
}

/** Values shown before somebody asks for more. */
const fewChoices = 6;

/** Filters with how many traces each would show. */
export function TraceFacets({ facets, filter, onChange }: TraceFacetsProps) {
  return (
    <div className="stack">
      {(Object.keys(facetTitles) as FacetName[]).map((name) => {
        const facet = facets[name] ?? { choices: [], distinct: 0 };
        return facet.distinct === 0 && choicesOf(filter, name).length === 0 ? null : (
          <FacetChoices key={name} name={name} facet={facet} filter={filter} onChange={onChange} />
        );
      })}
    </div>
  );
}

interface FacetChoicesProps {
  readonly name: FacetName;
  readonly facet: Facet;
  readonly filter: TraceFilter;
  readonly onChange: (changed: Partial<TraceFilter>) => void;
}

function FacetChoices({ name, facet, filter, onChange }: FacetChoicesProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [words, setWords] = useState("");
  const isSearched = isOpen && words.trim() !== "" && facet.distinct > facet.choices.length;
  const query = formatTraceFilter({ ...filter, before: null });
  query.append("facet", name);
  query.append("words", words.trim());
  const found = useAnswer<FacetsReply>(isSearched ? `${paths.facets()}?${query}` : null);
  const chosen = choicesOf(filter, name);
  const known = (isSearched ? found.value?.facets[name] : facet)?.choices ?? [];
  const gone = chosen.filter((value) => !known.some(([one]) => one === value)).map((value) => [value, 0] as const);
  const asked = words.trim().toLowerCase();
  const all = [...known, ...gone].filter(([value]) => formatChoice(name, value).toLowerCase().includes(asked));
  const isLong = name !== "score" && all.length > fewChoices + 1;
  const shown = isOpen || !isLong ? all : all.filter(([value], at) => at < fewChoices || chosen.includes(value));
  const hidden = Math.max(facet.distinct, all.length) - shown.length;
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <legend style={{ fontWeight: 600, fontSize: 13, padding: 0 }}>{facetTitles[name]}</legend>
      {isOpen ? (
        <input
          className="input input-small"
          type="search"
          style={{ width: "100%", margin: "4px 0" }}
          aria-label={`Find in ${facetTitles[name]}`}
          placeholder="Find"
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      ) : null}
      <div style={{ maxHeight: 260, overflow: "auto" }}>
        {shown.map(([value, count], at) => (
          <div key={value}>
            {name === "score" && scorerOf(value) !== scorerOf(shown[at - 1]?.[0]) ? (
              <div className="soft cut" style={{ fontSize: 12, marginTop: 4 }} title={scorerOf(value)}>
                {scorerOf(value)}
              </div>
            ) : null}
            <label className="row" style={{ fontSize: 13, gap: 6, minHeight: 24, cursor: "pointer" }}>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={() => onChange(chooseFacet(name, toggleChoice(chosen, value)))}
              />
              <span className="grow cut" title={formatChoice(name, value)}>
                {name === "score" ? formatVerdict(parseScoreChoice(value).verdict) : formatChoice(name, value)}
              </span>
              <span className="num faint">{count.toLocaleString("en-US")}</span>
            </label>
          </div>
        ))}
        {shown.length === 0 ? (
          <p className="faint">{found.waiting && isSearched ? "Looking…" : "Nothing like that."}</p>
        ) : null}
      </div>
      {isLong || isOpen ? (
        <button
          type="button"
          className="button button-quiet button-small"
          style={{ padding: 0 }}
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
            setWords("");
          }}
        >
          {isOpen ? "Fewer" : `${hidden.toLocaleString("en-US")} more`}
        </button>
      ) : null}
    </fieldset>
  );
}

function scorerOf(value: string | undefined): string {
  return value === undefined ? "" : parseScoreChoice(value).scorer;
}
