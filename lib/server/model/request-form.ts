import type { ModelQuestion } from "#lib/ports/model.ts";

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** How an endpoint wants to be asked: not every one takes every field. */
export interface RequestForm {
  /** How the form of the answer is told: as a schema, as "some JSON", or in words alone. */
  readonly answer: "json_schema" | "json_object" | "words";
  readonly tokens: "max_completion_tokens" | "max_tokens";
  readonly temperature: boolean;
  readonly seed: boolean;
}

/** What most endpoints take, and what is asked first. */
export const firstForm: RequestForm = { answer: "json_schema", tokens: "max_tokens", temperature: true, seed: true };

/** The same question has the same answer, as far as an endpoint can promise that. */
export const [temperature, seed] = [0, 7];

/** Refusals that another form does not help against. */
const aboutContent =
  /context.?(length|window)|too (long|large|many tokens)|content.?(filter|management|policy)|safety/i;

/**
 * What to try after an endpoint has refused a request of a form: the field that it names is left out; where it names
 * none, the form of the answer is told in a simpler way.
 *
 * @param said  the endpoint's words
 * @returns undefined where no other form would help
 */
export function nextForm(form: RequestForm, said: string): RequestForm | undefined {
  if (aboutContent.test(said)) return undefined;
  if (form.tokens === "max_tokens" && /max_(completion_)?tokens/.test(said))
    return { ...form, tokens: "max_completion_tokens" };
  if (form.temperature && /temperature/i.test(said)) return { ...form, temperature: false };
  if (form.seed && /\bseed\b/i.test(said)) return { ...form, seed: false };
  if (form.answer === "json_schema") return { ...form, answer: "json_object" };
  if (form.answer === "json_object") return { ...form, answer: "words" };
  return undefined;
}

/** The body of a request for one answer. */
export function buildRequest(
  modelId: string,
  { form: name, schema, maxTokens }: Pick<ModelQuestion, "form" | "schema" | "maxTokens">,
  messages: readonly ChatMessage[],
  form: RequestForm
) {
  const [system, ...others] = messages;
  // An endpoint that is not told of the schema has to hear of it from us, and `json_object` asks for the word JSON.
  const told =
    form.answer === "json_schema" || !system
      ? messages
      : [
          {
            ...system,
            content: `${system.content}\n\nAnswer with one JSON object and nothing else. Its JSON Schema: ${JSON.stringify(schema)}`
          },
          ...others
        ];
  return {
    model: modelId,
    messages: [...told],
    ...(form.answer === "json_schema"
      ? {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name, strict: true, schema: schema as Record<string, unknown> }
          }
        }
      : {}),
    ...(form.answer === "json_object" ? { response_format: { type: "json_object" as const } } : {}),
    ...(form.temperature ? { temperature } : {}),
    ...(form.seed ? { seed } : {}),
    [form.tokens]: maxTokens
  };
}
