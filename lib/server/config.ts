import { Fault } from "#lib/model/fault.ts";
import type { ModelPrice } from "#lib/model/model-price.ts";
import { parseTraceLinks, type TraceLink } from "#lib/wire/trace-links.ts";
import { type ProviderConfig, parseProvider } from "./auth/provider-config.ts";

/** Everything that the environment decides, parsed once. */
export interface Config {
  /** Absolute path of the folder with lake and state. */
  readonly dataFolder: string;
  /** PostgreSQL for the state; null keeps it in SQLite beside the lake. */
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly openaiBaseUrl: string | null;
  readonly openaiApiKey: string | null;
  /** An embedding model of the endpoint, or a folder with an ONNX model; null uses the built-in vectors. */
  readonly embeddings: string | null;
  /** US dollars per million tokens of it; null where nobody said. */
  readonly embeddingPrice: number | null;
  /** A longer text is cut to about so many tokens before it is embedded. */
  readonly embeddingTokens: number;
  /** A chat model of the endpoint; null asks none. */
  readonly model: string | null;
  /** Null where nobody said it. */
  readonly modelPrice: ModelPrice | null;
  /** How long what came in over HTTP waits at most until it becomes sorted Parquet, in ms. */
  readonly flushMs: number;
  /** Where alerts are posted; a secret. Null tells nobody outside. */
  readonly alertUrl: string | null;
  /** Where people reach the workbench, without a slash at its end. */
  readonly publicUrl: string;
  /** Whether only this machine reaches the port. */
  readonly isLoopback: boolean;
  /** Proxies in front that can be believed where a request comes from; 0 where there is none. */
  readonly proxyHops: number;
  /** What cookies are signed with; null makes one that is kept in the data folder. */
  readonly secret: string | null;
  /** Who else vouches for people; null for nobody. */
  readonly provider: ProviderConfig | null;
  /** Other tools that a trace can be opened in. */
  readonly traceLinks: readonly TraceLink[];
  /** Signs where the audit trail stands: a key in PEM, or the path of its file. Null makes one in the data folder. */
  readonly auditKey: string | null;
  /** A file outside the database that gets every checkpoint of the audit trail, too. */
  readonly auditSink: string | null;
}

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/**
 * @param environment  the process environment
 * @param root         absolute path of the project, for relative paths
 * @throws Fault `invalid` naming the variable and its value
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>, root: string): Config {
  const host = environment.HOST?.trim() || "127.0.0.1";
  const port = environment.PORT?.trim() ? Number(environment.PORT) : 3000;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Fault("invalid", `PORT "${environment.PORT}" is not a port number`, {
      hint: "Use a number from 1 to 65535."
    });
  }
  const databaseUrl = environment.DATABASE_URL?.trim() || null;
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new Fault("invalid", "DATABASE_URL does not begin with postgres://", {
      hint: "Give a PostgreSQL address, or leave it unset for SQLite."
    });
  }
  const flushMs = Number(environment.TRACEBOOK_FLUSH_MS?.trim() || 30_000);
  if (!Number.isSafeInteger(flushMs) || flushMs < 1 || flushMs > 3_600_000) {
    throw new Fault("invalid", `TRACEBOOK_FLUSH_MS "${environment.TRACEBOOK_FLUSH_MS}" is no number of milliseconds`, {
      hint: "Use a number from 1 to 3600000."
    });
  }
  const model = environment.TRACEBOOK_MODEL?.trim() || null;
  if (model && !environment.OPENAI_BASE_URL?.trim() && !environment.OPENAI_API_KEY?.trim()) {
    throw new Fault("invalid", `TRACEBOOK_MODEL "${model}" has no endpoint`, {
      hint: "Set OPENAI_BASE_URL to an endpoint, or OPENAI_API_KEY for that of OpenAI."
    });
  }
  const data = environment.TRACEBOOK_DATA?.trim() || "data";
  const embeddings = environment.TRACEBOOK_EMBEDDINGS?.trim() || null;
  if (
    embeddings &&
    !isFolder(embeddings) &&
    !environment.OPENAI_BASE_URL?.trim() &&
    !environment.OPENAI_API_KEY?.trim()
  ) {
    throw new Fault("invalid", `TRACEBOOK_EMBEDDINGS "${embeddings}" has no endpoint`, {
      hint: "Set OPENAI_BASE_URL to an endpoint or OPENAI_API_KEY for that of OpenAI, or give the path of a folder with a model."
    });
  }
  return {
    dataFolder: data.startsWith("/") ? data : `${root}/${data}`,
    databaseUrl,
    host,
    port,
    openaiBaseUrl: environment.OPENAI_BASE_URL?.trim() || null,
    openaiApiKey: environment.OPENAI_API_KEY?.trim() || null,
    embeddings: embeddings?.startsWith(".") ? `${root}/${embeddings}` : embeddings,
    embeddingPrice: numberOf(environment, "TRACEBOOK_EMBEDDING_PRICE", null, 0, 1e6),
    embeddingTokens: numberOf(environment, "TRACEBOOK_EMBEDDING_TOKENS", 6_000, 16, 100_000),
    model,
    modelPrice: parseModelPrice(environment.TRACEBOOK_MODEL_PRICE?.trim() || ""),
    flushMs,
    alertUrl: parseAddress("TRACEBOOK_ALERT_URL", environment.TRACEBOOK_ALERT_URL),
    publicUrl:
      parseAddress("TRACEBOOK_PUBLIC_URL", environment.TRACEBOOK_PUBLIC_URL)?.replace(/\/+$/, "") ??
      `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    isLoopback: loopback.test(host),
    proxyHops: numberOf(environment, "TRACEBOOK_PROXY_HOPS", 0, 0, 10),
    secret: parseSecret(environment.TRACEBOOK_SECRET?.trim() || null),
    provider: parseProvider(environment),
    traceLinks: parseTraceLinks(environment.TRACEBOOK_TRACE_LINKS?.trim() || "{}"),
    auditKey: environment.TRACEBOOK_AUDIT_KEY?.trim() || null,
    auditSink: environment.TRACEBOOK_AUDIT_SINK?.trim() || null
  };
}

/** An http address, or null where there is none. @throws Fault `invalid`, without the address, which may be secret */
function parseAddress(name: string, text: string | undefined): string | null {
  const address = text?.trim();
  if (!address) return null;
  if (/^https?:$/.test(URL.parse(address)?.protocol ?? "")) return address;
  throw new Fault("invalid", `${name} is no web address`, { hint: "Give one that begins with https:// or http://." });
}

