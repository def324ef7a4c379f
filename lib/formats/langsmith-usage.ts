import { countAt, type Fields, fieldsAt, isFields, listAt } from "./fields.ts";

/**
 * Tokens and cost of a run where LangSmith has not summed them up itself: they then stand in the model's answer,
 * in the form of LangChain or of the provider. Zero tokens of a step that asks no model are none.
 */
export function withSpending(run: Fields, type: string): Fields {
  const { total_cost: total, ...row } = run;
  const parts = [run.prompt_cost, run.completion_cost].map(Number).filter((part) => part > 0);
  const sum = parts.length === 0 ? null : parts.reduce((all, part) => all + part, 0);
  const spent = { ...row, total_cost: total ?? sum };
  const isCounted = (Number(run.prompt_tokens) || 0) + (Number(run.completion_tokens) || 0) > 0;
  if (isCounted) return spent;
  if (type !== "llm") return { ...spent, prompt_tokens: null, completion_tokens: null };
  const usage = findUsage(fieldsAt(run, "outputs"));
  if (!usage) return spent;
  const input = fieldsAt(usage, "input_token_details");
  const output = fieldsAt(usage, "output_token_details");
  return {
    ...spent,
    prompt_tokens: usage.input_tokens ?? usage.prompt_tokens,
    completion_tokens: usage.output_tokens ?? usage.completion_tokens,
    prompt_token_details: run.prompt_token_details ?? {
      cache_read: input.cache_read ?? fieldsAt(usage, "prompt_tokens_details").cached_tokens,
      cache_creation: input.cache_creation
    },
    completion_token_details: run.completion_token_details ?? {
      reasoning: output.reasoning ?? fieldsAt(usage, "completion_tokens_details").reasoning_tokens
    }
  };
}

/** The usage in an answer: LangChain's way of counting before the provider's. */
function findUsage(outputs: Fields): Fields | undefined {
  const [batch] = listAt(outputs, "generations");
  const generation = Array.isArray(batch) ? batch[0] : batch;
  const message = isFields(generation) ? fieldsAt(generation, "message") : fieldsAt(outputs, "output");
  const said = isFields(message.kwargs) ? message.kwargs : message;
  const found = [
    outputs.usage_metadata,
    said.usage_metadata,
    fieldsAt(said, "response_metadata").token_usage,
    fieldsAt(outputs, "llm_output").token_usage,
    outputs.usage
  ];
  return found
    .filter(isFields)
    .find((usage) => ["input_tokens", "prompt_tokens"].some((name) => countAt(usage, name) !== null));
}
