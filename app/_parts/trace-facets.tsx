"use client";
import type { TraceFilter, Verdict } from "#lib/wire/trace-filter.ts";
import type { TracesReply } from "#lib/wire/traces.ts";

interface TraceFacetsProps {
  readonly facets: TracesReply["facets"];
  readonly filter: TraceFilter;
  readonly onChange: (changed: Partial<TraceFilter>) => void;
}

const lists = [
  ["unit", "Business unit", "units"],
  ["agent", "Agent", "agents"],
  ["status", "Status", "statuses"],
  ["model", "Model", "models"],
  ["tool", "Tool", "tools"]
] as const;
const verdicts: readonly Verdict[] = ["fail", "pass", "unscored"];

/** Filters with how many traces each would show. */
export function TraceFacets({ facets, filter, onChange }: TraceFacetsProps) {
  return (
    <div className="stack">
      {lists.map(([facet, title, field]) => {
        const chosen: readonly string[] = filter[field];
        const known = facets[facet];
        const gone = chosen
          .filter((value) => !known.some(([name]) => name === value))
          .map((value) => [value, 0] as const);
        const values = [...known, ...gone];
        if (values.length === 0) return null;
        return (
          <fieldset key={facet} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
            <legend style={{ fontWeight: 600, fontSize: 13, padding: 0 }}>{title}</legend>
            <div style={{ maxHeight: 220, overflow: "auto" }}>
              {values.map(([value, count]) => (
                <label key={value} className="row" style={{ fontSize: 13, gap: 6, minHeight: 24, cursor: "pointer" }}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(value)}
                    onChange={() =>
                      onChange({
                        [field]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
                      })
                    }
                  />
                  <span
                    className="grow"
                    title={value}
                    style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}
                  >
                    {value === "" ? "not said" : value}
                  </span>
                  <span className="num faint">{count.toLocaleString("en-US")}</span>
                </label>
              ))}
            </div>
          </fieldset>
        );
      })}
      {facets.scorer.length > 0 || filter.score ? (
        <label style={{ fontSize: 13 }}>
          <strong>Score</strong>
          <select
            className="select input-small"
            style={{ width: "100%", marginTop: 4 }}
            value={filter.score ? `${filter.score.verdict}:${filter.score.scorer}` : ""}
            onChange={({ target: { value } }) => {
              const at = value.indexOf(":");
              onChange({
                score: value === "" ? null : { verdict: value.slice(0, at) as Verdict, scorer: value.slice(at + 1) }
              });
            }}
          >
            <option value="">any</option>
            {facets.scorer.flatMap(([scorer]) =>
              verdicts.map((verdict) => (
                <option key={`${verdict}:${scorer}`} value={`${verdict}:${scorer}`}>
                  {scorer}: {verdict}
                </option>
              ))
            )}
          </select>
        </label>
      ) : null}
      {facets.label.length > 0 || filter.label ? (
        <label style={{ fontSize: 13 }}>
          <strong>Label</strong>
          <select
            className="select input-small"
            style={{ width: "100%", marginTop: 4 }}
            value={filter.label ?? ""}
            onChange={({ target: { value } }) => onChange({ label: value || null })}
          >
            <option value="">any</option>
            {facets.label.map(([label, count]) => (
              <option key={label} value={label}>
                {label} ({count})
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </div>
  );
}
