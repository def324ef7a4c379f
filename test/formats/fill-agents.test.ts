import { expect, test } from "vitest";
import { buildSpan, type RawSpan, readSpanId, readTraceId } from "#lib/formats/build-span.ts";
import { fillAgents, fillAgentsByRoot } from "#lib/formats/fill-agents.ts";

const traceId = "a".repeat(32);
const id = (digit: string) => digit.repeat(16);

const span = (given: Partial<RawSpan>) =>
  buildSpan(
    {
      traceId,
      spanId: id("1"),
      sourceSpanId: null,
      parentSpanId: null,
      name: "step",
      startNs: 10n,
      endNs: 20n,
      status: null,
      statusMessage: null,
      attributes: {},
      events: [],
      links: [],
      resource: {},
      scopeName: null,
      scopeVersion: null,
      schemaUrl: null,
      source: "otlp",
      sourceProject: null,
      ...given
    },
    { businessUnit: "support", environment: null, nowMs: 0 }
  );

test.each([
  ["invoke_agent refunds", "refunds"],
  ["agent_run [refunds]", "refunds"],
  ["refunds", "refunds"],
  ["invoke_agent", null]
])("an agent's span called %j that names no agent is the work of %j", (name, agent) => {
  expect(span({ name, attributes: { "openinference.span.kind": "AGENT" } }).agent).toBe(agent);
});

test("a name that is given goes before the span's", () => {
  expect(span({ name: "invoke_agent a", attributes: { "gen_ai.agent.name": "b" } }).agent).toBe("b");
});

test("where a source knows no agents, a trace is the work of what its first step is called after", () => {
  const spans = [
    span({ source: "langsmith", name: "desk" }),
    span({ source: "langsmith", spanId: id("2"), parentSpanId: id("1"), name: "ChatOpenAI" }),
    span({ source: "langsmith", spanId: id("3"), traceId: "b".repeat(32), parentSpanId: id("9"), name: "orphan" }),
    span({ source: "otlp", spanId: id("4"), traceId: "c".repeat(32), name: "GET /" })
  ];
  expect(fillAgentsByRoot(fillAgents(spans)).map(({ agent }) => agent)).toEqual(["desk", "desk", null, null]);
});

test("ids of another shape become ours, the same text the same id", () => {
  expect(readTraceId("0AF76519-16CD-43DD-8448-EB211C80319C")).toBe("0af7651916cd43dd8448eb211c80319c");
  expect(readTraceId("trace 1")).toBe(readTraceId("trace 1"));
  expect(readTraceId("0".repeat(32))).not.toMatch(/^0+$/);
  expect(readSpanId("B7AD6B7169203331")).toBe("b7ad6b7169203331");
  expect(readSpanId("span 1")).toMatch(/^[0-9a-f]{16}$/);
  expect(readSpanId("0".repeat(16))).not.toMatch(/^0+$/);
});
