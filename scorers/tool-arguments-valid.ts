/**
 * Every tool call fits its definition: the tool exists, required arguments are there, none is unknown,
 * and each has the type and the bounds the JSON Schema states.
 *
 * Unscored: the trace calls no tool, or does not say which tools there were.
 * An argument that no property names is a fault unless the definition allows additional properties in so
 * many words: models are given the list of properties, and inventing one is the mistake looked for.
 */
import { fail, type Json, pass, schemaFaults, scorer, unscored } from "tracebook";

type Fields = { readonly [key: string]: Json };

export default scorer({
  target: "trace",
  score: (trace) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    if (trace.toolDefinitions.length === 0) return unscored("the trace does not say which tools there were");
    const schemas = new Map(trace.toolDefinitions.map(({ name, schema }) => [name, schema]));
    const faults: string[] = [];
    for (const call of trace.tools) {
      const schema = schemas.get(call.name);
      if (schema === undefined) faults.push(`no tool is called "${call.name}"`);
      else for (const fault of findFaults(readArguments(call.args), schema)) faults.push(`${call.name}: ${fault}`);
    }
    if (faults.length === 0) return pass(`${trace.tools.length} tool calls fit their definitions`);
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
    return fail(faults.slice(0, 3).join("; ") + more);
  }
});

function findFaults(args: Json, schema: Json): readonly string[] {
  if (!isFields(args)) return ["the arguments are no JSON object"];
  const faults = [...schemaFaults(args, schema)];
  if (!isFields(schema) || schema["additionalProperties"] !== undefined || !isFields(schema["properties"] ?? null))
    return faults;
  const known = schema["properties"] as Fields;
  for (const key of Object.keys(args)) if (!Object.hasOwn(known, key)) faults.push(`"${key}" is no parameter of it`);
  return faults;
}

/** Arguments as an object, also where the trace holds them as JSON text. */
function readArguments(args: Json): Json {
  if (args === null || args === undefined || args === "") return {};
  if (typeof args !== "string") return args;
  try {
    return JSON.parse(args) as Json;
  } catch {
    return args;
  }
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
