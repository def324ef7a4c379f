import type { Json } from "../model/span.ts";

type Fields = { readonly [key: string]: Json };

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Most faults that are worth listing. */
const faultLimit = 20;

/**
 * Where a value breaks a JSON Schema, one sentence each. Knows what tool definitions use: type, enum,
 * const, properties, required, additionalProperties, items, bounds, lengths, pattern, anyOf, oneOf, allOf
 * and local $ref. Keywords it does not know constrain nothing.
 */
export function schemaFaults(value: Json, schema: Json): readonly string[] {
  const faults: string[] = [];
  check(value, schema, "", schema, faults, 0);
  return faults;
}

function check(value: Json, schema: Json, path: string, root: Json, faults: string[], depth: number): void {
  if (!isFields(schema) || faults.length >= faultLimit || depth > 40) return;
  const at = path === "" ? "the value" : path;
  if (typeof schema.$ref === "string") {
    check(value, resolve(schema.$ref, root), path, root, faults, depth + 1);
    return;
  }
  const types =
    typeof schema.type === "string"
      ? [schema.type]
      : Array.isArray(schema.type)
        ? (schema.type as readonly string[])
        : [];
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    faults.push(`${at} is ${describe(value)}, not ${types.join(" or ")}`);
    return;
  }
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => isSame(item, value)))
    faults.push(`${at} is ${describe(value)}, which is not among ${JSON.stringify(schema.enum).slice(0, 120)}`);
  if (schema.const !== undefined && !isSame(schema.const, value))
    faults.push(`${at} is ${describe(value)}, not ${JSON.stringify(schema.const)}`);
  if (typeof value === "number") checkNumber(value, schema, at, faults);
  if (typeof value === "string") checkText(value, schema, at, faults);
  if (Array.isArray(value)) {
    if (typeof schema.minItems === "number" && value.length < schema.minItems)
      faults.push(`${at} has ${value.length} items, fewer than ${schema.minItems}`);
    if (typeof schema.maxItems === "number" && value.length > schema.maxItems)
      faults.push(`${at} has ${value.length} items, more than ${schema.maxItems}`);
    for (const [index, item] of value.entries())
      if (schema.items !== undefined) check(item as Json, schema.items, `${path}[${index}]`, root, faults, depth + 1);
  } else if (isFields(value)) checkFields(value, schema, path, root, faults, depth);
  checkChoices(value, schema, path, at, root, faults, depth);
}

function checkNumber(value: number, schema: Fields, at: string, faults: string[]): void {
  if (typeof schema.minimum === "number" && value < schema.minimum)
    faults.push(`${at} is ${value}, below ${schema.minimum}`);
  if (typeof schema.maximum === "number" && value > schema.maximum)
    faults.push(`${at} is ${value}, above ${schema.maximum}`);
  if (typeof schema.exclusiveMinimum === "number" && value <= schema.exclusiveMinimum)
    faults.push(`${at} is ${value}, not above ${schema.exclusiveMinimum}`);
  if (typeof schema.exclusiveMaximum === "number" && value >= schema.exclusiveMaximum)
    faults.push(`${at} is ${value}, not below ${schema.exclusiveMaximum}`);
}

function checkText(value: string, schema: Fields, at: string, faults: string[]): void {
  if (typeof schema.minLength === "number" && value.length < schema.minLength)
    faults.push(`${at} has ${value.length} characters, fewer than ${schema.minLength}`);
  if (typeof schema.maxLength === "number" && value.length > schema.maxLength)
    faults.push(`${at} has ${value.length} characters, more than ${schema.maxLength}`);
  if (typeof schema.pattern === "string") {
    let pattern: RegExp | null = null;
    try {
      pattern = new RegExp(schema.pattern, "u");
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      faults.push(`the schema's pattern for ${at} is no regular expression`);
    }
    if (pattern && !pattern.test(value))
      faults.push(`${at} is ${describe(value)}, which does not match ${schema.pattern}`);
  }
}

function checkFields(value: Fields, schema: Fields, path: string, root: Json, faults: string[], depth: number): void {
  const properties = isFields(schema.properties) ? schema.properties : {};
  const name = (key: string) => (path === "" ? key : `${path}.${key}`);
  for (const key of Array.isArray(schema.required) ? schema.required : []) {
    if (typeof key === "string" && !Object.hasOwn(value, key)) faults.push(`${name(key)} is required and missing`);
  }
  for (const [key, item] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) check(item, properties[key]!, name(key), root, faults, depth + 1);
    else if (schema.additionalProperties === false) faults.push(`${name(key)} is not a known argument`);
    else if (isFields(schema.additionalProperties))
      check(item, schema.additionalProperties, name(key), root, faults, depth + 1);
  }
}

function checkChoices(
  value: Json,
  schema: Fields,
  path: string,
  at: string,
  root: Json,
  faults: string[],
  depth: number
): void {
  for (const part of Array.isArray(schema.allOf) ? (schema.allOf as readonly Json[]) : [])
    check(value, part, path, root, faults, depth + 1);
  for (const keyword of ["anyOf", "oneOf"] as const) {
    const choices = schema[keyword];
    if (!Array.isArray(choices)) continue;
    const fitting = (choices as readonly Json[]).filter((choice) => {
      const found: string[] = [];
      check(value, choice, path, root, found, depth + 1);
      return found.length === 0;
    }).length;
    if (fitting === 0) faults.push(`${at} fits none of the ${choices.length} forms that are allowed`);
    else if (keyword === "oneOf" && fitting > 1)
      faults.push(`${at} fits ${fitting} forms where exactly one is allowed`);
  }
}

function resolve(reference: string, root: Json): Json {
  if (!reference.startsWith("#")) return null;
  let found: Json = root;
  for (const step of reference.slice(1).split("/").filter(Boolean)) {
    if (!isFields(found)) return null;
    found = found[step.replaceAll("~1", "/").replaceAll("~0", "~")] ?? null;
  }
  return found;
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isFields(value);
    default:
      return typeof value === type;
  }
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function describe(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
