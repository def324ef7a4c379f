import { Fault } from "../model/fault.ts";
import type { Json } from "../model/span.ts";
import { dataRule, formatDataBlock } from "./data-block.ts";

/** Questions that one call of a scorer may ask. */
export const mostQuestions = 5;

/** Characters of the material of one question, as JSON. */
export const mostMaterial = 100_000;

/** Of an answer: usually, and at most. */
export const [usualAnswerTokens, mostAnswerTokens] = [120, 600];

/**
 * A question that a scorer declares. Its words are fixed before the scorer sees a trace, so that no text of a trace
 * can be among them.
 */
export interface ScorerQuestion {
  readonly name: string;
  readonly question: string;
  /** JSON Schema of each field of the answer, by name. */
  readonly answer: { readonly [field: string]: Json };
}

const mostDeclared = 20;
const mostFields = 10;
const mostCharacters = 4000;
const mostChoices = 50;
const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

const isFields = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The questions that a scorer declares under `asks`; none where it declares none. They come out of the sandbox and are
 * read like a stranger's.
 *
 * @throws Fault `invalid` that names the question
 */
export function parseQuestions(asks: unknown): readonly ScorerQuestion[] {
  if (asks === undefined || asks === null) return [];
  if (!isFields(asks)) throw wrong("asks", "is no list of questions by name");
  const entries = Object.entries(asks);
  if (entries.length === 0 || entries.length > mostDeclared)
    throw wrong("asks", `has ${entries.length} questions, not 1 to ${mostDeclared}`);
  return entries.map(([name, value]) => {
    const at = `the question "${name.slice(0, 40)}"`;
    if (!namePattern.test(name)) throw wrong(at, "has a name that is not of letters, digits and _");
    const { question, answer } = isFields(value) ? value : {};
    if (typeof question !== "string" || question.trim() === "" || question.length > mostCharacters)
      throw wrong(at, `needs the words of the question, at most ${mostCharacters} characters`);
    return { name, question: question.trim(), answer: parseFields(answer, at) };
  });
}

function parseFields(answer: unknown, at: string): ScorerQuestion["answer"] {
  const entries = isFields(answer) ? Object.entries(answer) : [];
  if (entries.length === 0 || entries.length > mostFields)
    throw wrong(at, `needs 1 to ${mostFields} fields under "answer"`);
  return Object.fromEntries(
    entries.map(([name, schema]) => {
      if (!namePattern.test(name)) throw wrong(at, `has a field with the name ${JSON.stringify(name.slice(0, 40))}`);
      return [name, parseField(schema, `${at} has a field "${name}" that`)];
    })
  );
}

/** One kind of field is left of JSON Schema for each that every endpoint takes. */
function parseField(schema: unknown, at: string): Json {
  const { type, enum: choices, items, description } = isFields(schema) ? schema : {};
  const about =
    typeof description === "string" && description !== "" ? { description: description.slice(0, mostCharacters) } : {};
  if (Array.isArray(choices)) {
    const isWord = (choice: unknown) => typeof choice === "string" && choice !== "" && choice.length <= 200;
    if (choices.length === 0 || choices.length > mostChoices || !choices.every(isWord))
      throw wrong(at, `needs 1 to ${mostChoices} words under "enum"`);
    return { type: "string", enum: choices as readonly string[], ...about };
  }
  if (type === "string" || type === "number" || type === "integer" || type === "boolean") return { type, ...about };
  if (type === "array" && !(isFields(items) && items["type"] === "array"))
    return { type, items: parseField(items, at), ...about };
  throw wrong(at, 'is neither { type: "string" }, "number", "integer", "boolean", a list of these, nor { enum: […] }');
}

function wrong(at: string, what: string): Fault {
  return new Fault("invalid", `${at} ${what}`, {
    hint: 'Write asks: { name: { question: "…", answer: { reason: { type: "string" }, verdict: { enum: ["yes", "no"] } } } }.'
  });
}

/** What a model is asked. */
export interface ScorerPrompt {
  /** Holds no text of traces. */
  readonly system: string;
  readonly user: string;
  readonly form: string;
  readonly schema: Json;
  readonly maxTokens: number;
}

/**
 * A declared question about some material.
 *
 * @param material  comes from the trace: it is data between marks
 */
export function buildScorerPrompt({ name, question, answer }: ScorerQuestion, material: Json): ScorerPrompt {
  const system = [
    "You answer one question about material from a recorded run of an AI agent.",
    `The question: ${JSON.stringify(question)}.`,
    dataRule,
    "The answer is one JSON object with the fields that are asked for, in their order."
  ].join("\n");
  const schema = {
    type: "object",
    properties: answer,
    required: Object.keys(answer),
    additionalProperties: false
  };
  return { system, user: formatDataBlock(material), form: name, schema, maxTokens: mostAnswerTokens };
}

/** Some answer of the right form, for a scorer that is only to say what else it would ask. */
export function sampleAnswer({ answer }: ScorerQuestion): Json {
  return Object.fromEntries(Object.entries(answer).map(([name, schema]) => [name, sampleOf(schema)]));
}

function sampleOf(schema: Json): Json {
  const { type, enum: choices } = schema as { readonly type?: string; readonly enum?: readonly string[] };
  if (choices) return choices[0]!;
  if (type === "string") return "";
  if (type === "boolean") return false;
  return type === "array" ? [] : 0;
}
