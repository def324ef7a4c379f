/**
 * Every tool call fits its definition: the tool exists, required arguments are there, none is unknown,
 * and each has the type and the bounds the JSON Schema states.
 *
 * Unscored: the trace calls no tool, or does not say which tools there were.
 * Rules of JSON Schema it reads: type, properties, required, additionalProperties, items, enum, const,
 * minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, minItems, maxItems,
 * anyOf, oneOf, allOf, and $ref within the definition. An argument no property names is a fault unless
 * the definition allows additional properties in so many words.
 */
import { fail, pass, scorer, unscored } from "tracebook";

type Fields = Record<string, unknown>;

export default scorer({
  target: "trace",
  score: (trace) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    const schemas = readSchemas(trace.toolDefinitions);
    if (schemas.size === 0) return unscored("the trace does not say which tools there were");
    const faults: string[] = [];
    for (const call of trace.tools) {
      const name = call.name ?? "";
      const schema = schemas.get(name);
      if (schema === undefined) {
        faults.push(`no tool is called "${name}"`);
        continue;
      }
      const args = readArguments(call.args);
      if (args === undefined) faults.push(`${name}: the arguments are no JSON object`);
      else for (const fault of findFaults(schema, args, "", schema, 0)) faults.push(`${name}: ${fault}`);
    }
    if (faults.length === 0) return pass(`${trace.tools.length} tool calls fit their definitions`);
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
    return fail(faults.slice(0, 3).join("; ") + more);
  }
});

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Definitions as OpenTelemetry, OpenAI and Anthropic write them, by tool name. */
function readSchemas(definitions: unknown): Map<string, Fields> {
  const schemas = new Map<string, Fields>();
  for (const entry of Array.isArray(definitions) ? (definitions as unknown[]) : []) {
    if (!isFields(entry)) continue;
    const tool = isFields(entry["function"]) ? entry["function"] : entry;
    const name = tool["name"];
    if (typeof name !== "string") continue;
    const schema = tool["parameters"] ?? tool["input_schema"] ?? tool["inputSchema"];
    schemas.set(name, isFields(schema) ? schema : {});
  }
  return schemas;
}

