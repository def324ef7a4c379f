import type { SqlValue } from "#lib/model/table.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";

/** A condition in SQL and the values it binds. */
export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** A facet of the list whose own choice its counts leave out. */
export type FacetName = "unit" | "agent" | "model" | "status" | "tool" | "scorer" | "label";

/**
 * The condition of a filter over `trace_list t`; every value is bound, none is written into the text.
 *
 * @param without  a facet whose own choice is left out, so that its other values stay countable
 */
export function buildCondition(filter: TraceFilter, without?: FacetName): Condition {
  const parts: string[] = [];
  const values: Record<string, SqlValue> = {};
  const names = (facet: string, chosen: readonly string[]) =>
    chosen
      .map((value, at) => {
        values[`${facet}${at}`] = value;
        return `$${facet}${at}`;
      })
      .join(", ");
  const oneOf = (facet: FacetName, column: string, chosen: readonly string[]) => {
    if (chosen.length > 0 && facet !== without) parts.push(`${column} in (${names(facet, chosen)})`);
  };
  const anyOf = (facet: FacetName, column: string, chosen: readonly string[]) => {
    if (chosen.length > 0 && facet !== without) parts.push(`list_has_any(${column}, [${names(facet, chosen)}])`);
  };
  oneOf("unit", "t.business_unit", filter.units);
  oneOf("agent", "coalesce(t.agent, '')", filter.agents);
  oneOf("status", "t.status", filter.statuses);
  anyOf("model", "t.models", filter.models);
  anyOf("tool", "t.tool_names", filter.tools);
  if (filter.fromMs !== null) {
    values["fromMs"] = filter.fromMs;
    parts.push("t.started_at >= make_timestamp_ms($fromMs)");
  }
  if (filter.toMs !== null) {
    values["toMs"] = filter.toMs;
    parts.push("t.started_at < make_timestamp_ms($toMs)");
  }
  if (filter.score && without !== "scorer") {
    values["scorer"] = filter.score.scorer;
    const own = "select s.business_unit, s.trace_id from scores s where s.scorer = $scorer";
    if (filter.score.verdict === "unscored") {
      parts.push(`(t.business_unit, t.trace_id) not in (${own} and s.status = 'ok')`);
    } else {
      parts.push(
        `(t.business_unit, t.trace_id) in (${own} and ${filter.score.verdict === "pass" ? "s.pass" : "not s.pass"})`
      );
    }
  }
  if (filter.label && without !== "label") {
    values["label"] = filter.label;
    parts.push(
      "(t.business_unit, t.trace_id) in (select a.business_unit, a.trace_id from label_list a where a.label = $label)"
    );
  }
  if (filter.text.trim() !== "") {
    values["text"] = filter.text.trim().toLowerCase();
    parts.push(
      "(t.business_unit, t.trace_id) in (select x.business_unit, x.trace_id from traces x where contains(lower(coalesce(x.input, '')), $text) or contains(lower(coalesce(x.output, '')), $text) or x.trace_id = $text)"
    );
  }
  return { sql: parts.length === 0 ? "true" : parts.join(" and "), values };
}
