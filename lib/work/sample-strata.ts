import { Fault } from "#lib/model/fault.ts";
import type { Opponent, SampleRule } from "#lib/model/queue.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { SqlValues } from "#lib/ports/kernel.ts";
import { quoteText } from "#lib/sql/quote.ts";
import type { OpenSelection } from "./selection.ts";

const scoreQuarters = `case when s.value is null then 'unscored' when s.value < 0.25 then 'score below 0.25'
  when s.value < 0.5 then 'score 0.25 to 0.5' when s.value < 0.75 then 'score 0.5 to 0.75' else 'score from 0.75' end`;

/** SELECT of trace_id, business_unit and the key of the stratum of each selected trace. */
export function keyedSql(open: OpenSelection, by: SampleRule["by"]): string {
  const select = (key: string) => `select t.trace_id, t.business_unit, ${key} as key from (${open.traces}) t`;
  switch (by.kind) {
    case "unit":
      return select("''");
    case "cluster":
      return select("t.cluster");
    case "agent":
      return select("coalesce(nullif(t.agent, ''), 'no agent')");
    case "score":
      return `${select(scoreQuarters)} left join (
        select trace_id, business_unit, arg_max(value, scored_at) as value from scores
        where scorer = $scorer and span_id is null and status = 'ok' group by trace_id, business_unit
      ) s on s.trace_id = t.trace_id and s.business_unit = t.business_unit`;
    case "disagreement":
      return `${select("case when a.pass is null or b.pass is null then 'one' when a.pass = b.pass then 'same' when a.pass then 'first' else 'second' end")}
        left join (${verdictsSql("$scorer")}) a on a.trace_id = t.trace_id and a.business_unit = t.business_unit
        left join (${opponentSql(by.other)}) b on b.trace_id = t.trace_id and b.business_unit = t.business_unit`;
    default:
      throw new Fault("invalid", "strata are told apart by nothing known", { detail: by satisfies never });
  }
}

/** What people call the stratum of a row of `keyedSql`. */
export function nameStratum(open: OpenSelection, by: SampleRule["by"], row: Readonly<Record<string, unknown>>): string {
  const { key } = row;
  if (by.kind === "unit") return "all";
  if (by.kind === "disagreement") return nameDisagreement(by, String(key));
  if (by.kind !== "cluster") return String(key);
  return open.clusterName(String(row["business_unit"]) satisfies BusinessUnit, key === null ? null : Number(key));
}

/** What the parameters of `keyedSql` stand for. */
export function strataValues(by: SampleRule["by"]): SqlValues {
  if (by.kind === "score") return { scorer: by.scorer };
  if (by.kind !== "disagreement") return {};
  return { scorer: by.scorer, ...(by.other.kind === "scorer" ? { other: by.other.scorer } : {}) };
}

const verdictsSql = (scorer: string) => `
  select trace_id, business_unit, arg_max(coalesce(pass, value >= 0.5), scored_at) as pass from scores
  where scorer = ${scorer} and span_id is null and status = 'ok' group by trace_id, business_unit`;

/** Of people, one vote each, the newest; a draw is no verdict. */
function opponentSql(other: Opponent): string {
  if (other.kind === "scorer") return verdictsSql("$other");
  const list = (labels: readonly string[]) => labels.map(quoteText).join(", ");
  return `select trace_id, business_unit,
      case when count(*) filter (fine) > count(*) filter (not fine) then true when count(*) filter (fine) < count(*) filter (not fine) then false end as pass
    from (
      select trace_id, business_unit, label in (${list(other.fine)}) as fine from annotations
      where span_id is null and label in (${list([...other.wrong, ...other.fine])})
      qualify row_number() over (partition by trace_id, business_unit, user_id order by created_at desc, annotation_id desc) = 1
    ) group by trace_id, business_unit`;
}

function nameDisagreement({ scorer, other }: Extract<SampleRule["by"], { kind: "disagreement" }>, key: string): string {
  const [who, passes, fails] =
    other.kind === "scorer" ? [other.scorer, "passes", "fails"] : ["people", "pass it", "fail it"];
  const names: Readonly<Record<string, string>> = {
    first: `${scorer} passes, ${who} ${fails}`,
    second: `${scorer} fails, ${who} ${passes}`,
    same: "both say the same"
  };
  return names[key] ?? "without a verdict of one";
}
