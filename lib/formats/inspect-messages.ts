import type { Json } from "../model/span.ts";
import { asJson, countAt, type Fields, fieldsAt, isFields, listAt, numberAt, textAt } from "./fields.ts";

/** What a text in a log stands for, where the text itself lies beside the log's events. */
const attachment = "attachment://";

/** Puts attachments where they are referred to; what refers to none stays. */
export function resolveAttachments(value: unknown, attachments: Fields): unknown {
  if (Object.keys(attachments).length === 0) return value;
  if (typeof value === "string") {
    const found = value.startsWith(attachment) ? textAt(attachments, value.slice(attachment.length)) : null;
    return found ?? value;
  }
  if (Array.isArray(value)) return value.map((item) => resolveAttachments(item, attachments));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, resolveAttachments(item, attachments)] as const)
  );
}

/** A message of a log in OpenAI's form, which differs in how it writes calls and errors of tools. */
export function asChatMessage(message: unknown): Json {
  if (!isFields(message)) return asJson(message);
  const calls = listAt(message, "tool_calls").flatMap((call) =>
    isFields(call)
      ? [{ id: asJson(call.id), function: { name: asJson(call.function), arguments: asJson(call.arguments) } }]
      : []
  );
  const { id: _, source: __, model: ___, tool_calls: ____, function: _____, ...kept } = message;
  return {
    ...(kept as { readonly [key: string]: Json }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(isFields(message.error) ? { error: true } : {})
  };
}

/** The messages that a model was given: written out, or as ranges of those that the sample's calls share. */
export function listInput(event: Fields, pool: readonly unknown[]): Json {
  const written = listAt(event, "input");
  if (written.length > 0) return written.map(asChatMessage);
  return listAt(event, "input_refs").flatMap((range) =>
    Array.isArray(range) && Number.isInteger(range[0]) && Number.isInteger(range[1])
      ? pool.slice(range[0], range[1]).map(asChatMessage)
      : []
  );
}

/** What a model answered: one message per choice, with the reason why it stopped. */
export function listOutput(output: Fields): Json {
  return listAt(output, "choices").flatMap((choice) =>
    isFields(choice) && isFields(choice.message)
      ? [{ ...(asChatMessage(choice.message) as object), finish_reason: textAt(choice, "stop_reason") }]
      : []
  );
}

/** Tokens and cost as attributes. Some models count cached tokens apart; the total tells which. */
export function usageAttributes(usage: Fields): Readonly<Record<string, Json>> {
  const [input, output] = [countAt(usage, "input_tokens"), countAt(usage, "output_tokens")];
  const [read, written] = [countAt(usage, "input_tokens_cache_read"), countAt(usage, "input_tokens_cache_write")];
  const cached = (read ?? 0) + (written ?? 0);
  const isApart = countAt(usage, "total_tokens") === (input ?? 0) + (output ?? 0) + cached;
  return {
    "gen_ai.usage.input_tokens": input === null ? null : input + (isApart ? cached : 0),
    "gen_ai.usage.output_tokens": output,
    "gen_ai.usage.cache_read.input_tokens": read,
    "gen_ai.usage.cache_write.input_tokens": written,
    "gen_ai.usage.reasoning.output_tokens": countAt(usage, "reasoning_tokens"),
    "gen_ai.usage.cost": numberAt(usage, "total_cost")
  };
}

/** The usage of several models as one. */
export function sumUsage(byModel: Fields): Fields {
  const sums: Record<string, number> = {};
  for (const usage of Object.values(byModel)) {
    for (const [name, value] of Object.entries(isFields(usage) ? usage : {}))
      if (typeof value === "number" && Number.isFinite(value)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** The id under which the provider knows the answer. */
export function responseId(event: Fields): string | null {
  return textAt(fieldsAt(fieldsAt(event, "call"), "response"), "id");
}
