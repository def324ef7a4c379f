import { completeSpan } from "../formats/complete-span.ts";
import type { LogMessage } from "../formats/imported.ts";
import { roles } from "../model/scope.ts";
import type { Span } from "../model/span.ts";
import type { Lake } from "../ports/lake.ts";
import type { KeptMessage, LogMessages } from "../ports/log-messages.ts";

/** What spans are completed from. */
export interface JoinDoors {
  readonly lake: Lake;
  readonly logMessages: LogMessages;
}

const keyOf = ({ traceId, spanId }: Pick<Span, "traceId" | "spanId">): string => `${traceId}/${spanId}`;

/**
 * Brings messages that came in logs to their spans: to those that come now, whether the messages came before
 * or with them, and to those that the lake has.
 *
 * @param spans     of one unit, about to be appended
 * @param messages  of the same unit; durable when this resolves, whether their spans are there or still to come
 * @returns the spans to append, those of the lake that say more now among them, and the messages that they hold
 */
export async function joinMessages(
  { lake, logMessages }: JoinDoors,
  businessUnit: string,
  spans: readonly Span[],
  messages: readonly LogMessage[]
): Promise<{ readonly spans: readonly Span[]; readonly joined: readonly string[] }> {
  if (messages.length > 0) await logMessages.keep(businessUnit, messages);
  const traceIds = [...spans, ...messages].map(({ traceId }) => traceId);
  const kept = Map.groupBy(await logMessages.list(businessUnit, traceIds), keyOf);
  if (kept.size === 0) return { spans, joined: [] };
  const coming = new Set(spans.map(keyOf));
  const missing = [...new Map(messages.map((message) => [keyOf(message), message])).values()].filter(
    (message) => !coming.has(keyOf(message))
  );
  const scope = { userId: "ingest", roles: roles.slice(-1), businessUnits: [businessUnit] };
  const there = missing.length === 0 ? [] : await lake.findSpans(scope, businessUnit, missing);
  const joined: string[] = [];
  const complete = (span: Span): Span => {
    const of = kept.get(keyOf(span));
    if (!of) return span;
    for (const { messageId, joined: before } of of) if (!before) joined.push(messageId);
    return completeSpan(span, of.map(eventOf), of.filter((message) => message.joined).map(eventOf));
  };
  const said = there.flatMap((span) => {
    const completed = complete(span);
    return completed === span ? [] : [completed];
  });
  return { spans: [...spans.map(complete), ...said], joined };
}

const eventOf = ({ event }: KeptMessage) => event;
