"use client";
import { useState } from "react";
import { noiseColour } from "#lib/browser/scatter-colour.ts";
import type { ColumnChoice } from "#lib/browser/scatter-rows.ts";
import { type ClusterList, ColumnLegend } from "./scatter-legend.tsx";
import type { useScatterLook } from "./use-scatter-look.ts";

interface ScatterSideProps {
  readonly look: ReturnType<typeof useScatterLook>;
  readonly choices: readonly ColumnChoice[];
  /** Whether two populations are compared, whose colours the points have. */
  readonly isCompared: boolean;
  /** What a search found, in words; null before one. */
  readonly found: string | null;
  /** Looks for words in the traces of the map; the empty text ends the search. Absent where nothing can be searched. */
  readonly onSearch: ((words: string) => void) | undefined;
  readonly children: React.ReactElement<React.ComponentProps<typeof ClusterList>>;
}

/** Facets of more values than this are searched rather than listed. */
const mostValues = 12;

/** Beside the map: what colours and sizes mean, what is searched for, what is hidden, and the clusters. */
export function ScatterSide({ look, choices, isCompared, found, onSearch, children }: ScatterSideProps) {
  const numbers = choices.filter(({ kind }) => kind === "number");
  return (
    <section className="scatter-side" aria-label="Legend and filters">
      {onSearch ? <SearchBox found={found} onSearch={onSearch} /> : null}
      {choices.length > 0 && !isCompared ? (
        <ColumnSelect
          label="Colour"
          none="cluster"
          choices={choices}
          value={look.colourBy}
          onChange={look.setColourBy}
        />
      ) : null}
      {numbers.length > 0 ? (
        <ColumnSelect label="Size" none="all alike" choices={numbers} value={look.sizeBy} onChange={look.setSizeBy} />
      ) : null}
      {look.reading ? (
        <p role="status" className="faint">
          Reading {look.reading} …
        </p>
      ) : null}
      {look.failure ? (
        <p role="alert" className="status-bad">
          {look.failure}
        </p>
      ) : null}
      <ColumnLegend shading={look.shading} none={look.none} shown={look.shown} />
      {choices
        .filter(({ name, kind, isFacet }) => isFacet || (kind === "category" && name === look.colourBy))
        .map((choice) => (
          <Facet key={choice.name} choice={choice} look={look} />
        ))}
      <h3 className="scatter-head">Clusters</h3>
      {children}
    </section>
  );
}

function SearchBox({ found, onSearch }: { readonly found: string | null; readonly onSearch: (words: string) => void }) {
  const [words, setWords] = useState("");
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(words.trim());
        }}
      >
        <input
          type="search"
          className="input input-small"
          style={{ width: "100%" }}
          aria-label="Highlight traces with these words"
          placeholder="highlight words, then Enter"
          value={words}
          onChange={({ target }) => {
            setWords(target.value);
            if (target.value === "") onSearch("");
          }}
        />
        {found ? (
          <p role="status" className="faint">
            {found}
          </p>
        ) : null}
      </form>
    </search>
  );
}

function Facet({ choice, look }: { readonly choice: ColumnChoice; readonly look: ReturnType<typeof useScatterLook> }) {
  const column = look.columns.get(choice.name);
  if (column?.kind !== "category" || column.words.length < 2) return null;
  const hidden = look.hidden.get(choice.name) ?? new Set<number>();
  const isColoured = look.colourBy === choice.name;
  const toggle = (code: number) => {
    const next = new Set(hidden);
    if (!next.delete(code)) next.add(code);
    look.setHidden(choice.name, next);
  };
  return (
    <fieldset className="scatter-facet">
      <legend className="scatter-head">
        {choice.label}
        {hidden.size > 0 ? (
          <button type="button" className="scatter-link" onClick={() => look.setHidden(choice.name, new Set())}>
            show all
          </button>
        ) : null}
      </legend>
      {column.words.slice(0, mostValues).map((word, code) => (
        <label key={word} className="menu-item">
          <input type="checkbox" checked={!hidden.has(code)} onChange={() => toggle(code)} />
          {isColoured ? (
            <span
              aria-hidden="true"
              className="scatter-dot"
              style={{
                background: look.shading.colours[Math.min(code, look.shading.colours.length - 1)] ?? noiseColour
              }}
            />
          ) : null}
          <span className="grow scatter-cut">{word || "(empty)"}</span>
          <span className="num faint">{(column.counts[code] ?? 0).toLocaleString("en-US")}</span>
        </label>
      ))}
      {column.words.length > mostValues ? (
        <p className="faint">
          and {(column.words.length - mostValues).toLocaleString("en-US")} rarer ones, always shown
        </p>
      ) : null}
    </fieldset>
  );
}

interface ColumnSelectProps {
  readonly label: string;
  /** What stands for no column. */
  readonly none: string;
  readonly choices: readonly ColumnChoice[];
  /** Name of a choice; "" for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
}

function ColumnSelect({ label, none, choices, value, onChange }: ColumnSelectProps) {
  return (
    <label className="scatter-field">
      <span>{label}</span>
      <select className="select input-small" value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">{none}</option>
        {choices.map((choice) => (
          <option key={choice.name} value={choice.name}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
