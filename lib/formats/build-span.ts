import type { Json, Span, SpanStatus } from "../model/span.ts";
import { textAt } from "./fields.ts";
import type { ImportContext } from "./imported.ts";
import { normaliseAttributes } from "./otlp-attributes.ts";
import { deriveId, unknownSpan } from "./run-spans.ts";

/** An event of a span, as it is kept. */
export interface RawEvent {
  readonly name: string | null;
  readonly time: string | null;
  readonly attributes: Readonly<Record<string, Json>>;
}

/** A step as a source tells it: ids and times are read, what it did is still in the source's vocabulary. */
export interface RawSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly sourceSpanId: string | null;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startNs: bigint;
  /** As the source says, also before the start; 0 where the step has not ended. */
  readonly endNs: bigint;
  /** Null where the source leaves it to the attributes. */
  readonly status: SpanStatus | null;
  readonly statusMessage: string | null;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly events: readonly RawEvent[];
  readonly links: readonly Json[];
  readonly resource: Readonly<Record<string, Json>>;
  readonly scopeName: string | null;
  readonly scopeVersion: string | null;
  readonly schemaUrl: string | null;
  readonly source: string;
  readonly sourceProject: string | null;
}

/** The span that a step becomes, its attributes normalised. */
export function buildSpan(raw: RawSpan, context: ImportContext): Span {
  const { attributes, events, links, resource, startNs, endNs, ...plain } = raw;
  const known = normaliseAttributes(attributes, events, raw.name, startNs);
  const exception = events.find(({ name }) => name === "exception")?.attributes ?? {};
  return {
    ...unknownSpan,
    ...known.fields,
    ...plain,
    agent: known.fields.agent ?? (known.fields.kind === "agent" ? readAgentName(raw.name) : null),
    status: raw.status ?? known.fields.status ?? "unset",
    statusMessage: raw.statusMessage || known.fields.statusMessage || textAt(exception, "exception.message"),
    errorType: textAt(attributes, "error.type") ?? textAt(exception, "exception.type"),
    startNs,
    endNs: endNs === 0n ? startNs : endNs,
    timeSource: "reported",
    businessUnit: context.businessUnit,
    environment:
      context.environment ??
      known.fields.environment ??
      textAt(resource, "deployment.environment.name") ??
      textAt(resource, "deployment.environment"),
    serviceName: textAt(resource, "service.name"),
    attributes: known.rest,
    resource,
    events: events.length === 0 ? null : (events as unknown as Json),
    links: links.length === 0 ? null : links
  };
}

/** An agent's span that names no agent is called after it: `invoke_agent refunds`, `agent_run [refunds]`, `refunds`. */
function readAgentName(name: string): string | null {
  return name.replace(/^(invoke_agent|create_agent|agent_run)\b\s*/, "").replace(/^\[(.*)\]$/, "$1") || null;
}

/** A source's id as ours: hex of the right length stays, also after `0x`, a UUID loses its dashes, anything else is derived. */
export function readTraceId(id: string): string {
  const plain = id.toLowerCase().replace(/^0x/, "").replaceAll("-", "");
  return /^[0-9a-f]{32}$/.test(plain) && !/^0+$/.test(plain) ? plain : deriveId(id, 32);
}

/** As `readTraceId`, for 16 digits; a UUID is derived. */
export function readSpanId(id: string): string {
  const plain = id.toLowerCase().replace(/^0x/, "");
  return /^[0-9a-f]{16}$/.test(plain) && !/^0+$/.test(plain) ? plain : deriveId(id, 16);
}
