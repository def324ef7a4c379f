/**
 * Every tool call fits its definition: the tool exists, required arguments are there, none is unknown,
 * and each has the type and the bounds the JSON Schema states.
 *
 * Unscored: the trace calls no tool, or does not say which tools there were.
 * An argument that no property names is a fault unless the definition allows additional properties in so
 * many words: models are given the list of properties, and inventing one is the mistake looked for.
 */
import {
  type Evidence,
  fail,
  isFields,
  type Json,
  jsonText,
  pass,
  readArguments,
  schemaFaults,
  scorer,
  unscored
} from "tracebook";

export default scorer({
  target: "trace",
  score: (trace) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    if (trace.toolDefinitions.length === 0) return unscored("the trace does not say which tools there were");
    const schemas = new Map(trace.toolDefinitions.map(({ name, schema }) => [name, schema]));
    const faults: string[] = [];
    const evidence: Evidence[] = [];
    for (const call of trace.tools) {
      const schema = schemas.get(call.name);
      const found =
        schema === undefined
          ? [`no tool is called "${call.name}"`]
          : findFaults(readArguments(call.args) ?? null, schema).map((fault) => `${call.name}: ${fault}`);
      if (found.length === 0) continue;
      faults.push(...found);
      evidence.push({ quote: `${call.name} ${jsonText(call.args).slice(0, 300)}`, spanId: call.spanId });
    }
    if (faults.length === 0) return pass(`${trace.tools.length} tool calls fit their definitions`);
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
    return fail(faults.slice(0, 3).join("; ") + more, { evidence });
  }
});

function findFaults(args: Json, schema: Json): readonly string[] {
  if (!isFields(args)) return ["the arguments are no JSON object"];
  const faults = [...schemaFaults(args, schema)];
  if (!isFields(schema) || schema["additionalProperties"] !== undefined) return faults;
  const known = schema["properties"];
  if (!isFields(known)) return faults;
  for (const key of Object.keys(args)) if (!Object.hasOwn(known, key)) faults.push(`"${key}" is no parameter of it`);
  return faults;
}
