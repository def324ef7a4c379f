import { describe, expect, test } from "vitest";
import { formatTraceLink, parseTraceLinks } from "#lib/wire/trace-links.ts";

const place = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  startMs: 1_700_000_000_000.4,
  endMs: 1_700_000_060_000.4,
  service: "shop & desk"
};
const linkOf = (template: string) => formatTraceLink(parseTraceLinks(JSON.stringify({ Tool: template }))[0]!, place);

describe("links out", () => {
  test("fill every placeholder, and text cannot leave its part of the address", () => {
    expect(linkOf("http://t.example/{trace_id}/{span_id}?a={start_ms}&b={end_ms}&s={service}#{span_id_decimal}")).toBe(
      "http://t.example/4bf92f3577b34da6a3ce929d0e0e4736/00f067aa0ba902b7?a=1700000000000&b=1700000060001&s=shop%20%26%20desk#67667974448284343"
    );
  });

  test("go to Datadog by hex, and by the low 64 bits where that is asked for", () => {
    expect(linkOf("datadog https://app.datadoghq.eu/")).toBe(
      "https://app.datadoghq.eu/apm/trace/4bf92f3577b34da6a3ce929d0e0e4736?spanID=67667974448284343&timeHint=1700000000000"
    );
    expect(linkOf("datadog_64bit https://app.datadoghq.eu")).toContain("/apm/trace/11803532876627986230?");
  });

  test("go to Jaeger and to Tempo in Grafana", () => {
    expect(linkOf("jaeger https://jaeger.example")).toBe(
      "https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736?uiFind=00f067aa0ba902b7"
    );
    const panes = new URL(linkOf("tempo https://grafana.example:3000/g my-tempo")).searchParams.get("panes")!;
    expect(JSON.parse(panes)).toEqual({
      trace: {
        datasource: "my-tempo",
        queries: [
          {
            refId: "A",
            datasource: { type: "tempo", uid: "my-tempo" },
            queryType: "traceql",
            query: place.traceId
          }
        ],
        range: { from: "1700000000000", to: "1700000060001" }
      }
    });
  });

  test.each([
    ["javascript:alert({trace_id})", /http:\/\/ or https/],
    ["ftp://t.example/{trace_id}", /http:\/\/ or https/],
    ["https://{service}.example/{trace_id}", /without placeholders/],
    ["https://me:secret@t.example/{trace_id}", /http:\/\/ or https/],
    ["https://t.example:x/{trace_id}", /http:\/\/ or https/],
    ["https://t.example/{trace}", /"\{trace\}"/],
    ["https://t.example/{trace_id} b", /no address has/],
    ["https://t.example/", /no placeholder/],
    ["datadog", /link "Tool"/]
  ])("the template %s is refused", (template, why) => {
    expect(() => linkOf(template)).toThrow(why);
  });

  test.each(["[]", "null", "{", '{"Tool": 5}'])("%s is refused", (text) => {
    expect(() => parseTraceLinks(text)).toThrow(/TRACEBOOK_TRACE_LINKS/);
  });
});
