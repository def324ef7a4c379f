/** Texts of several scripts, with characters of more than one code unit or code point. */
export const manyScripts = [
  "أريد استرداد المبلغ من فضلك",
  "कृपया मेरा पैसा लौटाइए, क्षत्रिय",
  "请退款，谢谢𠮷",
  "👩🏽‍🚀 🏳️‍🌈 👍🏿",
  "e\u0301 n\u0303 Z\u0351\u036b\u0343\u036a"
] as const;

export const largeTraceId = "1a26e000000000000000000000000001";

/**
 * One trace as an OTLP/JSON file: a root, and under it turns of a model call, a tool call and a retrieval,
 * one second each, until there are `count` spans.
 */
export function formatLargeTrace(count: number): string {
  const startNs = 1_795_132_800_000_000_000n;
  const spans = Array.from({ length: count }, (_, at) => {
    if (at === 0) return formatSpan(0, 0n, BigInt(count) * 333n, startNs, "invoke_agent desk", rootAttributes);
    const turn = Math.floor((at - 1) / 3);
    const offsetMs = BigInt(turn) * 1000n + BigInt((at - 1) % 3) * 300n;
    const [name, attributes] = [modelCall, toolCall, retrieval][(at - 1) % 3]!(turn);
    return formatSpan(at, offsetMs, 300n, startNs, name, attributes);
  });
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: "test" }, spans }] }]
  });
}

type Attributes = Readonly<Record<string, string | number>>;

const rootAttributes: Attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "long-runner" };

function modelCall(turn: number): readonly [string, Attributes] {
  const says = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
  return [
    "chat small",
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "small",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 2,
      "gen_ai.input.messages": says("user", turn < 1 ? manyScripts.join("\n") : `question ${turn}`),
      "gen_ai.output.messages": says("assistant", `answer ${turn}`)
    }
  ];
}

function toolCall(turn: number): readonly [string, Attributes] {
  return [
    "execute_tool look_up",
    {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look_up",
      "gen_ai.tool.call.id": `call-${turn}`,
      "gen_ai.tool.call.arguments": JSON.stringify({ order: turn }),
      "gen_ai.tool.call.result": JSON.stringify({ state: "sent", days: turn % 90 })
    }
  ];
}

function retrieval(turn: number): readonly [string, Attributes] {
  return [
    "retrieve policy",
    {
      "openinference.span.kind": "RETRIEVER",
      "input.value": `policy ${turn}`,
      "retrieval.documents.0.document.id": `policy-${turn}`,
      "retrieval.documents.0.document.content": `Refunds within 30 days, paragraph ${turn}`,
      "retrieval.documents.0.document.score": "0.9"
    }
  ];
}

function formatSpan(
  at: number,
  offsetMs: bigint,
  durationMs: bigint,
  startNs: bigint,
  name: string,
  attributes: Attributes
): unknown {
  const beganNs = startNs + offsetMs * 1_000_000n;
  return {
    traceId: largeTraceId,
    spanId: (at + 1).toString(16).padStart(16, "0"),
    parentSpanId: at === 0 ? "" : "1".padStart(16, "0"),
    name,
    startTimeUnixNano: String(beganNs),
    endTimeUnixNano: String(beganNs + durationMs * 1_000_000n),
    status: { code: at > 0 && at % 1000 === 0 ? 2 : 1 },
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value }
    }))
  };
}
