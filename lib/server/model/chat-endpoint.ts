import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import type { ModelFailure, ModelQuestion } from "#lib/ports/model.ts";
import { buildRequest, type ChatMessage, firstForm, nextForm } from "./request-form.ts";
import { tooLargeStatus, wholeFetch } from "./whole-fetch.ts";

/** Where an endpoint is and how patient we are with it. */
export interface EndpointSettings {
  /** Null is that of OpenAI. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  readonly modelId: string;
  /** For one request, to the end of its reply. */
  readonly timeoutMs: number;
  /** For one question, with all its waits and retries. */
  readonly patienceMs: number;
  readonly maxRetries: number;
  /** Of one reply. */
  readonly mostBytes: number;
}

/** What an endpoint said, or why it said nothing. */
export type Said =
  | {
      readonly kind: "said";
      readonly text: string;
      readonly modelId: string;
      /** Null where the endpoint does not count them. */
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
    }
  | {
      readonly kind: "failed";
      readonly why: ModelFailure;
      readonly reason: string;
      /** What the endpoint counted, where it counted. */
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
    };

/** An endpoint that speaks the protocol of chat completions. */
export class ChatEndpoint {
  readonly #settings: EndpointSettings;
  readonly #client: OpenAI;
  /** The form that was taken last. */
  #form = firstForm;

  constructor(settings: EndpointSettings) {
    this.#settings = settings;
    const { baseUrl, apiKey, timeoutMs, maxRetries, mostBytes } = settings;
    this.#client = new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? "none",
      // An endpoint of one's own often has no key.
      ...(apiKey === null ? { defaultHeaders: { authorization: null } } : {}),
      organization: null,
      project: null,
      timeout: timeoutMs,
      maxRetries,
      fetch: wholeFetch(mostBytes),
      // Requests hold text of traces.
      logLevel: "off"
    });
  }

  /**
   * Asks for one completion, in the form that the endpoint takes. It waits and asks again as the endpoint tells it to.
   *
   * @throws the signal's reason when it stops
   */
  async complete(question: ModelQuestion, messages: readonly ChatMessage[], signal: AbortSignal): Promise<Said> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#settings.patienceMs)]);
    for (let form = this.#form; ; ) {
      try {
        const request = buildRequest(this.#settings.modelId, question, messages, form);
        const completion: unknown = await this.#client.chat.completions.create(request, { signal: patience });
        this.#form = form;
        return readCompletion(completion, this.#settings.modelId, question.maxTokens);
      } catch (error) {
        signal.throwIfAborted();
        const isFormRefused = error instanceof APIError && (error.status === 400 || error.status === 422);
        const next = isFormRefused
          ? nextForm(form, `${error.code ?? ""} ${error.param ?? ""} ${error.message}`)
          : undefined;
        if (!next) return { kind: "failed", ...this.#explain(error), inputTokens: null, outputTokens: null };
        form = next;
      }
    }
  }

  #explain(error: unknown): { readonly why: ModelFailure; readonly reason: string } {
    const { timeoutMs, patienceMs, modelId } = this.#settings;
    const seconds = (ms: number) => `${(ms / 1000).toLocaleString("en-US")} s`;
    if (error instanceof APIUserAbortError)
      return {
        why: "timed out",
        reason: `the endpoint gave no answer within ${seconds(patienceMs)}, retries included`
      };
    if (error instanceof APIConnectionTimeoutError)
      return { why: "timed out", reason: `the endpoint did not end its answer within ${seconds(timeoutMs)}` };
    if (error instanceof APIConnectionError)
      return { why: "unreachable", reason: `the endpoint cannot be reached (${connectionFault(error)})` };
    if (error instanceof SyntaxError) return { why: "malformed", reason: "the reply of the endpoint is no JSON" };
    if (!(error instanceof APIError)) throw error;
    const said = this.#words(error.message);
    if (error.status === tooLargeStatus) return { why: "malformed", reason: said };
    if (error.status === 429) return { why: "rate limited", reason: `the endpoint takes no more for now (${said})` };
    if (error.status === 401 || error.status === 403)
      return { why: "rejected", reason: "the endpoint does not let OPENAI_API_KEY in" };
    if (error.status === 404)
      return { why: "rejected", reason: `the endpoint does not know the model "${modelId}", or has no chat` };
    if (/content.?(filter|management|policy)|safety/i.test(`${error.code ?? ""} ${said}`))
      return { why: "refused", reason: "a filter of the endpoint refused the text" };
    if (error.status !== undefined && error.status < 500)
      return { why: "rejected", reason: `the endpoint does not take the question (${said})` };
    return { why: "unreachable", reason: `the endpoint fails with status ${error.status ?? "unknown"}` };
  }

  /** The endpoint's own words, short, and without the key where it repeats it. */
  #words(message: string): string {
    const { apiKey } = this.#settings;
    const plain = apiKey === null ? message : message.replaceAll(apiKey, "…");
    return plain.replace(/\s+/g, " ").trim().slice(0, 160);
  }
}

function connectionFault(error: APIConnectionError): string {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  return "the connection broke";
}

interface Completion {
  readonly model?: unknown;
  readonly choices?: readonly {
    readonly finish_reason?: unknown;
    readonly message?: { readonly content?: unknown; readonly refusal?: unknown };
  }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

function readCompletion(completion: unknown, asked: string, maxTokens: number): Said {
  const fields = typeof completion === "object" && completion !== null ? (completion as Completion) : {};
  const count = (value: unknown) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
  const counted = {
    inputTokens: count(fields.usage?.prompt_tokens),
    outputTokens: count(fields.usage?.completion_tokens)
  };
  const failed = (why: ModelFailure, reason: string): Said => ({ kind: "failed", why, reason, ...counted });
  const choice = Array.isArray(fields.choices) ? fields.choices[0] : undefined;
  const { content, refusal } = choice?.message ?? {};
  if (typeof refusal === "string" && refusal !== "") return failed("refused", "the model refused to answer");
  if (choice?.finish_reason === "content_filter") return failed("refused", "a filter of the endpoint refused the text");
  if (choice?.finish_reason === "length")
    return failed("malformed", `the answer was not done within ${maxTokens.toLocaleString("en-US")} tokens`);
  if (typeof content !== "string") return failed("malformed", "the reply of the endpoint holds no answer");
  const modelId = typeof fields.model === "string" && fields.model !== "" ? fields.model.slice(0, 120) : asked;
  return { kind: "said", text: content, modelId, ...counted };
}
