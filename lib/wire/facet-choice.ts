import { formatRange, parseRange } from "./number-range.ts";
import { formatScoreChoice, parseScoreChoice, type TraceFilter } from "./trace-filter.ts";
import type { FacetName } from "./traces.ts";

const fields = {
  unit: "units",
  agent: "agents",
  model: "models",
  kind: "kinds",
  status: "statuses",
  tool: "tools",
  environment: "environments",
  label: "labels"
} as const;

/** What a filter asks of one facet, each value as an address writes it. */
export function choicesOf(filter: TraceFilter, name: FacetName): readonly string[] {
  switch (name) {
    case "cost":
      return filter.costs.map(formatRange);
    case "duration":
      return filter.durations.map(formatRange);
    case "score":
      return filter.scores.map(formatScoreChoice);
    default:
      return filter[fields[name]];
  }
}

/** The part of a filter that asks just these values of a facet. @throws Fault `invalid` for a value no address may hold */
export function chooseFacet(name: FacetName, values: readonly string[]): Partial<TraceFilter> {
  switch (name) {
    case "cost":
      return { costs: values.map((value) => parseRange(value, name)) };
    case "duration":
      return { durations: values.map((value) => parseRange(value, name)) };
    case "score":
      return { scores: values.map(parseScoreChoice) };
    default:
      return { [fields[name]]: values };
  }
}

/** The choices with one of them added, or left out where it is there. */
export function toggleChoice(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}
