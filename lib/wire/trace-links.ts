import { Fault } from "../model/fault.ts";
import { formatLowDecimal } from "../model/trace-id.ts";

/** A way out to another tool. */
export interface TraceLink {
  /** What the link is called, such as Datadog. */
  readonly name: string;
  /** An http(s) address with placeholders in its path, query or fragment. */
  readonly template: string;
}

/** What a link is about. */
export interface LinkPlace {
  /** 32 and 16 hex digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Milliseconds since 1970 UTC. */
  readonly startMs: number;
  readonly endMs: number;
  readonly service: string;
}

const values: Readonly<Record<string, (place: LinkPlace) => string>> = {
  trace_id: ({ traceId }) => traceId,
  span_id: ({ spanId }) => spanId,
  trace_id_low64_decimal: ({ traceId }) => formatLowDecimal(traceId),
  span_id_decimal: ({ spanId }) => formatLowDecimal(spanId),
  start_ms: ({ startMs }) => String(Math.floor(startMs)),
  end_ms: ({ endMs }) => String(Math.ceil(endMs)),
  service: ({ service }) => service
};

/** Addresses that a word and the tool's own address stand for. */
const known: Readonly<Record<string, (base: string, more: string) => string>> = {
  datadog: (base) => `${base}/apm/trace/{trace_id}?spanID={span_id_decimal}&timeHint={start_ms}`,
  datadog_64bit: (base) => `${base}/apm/trace/{trace_id_low64_decimal}?spanID={span_id_decimal}&timeHint={start_ms}`,
  jaeger: (base) => `${base}/trace/{trace_id}?uiFind={span_id}`,
  tempo: formatTempo
};

/** Grafana's Explore takes its panes as JSON; `source` is the uid of the Tempo data source. */
function formatTempo(base: string, source: string): string {
  const uid = source || "tempo";
  const panes = {
    trace: {
      datasource: uid,
      queries: [{ refId: "A", datasource: { type: "tempo", uid }, queryType: "traceql", query: "<trace_id>" }],
      range: { from: "<start_ms>", to: "<end_ms>" }
    }
  };
  const written = encodeURIComponent(JSON.stringify(panes)).replace(/%3C(\w+)%3E/g, "{$1}");
  return `${base}/explore?schemaVersion=1&panes=${written}`;
}

/**
 * The links that `TRACEBOOK_TRACE_LINKS` asks for.
 *
 * @param text  JSON of names to templates, or to a known tool and its address, such as `datadog https://app.datadoghq.eu`
 * @throws Fault `invalid` naming the link and what is wrong with it
 */
export function parseTraceLinks(text: string): readonly TraceLink[] {
  const entries = parseEntries(text);
  return entries.map(([name, written]) => {
    if (typeof written !== "string") throw refuse(name, "is no text");
    const [word = "", base = "", more = ""] = written.trim().split(/\s+/);
    const template = known[word] ? known[word](base.replace(/\/+$/, ""), more) : written.trim();
    checkTemplate(name, template);
    return { name, template };
  });
}

/** The address for one place; what it fills in cannot leave its part of the address. */
export function formatTraceLink({ template }: TraceLink, place: LinkPlace): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]?.(place) ?? ""));
}

function parseEntries(text: string): readonly (readonly [string, unknown])[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.entries(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Fault("invalid", "TRACEBOOK_TRACE_LINKS is no JSON object of names and templates", {
    hint: `Write for example {"Jaeger": "https://jaeger.example.org/trace/{trace_id}"}.`
  });
}

function checkTemplate(name: string, template: string): void {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].find(([, word]) => !Object.hasOwn(values, word ?? ""));
  if (unknown) throw refuse(name, `has the placeholder "${unknown[0]}", which is none`);
  // What a trace says must not choose the host that is asked.
  const origin = /^(https?:)\/\/([^/?#\s{}@]+)(?=[/?#]|$)/i.exec(template);
  if (!origin || !URL.canParse(origin[0])) {
    throw refuse(name, `does not begin with http:// or https:// and a host without placeholders: ${template}`);
  }
  if (/[\s<>"`]/.test(template)) throw refuse(name, `has a character that no address has: ${template}`);
  if (!template.includes("{")) throw refuse(name, `has no placeholder: ${template}`);
}

function refuse(name: string, why: string): Fault {
  return new Fault("invalid", `the link "${name}" of TRACEBOOK_TRACE_LINKS ${why}`, {
    hint: `Placeholders: ${Object.keys(values)
      .map((word) => `{${word}}`)
      .join(", ")}; known tools: ${Object.keys(known).join(", ")}, followed by their address.`
  });
}
