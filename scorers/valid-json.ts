/**
 * The last answer is one JSON value and, where `schema` is set, fits that JSON Schema. A fence of Markdown around it is
 * taken off unless `bare` is set; words around it are a fault.
 *
 * The schema may use type, enum, const, properties, required, additionalProperties, items, bounds, lengths, pattern,
 * anyOf, oneOf, allOf and local $ref; other keywords constrain nothing.
 * Unscored: the trace has no answer.
 */
import { fail, type Json, pass, schemaFaults, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  options: {
    /** JSON Schema that the value has to fit; null for any value. */
    schema: null as Json,
    /** Whether a fence around it is a fault, too. */
    bare: false as boolean
  },
  score: (trace, { schema, bare }) => {
    const output = typeof trace.output === "string" ? trace.output.trim() : "";
    if (output === "") return unscored("the trace has no answer");
    const text = bare ? output : (/^```[\w-]*\n([\s\S]*?)\n?```$/.exec(output)?.[1] ?? output);
    let value: Json;
    try {
      value = JSON.parse(text) as Json;
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      return fail(`the answer is no JSON: ${sentence.slice(0, 200)}`, {
        label: "no json",
        evidence: [{ quote: text.slice(0, 200) }]
      });
    }
    const faults = schema === null ? [] : schemaFaults(value, schema);
    if (faults.length === 0) return pass(schema === null ? "the answer is JSON" : "the answer fits the schema");
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
    return fail(faults.slice(0, 3).join("; ") + more, { label: "schema", evidence: [{ quote: text.slice(0, 200) }] });
  }
});
