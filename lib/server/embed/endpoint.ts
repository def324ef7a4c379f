import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { EmbeddedTexts, Embedder } from "#lib/ports/embedder.ts";
import { readAnswer } from "./answer.ts";

/** What an endpoint is asked with. */
export interface EndpointOptions {
  /** Null for OpenAI's own. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  /** As configured: what follows a `#` is not sent, and keeps the vectors apart from others of the model. */
  readonly model: string;
  readonly usdPerMillionTokens: number | null;
  readonly tokensPerText: number;
  readonly limits?: Partial<EndpointLimits>;
}

/** Bounds on what is asked for at once. */
export interface EndpointLimits {
  /** Texts of one request; common servers refuse more than 32. */
  readonly texts: number;
  /** Characters of one request, unless one text alone has more. */
  readonly characters: number;
  /** Requests that are under way together. */
  readonly requests: number;
  /** How long one answer may take, in ms. */
  readonly timeoutMs: number;
  /** How often a request is sent again after 408, 409, 429, 5xx, a timeout or a lost connection. */
  readonly retries: number;
}

const defaults: EndpointLimits = { texts: 32, characters: 200_000, requests: 4, timeoutMs: 60_000, retries: 5 };

/** Opens an endpoint that speaks OpenAI's embeddings. Nothing is asked yet. */
export function openEndpoint(options: EndpointOptions): Embedder {
  const { model, usdPerMillionTokens, tokensPerText } = options;
  const limits = { ...defaults, ...options.limits };
  const client = new OpenAI({
    baseURL: options.baseUrl ?? "https://api.openai.com/v1",
    apiKey: options.apiKey ?? "none",
    timeout: limits.timeoutMs,
    // It waits as the endpoint's Retry-After says, and longer each time where it says nothing.
    maxRetries: limits.retries
  });
  const where = new URL(client.baseURL).origin;
  const [sent = model] = model.split("#");

  const ask = async (texts: readonly string[], of: readonly number[], signal: AbortSignal): Promise<EmbeddedTexts> => {
    try {
      const answer: unknown = await client.embeddings.create(
        { model: sent, input: of.map((at) => texts[at]!), encoding_format: "base64" },
        { signal }
      );
      return { of, ...readAnswer(answer, of.length, where) };
    } catch (error) {
      throw faultOf(error, { where, model: sent, timeoutMs: limits.timeoutMs });
    }
  };

  return {
    model,
    usdPerMillionTokens,
    tokensPerText,
    async *embed(texts, signal) {
      const leaving = new AbortController();
      const stop = AbortSignal.any([signal, leaving.signal]);
      const batches = splitBatches(texts, limits);
      const running = new Map<number, Promise<readonly [number, EmbeddedTexts]>>();
      let next = 0;
      let dimensions: number | undefined;
      try {
        while (next < batches.length || running.size > 0) {
          while (next < batches.length && running.size < limits.requests) {
            const id = next++;
            const asked = ask(texts, batches[id]!, stop).then((piece) => [id, piece] as const);
            running.set(id, asked);
          }
          const [id, piece] = await Promise.race(running.values());
          running.delete(id);
          dimensions ??= piece.d;
          if (piece.d !== dimensions) throw changed(where, dimensions, piece.d);
          yield piece;
        }
      } finally {
        leaving.abort();
        await Promise.allSettled(running.values());
      }
    },
    close: async () => undefined
  };
}

/** Texts by their place, in lists that fit one request each. */
function splitBatches(texts: readonly string[], limits: EndpointLimits): readonly (readonly number[])[] {
  const batches: number[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const [at, { length }] of texts.entries()) {
    const last = batches.at(-1);
    if (!last || last.length >= limits.texts || characters + length > limits.characters) {
      batches.push([at]);
      characters = length;
    } else {
      last.push(at);
      characters += length;
    }
  }
  return batches;
}

function changed(where: string, before: number, now: number): Fault {
  return new Fault("broken", `${where} gave vectors of ${before} dimensions and then of ${now}`, {
    hint: "All vectors of a map must come from one model."
  });
}

function faultOf(
  error: unknown,
  { where, model, timeoutMs }: { readonly where: string; readonly model: string; readonly timeoutMs: number }
): Fault {
  if (isFault(error)) return error;
  if (error instanceof APIUserAbortError) return new Fault("limit", "stopped", { cause: error });
  if (error instanceof APIConnectionTimeoutError) {
    return new Fault("broken", `${where} gave no embeddings within ${Math.ceil(timeoutMs / 1000)} s`, {
      hint: "It may be overloaded. Run the map again: what was embedded is kept.",
      cause: error
    });
  }
  if (error instanceof APIConnectionError) {
    return new Fault("broken", `the embeddings endpoint ${where} cannot be reached`, {
      hint: "Look whether it runs and OPENAI_BASE_URL is right. What was embedded is kept.",
      cause: error
    });
  }
  if (!(error instanceof APIError)) {
    return new Fault("broken", `${where} answered with something that is no list of embeddings`, { cause: error });
  }
  const status = error.status as number | undefined;
  // What the endpoint says of a refused key may repeat a part of it.
  if (status === 401 || status === 403) {
    return new Fault("denied", `${where} refused the key for embeddings (${status})`, {
      hint: "Set OPENAI_API_KEY to a key that may use the model."
    });
  }
  if (status === 404) {
    return new Fault("missing", `${where} does not know the embedding model "${model}"`, {
      hint: "Look at TRACEBOOK_EMBEDDINGS and OPENAI_BASE_URL.",
      cause: error
    });
  }
  if (status === 429) {
    return new Fault("limit", `${where} takes no more texts now (429)`, {
      hint: "Run the map again later: what was embedded is kept.",
      cause: error
    });
  }
  return new Fault("broken", `${where} gave no embeddings: ${firstLine(error.message)}`, {
    hint: "What was embedded is kept.",
    cause: error
  });
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]!.slice(0, 300);
}
