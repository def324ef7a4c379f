/** A message as the lake keeps it; what a part says otherwise than in words is left out. */
const messageType = '[{"role":"VARCHAR","parts":[{"content":"JSON"}]}]';

/**
 * SELECT of (trace_id, text) for what a map cell calls by name: `input`, `output`, `conversation`, `first_turn`,
 * `failure` or `tools`; undefined for anything else.
 *
 * @param ids  SELECT of `trace_id`
 */
export function lakeTextSql(kind: string, ids: string): string | undefined {
  switch (kind) {
    case "input":
    case "output":
      return columnSql(kind, ids);
    case "conversation":
      return conversationSql(ids);
    case "first_turn":
      return firstTurnSql(ids);
    case "failure":
      return failureSql(ids);
    case "tools":
      return `select trace_id, string_agg(tool_name, ' ' order by start_ts, span_id) as text
        from spans where tool_name is not null and trace_id in (${ids}) group by trace_id`;
    default:
      return undefined;
  }
}

/** SELECT of (trace_id, text): what a trace was asked, or answered. @param ids  SELECT of `trace_id` */
export function columnSql(column: "input" | "output", ids: string): string {
  return `select trace_id, ${column} as text from traces where trace_id in (${ids})`;
}

/**
 * SELECT of (trace_id, text): what the user says first in a trace. Traces without a message of a user have no row.
 *
 * @param ids  SELECT of `trace_id`
 */
export function firstTurnSql(ids: string): string {
  return `select trace_id, arg_min(text, place) as text
    from (${saidSql(ids, ["input"], "kind in ('agent', 'workflow', 'llm', 'chain')")}) where role = 'user' group by trace_id`;
}

/**
 * SELECT of (trace_id, text): what user and agent say to each other, each message once and in order, as the model steps
 * of a trace were sent it and answered; without instructions and without what tools gave.
 *
 * @param ids  SELECT of `trace_id`
 */
export function conversationSql(ids: string): string {
  return `select trace_id, string_agg(text, chr(10) order by place) as text from (
      select trace_id, text, min(place) as place
      from (${saidSql(ids, ["input", "output"], "kind = 'llm'")}) where role in ('user', 'assistant') group by trace_id, role, text
    ) group by trace_id`;
}

/**
 * SELECT of (trace_id, text): why a trace failed: what its failed steps say of it, and the reasons of scores that it did
 * not pass, each once. Traces that did not fail have no row.
 *
 * @param ids  SELECT of `trace_id`
 */
export function failureSql(ids: string): string {
  return `select trace_id, string_agg(text, chr(10) order by place, text) as text from (
      select trace_id, text, min(place) as place from (
        select trace_id, coalesce(nullif(trim(status_message), ''), error_type) as text, row_number() over (order by start_ts, span_id) as place
        from spans where status = 'error' and trace_id in (${ids})
        union all
        select trace_id, reason as text, 9e15::bigint as place from scores where pass = false and trace_id in (${ids})
      ) where trim(text) <> '' group by trace_id, text
    ) group by trace_id`;
}

/**
 * SELECT of (trace_id, role, text, place): the messages of some steps. An input or output that is no list of messages
 * is one message in plain text: of the user, or of the agent.
 */
function saidSql(ids: string, sides: readonly ("input" | "output")[], steps: string): string {
  const parts = sides.map((side, at) => {
    const role = side === "input" ? "user" : "assistant";
    return `select trace_id, start_ts, span_id, ${at} as side,
      case when json_valid(${side}) and json_type(${side}) = 'ARRAY' then from_json(${side}, '${messageType}') end as messages,
      '${role}' as plain_role, ${side}_text as plain
      from spans where ${steps} and trace_id in (${ids})`;
  });
  const texts = `list_filter(list_transform(message.parts, lambda p: case when json_type(p.content) = 'VARCHAR' then p.content ->> '$' end),
        lambda t: trim(t) <> '')`;
  const place = "{'at': start_ts, 'span': span_id, 'side': side, 'message': number}";
  return `select trace_id, role, text, ${place} as place from (
      select trace_id, start_ts, span_id, side, number, message.role as role, array_to_string(${texts}, chr(10)) as text from (
        select trace_id, start_ts, span_id, side, unnest(messages) as message, generate_subscripts(messages, 1) as number
        from (${parts.join(" union all ")}) where messages is not null
      )
      union all
      select trace_id, start_ts, span_id, side, 0 as number, plain_role as role, plain as text
      from (${parts.join(" union all ")}) where messages is null
    ) where trim(text) <> ''`;
}
