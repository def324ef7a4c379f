import type { Json, RetrievedDocument } from "../../model/span.ts";
import { decodeJson } from "../decode-json.ts";
import { isFields, parseInstantNs } from "../fields.ts";
import { listFinishReasons, namesSpeakers, readMessages, type Side } from "../messages.ts";
import type { Decoder } from "./rule.ts";

/** A text; numbers and flags as text. */
export const text: Decoder = (value) => (typeof value === "object" ? undefined : String(value));

/** A whole number that is not negative, also written as text. */
export const count: Decoder = (value) => {
  const found = typeof value === "object" || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(found) && found >= 0 ? Math.round(found) : undefined;
};

/** A number that is not negative, also written as text. */
export const amount: Decoder = (value) => {
  const found = typeof value === "object" || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(found) && found >= 0 ? found : undefined;
};

/** Milliseconds, as seconds. */
export const milliseconds: Decoder = (value, span) => {
  const found = amount(value, span);
  return typeof found === "number" ? found / 1000 : undefined;
};

/** An instant, as seconds since the span began. */
export const secondsAfterStart: Decoder = (value, { startNs }) => {
  const decoded = decodeJson(value);
  const at = parseInstantNs(typeof decoded === "string" ? decoded.replace(/^"|"$/g, "") : null);
  return at === null || startNs === null || at < startNs ? undefined : Number(at - startNs) / 1e9;
};

/** Any value; JSON in a text is decoded. */
export const json: Decoder = (value) => decodeJson(value);

/** Texts in a list, also in JSON, or one text. */
export const texts: Decoder = (value) => {
  const decoded = decodeJson(value);
  const list = Array.isArray(decoded) ? (decoded as readonly Json[]) : [decoded];
  return list.every((item) => typeof item !== "object") ? list.map(String) : undefined;
};

/** Why the answers ended, where the messages of an answer say so themselves. */
export const finishReasons: Decoder = (value) => {
  const found = listFinishReasons(value);
  return found.length === 0 ? undefined : found;
};

/** Messages, or the value as it came where it holds none; of a whole request or response the rest is kept. */
export const messages =
  (side: Side): Decoder =>
  (value, { keep }) => {
    const decoded = decodeJson(value);
    const found = readMessages(decoded, side);
    if (found && isFields(decoded) && !("role" in decoded)) keep();
    return found ?? decoded;
  };

/** Steps whose values are data and not speech. */
const silent = ["tool", "retriever", "reranker", "embedding"];

/** What a step was given or gave: messages where a model or an agent speaks, or where speakers are named. */
export const stepValue =
  (side: Side): Decoder =>
  (value, span) => {
    const decoded = decodeJson(value);
    const speaks = span.kind === "llm" || span.kind === "agent";
    return speaks || (!silent.includes(span.kind) && namesSpeakers(decoded)) ? messages(side)(decoded, span) : decoded;
  };

/** Messages, or nothing. */
export const onlyMessages =
  (side: Side): Decoder =>
  (value) =>
    readMessages(value, side);

/** A field within a value that may be JSON in a text. */
export const at =
  (path: readonly string[], decode: Decoder): Decoder =>
  (value, span) => {
    let found: Json | undefined = decodeJson(value);
    for (const name of path) found = isFields(found) ? (found[name] as Json | undefined) : undefined;
    return found === undefined || found === null ? undefined : decode(found, span);
  };

/** What only spans of some kinds say. */
export const onlyFor =
  (kinds: readonly string[], decode: Decoder): Decoder =>
  (value, span) =>
    kinds.includes(span.kind) ? decode(value, span) : undefined;

/** Instructions as parts of text. */
export const instructions: Decoder = (value) => {
  const decoded = decodeJson(value);
  if (typeof decoded === "string") return [{ type: "text", content: decoded }];
  return readMessages({ role: "system", content: decoded }, "input")?.flatMap(({ parts }) => parts);
};

/** Passages in a list; each may be wrapped, and may be JSON in a text. */
export const documents: Decoder = (value) => {
  const list = decodeJson(value);
  if (!Array.isArray(list)) return undefined;
  return (list as readonly Json[]).flatMap((entry) => {
    const item = decodeJson(entry);
    if (typeof item === "string") return [{ id: null, content: item, score: null, metadata: null }];
    if (!isFields(item)) return [];
    const inner = isFields(item.document) ? item.document : item;
    return [readDocument(inner as Record<string, Json>)];
  });
};

/** Passages, where every element of the list has the words of one. */
export const onlyDocuments: Decoder = (value, span) => {
  const decoded = decodeJson(value);
  const list = isFields(decoded) ? ((decoded.documents ?? decoded.results ?? null) as Json) : decoded;
  const isPassage = (entry: Json): boolean => {
    const item = isFields(entry) && isFields(entry.document) ? entry.document : entry;
    return isFields(item) && ["page_content", "content", "text"].some((name) => typeof item[name] === "string");
  };
  if (!Array.isArray(list) || list.length === 0 || !(list as readonly Json[]).every(isPassage)) return undefined;
  return documents(list as Json, span);
};

/** The words that were looked for: a text, or the field of an object that holds it. */
export const query: Decoder = (value, span) => {
  const decoded = decodeJson(value);
  if (!isFields(decoded)) return text(decoded, span);
  return ["query", "question", "input", "text"].map((name) => decoded[name]).find((found) => typeof found === "string");
};

function readDocument(item: Readonly<Record<string, Json>>): RetrievedDocument {
  const { id, score, content, text: words, page_content: page, metadata, ...more } = item;
  const body = content ?? words ?? page ?? null;
  const extra = decodeJson(metadata ?? null);
  return {
    id: id === undefined || id === null ? null : String(id),
    content: body === null ? "" : typeof body === "string" ? body : JSON.stringify(body),
    score: score === undefined || score === null || !Number.isFinite(Number(score)) ? null : Number(score),
    metadata:
      Object.keys(more).length === 0
        ? extra
        : isFields(extra)
          ? { ...(extra as object), ...more }
          : { ...more, ...(extra === null ? {} : { metadata: extra }) }
  };
}

/** Definitions of tools: a list, or a tree whose leaves may be JSON in a text. */
export const toolDefinitions: Decoder = (value) => {
  const list = decodeJson(value);
  if (!Array.isArray(list)) return list;
  return (list as readonly Json[]).map((entry) => {
    const item = decodeJson(entry);
    if (!isFields(item)) return item;
    if (isFields(item.tool) && item.tool.json_schema !== undefined) return decodeJson(item.tool.json_schema as Json);
    return typeof item.parameters === "string" ? { ...item, parameters: decodeJson(item.parameters) } : item;
  });
};
