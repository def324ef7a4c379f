import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeJson } from "#lib/formats/decode-json.ts";
import { DocumentReader } from "#lib/formats/document-reader.ts";
import type { Json, Message, Span } from "#lib/model/span.ts";
import { sharedData } from "../shared-data.ts";

/** A message as Langfuse expects it to be read. */
interface Expected {
  readonly content?: Json;
  readonly tool_calls?: readonly { readonly name: string; readonly arguments: Json }[];
}

/** What both forms say of a message: its words without regard to spaces and to how JSON is written, and its calls. */
const summarise = (words: readonly Json[], calls: readonly (readonly [name: Json, args: Json])[]) => ({
  words: words
    .map((part) => decodeJson(part))
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim(),
  calls: calls.map(([name, args]) => `${name}(${JSON.stringify(decodeJson(args))})`)
});

function fromExpected({ content = null, tool_calls: calls = [] }: Expected) {
  const parts = (Array.isArray(content) ? content : [content]) as readonly Record<string, Json>[];
  const used = parts.filter((part) => part?.type === "tool_use");
  const words = Array.isArray(content) && parts.every((part) => typeof part?.type === "string") ? parts : [content];
  return summarise(
    words.flatMap((part) => {
      if (part === null || part === "") return [];
      const fields = part as Record<string, Json>;
      return fields.type === "tool_use" ? [] : [typeof fields.text === "string" ? fields.text : part];
    }),
    [
      ...calls.map((call) => [call.name, call.arguments] as const),
      ...used.map(({ name, input }) => [name!, input!] as const)
    ]
  );
}

function fromMessage({ parts }: Message) {
  return summarise(
    parts.flatMap(({ type, content, response }) =>
      type === "tool_call_response" ? [response!] : typeof content === "string" ? [content] : []
    ),
    parts.flatMap((part) => (part.type === "tool_call" ? [[part.name!, part.arguments!] as const] : []))
  );
}

function readMessagesOf(span: Span | undefined, side: "input" | "output", count: number): readonly Message[] {
  const value = span?.[side];
  const messages = Array.isArray(value) && value.every((item) => Array.isArray(item?.parts)) ? value : [];
  // Instructions have a column of their own, where Langfuse expects a first message.
  const system = span?.systemInstructions as unknown as Message["parts"] | null | undefined;
  return system && side === "input" && messages.length === count - 1
    ? [{ role: "system", parts: system }, ...messages]
    : messages;
}

const asResult = "the same value, which is kept as what the tool answered and not made a message";

/** Why a span is not read as Langfuse reads it. */
function explain(span: Span | undefined, side: "input" | "output", wanted: readonly Expected[]): string {
  if (!span) return "there is no such span";
  const isSame = JSON.stringify(span[side]) === JSON.stringify(wanted[0]);
  return span.kind === "tool" && wanted.length === 1 && isSame ? asResult : "not explained";
}

const set = sharedData("langfuse-framework-traces");

test.skipIf(!set)("observations of twelve frameworks are read as Langfuse expects, but for what tools answered", () => {
  const misses: string[] = [];
  const shares: string[] = [];
  let tried = 0;
  for (const name of readdirSync(set!).filter((file) => file.endsWith(".trace.json"))) {
    const reader = new DocumentReader({ businessUnit: "support", environment: null, nowMs: 0 }, "agent", null);
    const found = [...reader.push(readFileSync(`${set}/${name}`, "utf8")), ...reader.end()].flatMap(
      ({ spans }) => spans
    );
    const expected = JSON.parse(readFileSync(`${set}/${name.replace(".trace.", ".chatml.")}`, "utf8")) as Record<
      string,
      Record<"input" | "output", { readonly success: boolean; readonly data?: readonly Expected[] } | undefined> | null
    >;
    const before = [tried, misses.length] as const;
    for (const [id, sides] of Object.entries(expected)) {
      for (const side of ["input", "output"] as const) {
        const wanted = (sides?.[side]?.data ?? []).filter(
          (item) => item && ("content" in item || "tool_calls" in item)
        );
        if (!sides?.[side]?.success || wanted.length === 0) continue;
        tried += 1;
        const span = found.find(({ spanId, sourceSpanId }) => (sourceSpanId ?? spanId) === id);
        const got = readMessagesOf(span, side, wanted.length).map(fromMessage);
        if (JSON.stringify(got) !== JSON.stringify(wanted.map(fromExpected)))
          misses.push(`${span?.name} ${side}: ${explain(span, side, wanted)}`);
      }
    }
    const all = tried - before[0];
    shares.push(`${name}: ${all - (misses.length - before[1])} of ${all}`);
  }
  console.log([...shares, `in all ${tried - misses.length} of ${tried}`, ...misses].join("\n"));
  expect(tried).toBe(54);
  expect(misses).toEqual([
    `mcp__weather__get_weather output: ${asResult}`,
    `mcp__weather__get_weather output: ${asResult}`
  ]);
});