/** @throws Fault `invalid` for one that could be guessed, never with it */
function parseSecret(secret: string | null): string | null {
  if (secret === null || secret.length >= 32) return secret;
  throw new Fault("invalid", "TRACEBOOK_SECRET is too short to sign anything with", {
    hint: "Give 32 characters or more of chance, the same to every process of one workbench."
  });
}

/** @param text  "in,out" in US dollars per million tokens, or nothing. @throws Fault `invalid` */
function parseModelPrice(text: string): ModelPrice | null {
  if (text === "") return null;
  const [inputUsd, outputUsd, ...others] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isPrice = (value: number | undefined) => value !== undefined && Number.isFinite(value) && value >= 0;
  if (isPrice(inputUsd) && isPrice(outputUsd) && others.length === 0)
    return { inputUsd: inputUsd!, outputUsd: outputUsd! };
  throw new Fault("invalid", `TRACEBOOK_MODEL_PRICE "${text}" is no price`, {
    hint: 'Give US dollars per million tokens in and out, such as "0.15,0.60".'
  });
}

/** Whether embeddings come from a folder: names of models have no dot or slash at their beginning. */
export function isFolder(embeddings: string): boolean {
  return /^\.{0,2}\//.test(embeddings);
}

function numberOf<T extends number | null>(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: T,
  low: number,
  high: number
): number | T {
  const text = environment[name]?.trim() || "";
  if (text === "") return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= low && value <= high) return value;
  throw new Fault("invalid", `${name} "${text}" is no number from ${low} to ${high}`);
}
