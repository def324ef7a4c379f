import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { OpenAI } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type IntakeDoor, openDoor } from "../server/intake/door.ts";
import { openChatServer, toolArguments } from "./chat-server.ts";

let door: IntakeDoor;
let chat: Awaited<ReturnType<typeof openChatServer>>;
const instrumentation = new OpenAIInstrumentation();

beforeAll(async () => {
  [door, chat] = await Promise.all([openDoor(), openChatServer()]);
  instrumentation.manuallyInstrument(OpenAI);
});
afterAll(async () => {
  instrumentation.disable();
  chat?.close();
  await door?.close();
});

const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const question = { role: "user", content: "Where is order 4711?" } as const;
const tools = [
  {
    type: "function",
    function: {
      name: "find_order",
      description: "Finds an order",
      parameters: { type: "object", properties: { order: { type: "string" } } }
    }
  }
] as const;

for (const [encoding, Exporter] of [
  ["protobuf", ProtobufExporter],
  ["JSON", JsonExporter]
] as const) {
  test(`calls of the OpenAI client, instrumented by OpenInference and sent as ${encoding}, are whole in the lake`, async () => {
    const headers = { authorization: `Bearer ${door.secret}` };
    const exporter = new Exporter({ url: `${door.url}/v1/traces`, headers });
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    instrumentation.setTracerProvider(provider as never);
    const client = new OpenAI({ baseURL: chat.url, apiKey: "none", maxRetries: 0 });
    const model = `model-${encoding}`;
    const system = { role: "system", content: "Be kind." } as const;
    const first = await client.chat.completions.create({ model, messages: [system, question], tools: [...tools] });
    const call = first.choices[0]!.message;
    const result = { role: "tool", tool_call_id: "call_1", content: '{"state":"on its way"}' } as const;
    await client.chat.completions.create({ model, messages: [question, call, result], tools: [...tools] });
    const stream = await client.chat.completions.create({
      model,
      messages: [question],
      stream: true,
      stream_options: { include_usage: true }
    });
    for await (const part of stream) void part;
    // A stream's span ends when its other half has been read.
    await provider.forceFlush();
    await provider.shutdown();

    const rows = await door.ask(
      `select input, output, kind, model, status, tokens_in::int as tokens_in, tokens_out::int as tokens_out,
         tokens_cache_read::int as cached, tokens_reasoning::int as reasoning, finish_reasons, tool_definitions
       from spans where contains(attributes, '${model}') order by start_ts`
    );
    const parsed = rows.map(({ input, output, tool_definitions, ...row }) => ({
      ...row,
      input: JSON.parse(String(input)) as unknown,
      output: JSON.parse(String(output)) as unknown,
      tools: JSON.parse(String(tool_definitions)) as unknown
    }));
    const counts = { tokens_in: 21, tokens_out: 9, cached: 16, reasoning: 4 };
    const called = {
      role: "assistant",
      parts: [{ type: "tool_call", id: "call_1", name: "find_order", arguments: JSON.parse(toolArguments) as unknown }]
    };
    const whole = { kind: "llm", model: "model-2026-05-01", status: "ok", ...counts, tools };
    expect(parsed).toEqual([
      {
        ...whole,
        finish_reasons: ["tool_calls"],
        input: [said("system", "Be kind."), said("user", question.content)],
        output: [called]
      },
      {
        ...whole,
        finish_reasons: ["stop"],
        input: [
          said("user", question.content),
          called,
          { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: { state: "on its way" } }] }
        ],
        output: [said("assistant", "Grüße 🙂, order 4711 is on its way.")]
      },
      // Of a stream this instrument reports neither counts nor a status, and the model that was asked for.
      {
        kind: "llm",
        model,
        status: "unset",
        tokens_in: null,
        tokens_out: null,
        cached: null,
        reasoning: null,
        finish_reasons: ["stop"],
        tools: null,
        input: [said("user", question.content)],
        output: [said("assistant", "Order 4711 is on its way.")]
      }
    ]);
  });
}
