import type { SpanStatus } from "#lib/model/span.ts";
import { type NumberRange, parseRange } from "#lib/wire/number-range.ts";
import { parseScoreChoice, withErrors } from "#lib/wire/trace-filter.ts";
import type { FacetName } from "#lib/wire/traces.ts";
import { formatCost, formatDuration } from "./format.ts";
import { statusLooks } from "./outcome-words.ts";

/** What a person reads over the values of each facet, in the order they are shown. */
export const facetTitles: Readonly<Record<FacetName, string>> = {
  unit: "Business unit",
  status: "Status",
  agent: "Agent",
  score: "Scores",
  label: "Labels",
  duration: "Duration",
  cost: "Cost",
  model: "Model",
  tool: "Tool",
  kind: "Holds a span of kind",
  environment: "Environment"
};

/** A facet's value as a person reads it. */
export function formatChoice(name: FacetName, value: string): string {
  switch (name) {
    case "cost":
      return formatEnds(parseRange(value, name), formatCost);
    case "duration":
      return formatEnds(parseRange(value, name), (ms) => (ms % 60_000 === 0 ? `${ms / 60_000} min` : formatShort(ms)));
    case "score": {
      const { scorer, verdict } = parseScoreChoice(value);
      return `${scorer}: ${formatVerdict(verdict)}`;
    }
    case "status":
      return value === withErrors ? "with errors inside" : (statusLooks[value as SpanStatus]?.word ?? value);
    default:
      return value === "" ? "not said" : value;
  }
}

/** A verdict without its scorer: a quarter is a share of the best value. */
export function formatVerdict(verdict: string): string {
  return verdict.includes("-") ? `${verdict.replace("-", " – ")} %` : verdict;
}

function formatEnds({ low, high }: NumberRange, format: (value: number) => string): string {
  if (low === null && high === null) return "not said";
  if (low === null) return `below ${format(high ?? 0)}`;
  return high === null ? `${format(low)} and above` : `${format(low)} – ${format(high)}`;
}

function formatShort(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms % 1000 === 0 && ms < 60_000 ? `${ms / 1000} s` : formatDuration(ms);
}