function readArguments(args: unknown): Fields | undefined {
  if (args === null || args === undefined || args === "") return {};
  if (isFields(args)) return args;
  if (typeof args !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(args);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function findFaults(schema: Fields, value: unknown, path: string, root: Fields, depth: number): string[] {
  const here = path === "" ? "the arguments" : `"${path}"`;
  if (depth > 32) return [];
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const target = follow(root, reference);
    return target === undefined ? [] : findFaults(target, value, path, root, depth + 1);
  }
  const faults: string[] = [];
  const types = schema["type"] === undefined ? [] : Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  const nullable = schema["nullable"] === true && value === null;
  if (nullable) return [];
  if (types.length > 0 && !types.some((type) => hasType(type, value))) {
    return [`${here} must be ${types.join(" or ")}, not ${nameType(value)}`];
  }
  if (Array.isArray(schema["enum"]) && !schema["enum"].some((allowed) => same(allowed, value))) {
    faults.push(`${here} must be one of ${shorten(JSON.stringify(schema["enum"]))}, not ${shorten(JSON.stringify(value))}`);
  }
  if (schema["const"] !== undefined && !same(schema["const"], value)) {
    faults.push(`${here} must be ${shorten(JSON.stringify(schema["const"]))}`);
  }
  if (typeof value === "number") faults.push(...findNumberFaults(schema, value, here));
  if (typeof value === "string") faults.push(...findTextFaults(schema, value, here));
  if (Array.isArray(value)) {
    const { minItems, maxItems, items } = schema as { minItems?: unknown; maxItems?: unknown; items?: unknown };
    if (typeof minItems === "number" && value.length < minItems) faults.push(`${here} needs ${minItems} items at least`);
    if (typeof maxItems === "number" && value.length > maxItems) faults.push(`${here} may have ${maxItems} items at most`);
    if (isFields(items)) {
      for (const [index, item] of value.entries()) {
        faults.push(...findFaults(items, item, `${path}[${index}]`, root, depth + 1));
      }
    }
  }
  if (isFields(value)) faults.push(...findFieldFaults(schema, value, path, root, depth));
  const within = (rule: unknown): boolean => !isFields(rule) || findFaults(rule, value, path, root, depth + 1).length === 0;
  for (const rule of Array.isArray(schema["allOf"]) ? schema["allOf"] : []) {
    if (isFields(rule)) faults.push(...findFaults(rule, value, path, root, depth + 1));
  }
  if (Array.isArray(schema["anyOf"]) && !schema["anyOf"].some(within)) faults.push(`${here} fits none of the forms allowed`);
  if (Array.isArray(schema["oneOf"]) && schema["oneOf"].filter(within).length !== 1) {
    faults.push(`${here} must fit exactly one of the forms allowed`);
  }
  return faults;
}

function findNumberFaults(schema: Fields, value: number, here: string): string[] {
  const faults: string[] = [];
  const bound = (key: string): number | undefined => (typeof schema[key] === "number" ? schema[key] : undefined);
  const [least, most, above, below] = [bound("minimum"), bound("maximum"), bound("exclusiveMinimum"), bound("exclusiveMaximum")];
  if (least !== undefined && value < least) faults.push(`${here} must be at least ${least}, not ${value}`);
  if (most !== undefined && value > most) faults.push(`${here} must be at most ${most}, not ${value}`);
  if (above !== undefined && value <= above) faults.push(`${here} must be above ${above}, not ${value}`);
  if (below !== undefined && value >= below) faults.push(`${here} must be below ${below}, not ${value}`);
  return faults;
}

function findTextFaults(schema: Fields, value: string, here: string): string[] {
  const faults: string[] = [];
  const length = [...value].length;
  if (typeof schema["minLength"] === "number" && length < schema["minLength"]) {
    faults.push(`${here} needs ${schema["minLength"]} characters at least`);
  }
  if (typeof schema["maxLength"] === "number" && length > schema["maxLength"]) {
    faults.push(`${here} may have ${schema["maxLength"]} characters at most`);
  }
  if (typeof schema["pattern"] === "string") {
    const pattern = readPattern(schema["pattern"]);
    if (pattern !== undefined && !pattern.test(value)) faults.push(`${here} does not match ${shorten(schema["pattern"])}`);
  }
  return faults;
}

function findFieldFaults(schema: Fields, value: Fields, path: string, root: Fields, depth: number): string[] {
  const faults: string[] = [];
  const properties = isFields(schema["properties"]) ? schema["properties"] : {};
  const rest = schema["additionalProperties"];
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  for (const key of Array.isArray(schema["required"]) ? (schema["required"] as unknown[]) : []) {
    if (typeof key === "string" && !Object.hasOwn(value, key)) faults.push(`"${at(key)}" is missing`);
  }
  for (const [key, item] of Object.entries(value)) {
    const rule = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (isFields(rule)) faults.push(...findFaults(rule, item, at(key), root, depth + 1));
    else if (rule === false) faults.push(`"${at(key)}" is not allowed`);
    else if (rule === undefined && isFields(rest)) faults.push(...findFaults(rest, item, at(key), root, depth + 1));
    else if (rule === undefined && rest === false) faults.push(`"${at(key)}" is no parameter of it`);
    else if (rule === undefined && rest === undefined && isFields(schema["properties"])) {
      faults.push(`"${at(key)}" is no parameter of it`);
    }
  }
  return faults;
}

function follow(root: Fields, reference: string): Fields | undefined {
  if (!reference.startsWith("#/")) return undefined;
  let place: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isFields(place) || !Object.hasOwn(place, key)) return undefined;
    place = place[key];
  }
  return isFields(place) ? place : undefined;
}

function readPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined;
  }
}

function hasType(type: unknown, value: unknown): boolean {
  switch (type) {
    case "object":
      return isFields(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      return true;
  }
}

function nameType(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function shorten(text: string | undefined): string {
  const whole = text ?? "nothing";
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
}
