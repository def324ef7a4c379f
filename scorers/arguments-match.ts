/**
 * Tool calls match the expected ones by the rules of the Berkeley Function Calling Leaderboard's `ast_checker`: names
 * equal; required arguments there, none that is not expected; types strict; each value among the allowed ones. Texts
 * are compared without spaces and `,./-_*^`, in lower case, `'` like `"`; lists element by element, mappings key by
 * key. An empty text among the allowed values makes an argument optional. Calls match in any order, each once, and
 * their number is equal.
 *
 * `expected` of the score cell: `[{"name": {"argument": [allowed, …]}}]` as BFCL writes it, or
 * `[{"name": …, "arguments": {…}}]` with one value for each argument.
 * Unscored: nothing is expected, or calls without arguments.
 * See Patil et al. 2025, The Berkeley Function Calling Leaderboard, ICML.
 */
import {
  canonicalJson,
  type ExpectedCall,
  fail,
  isFields,
  type Json,
  pass,
  readArguments,
  readExpectedCalls,
  scorer,
  type Trace,
  unscored
} from "tracebook";

interface Wanted {
  readonly name: string;
  /** By argument: the values that are right. */
  readonly allowed: ReadonlyMap<string, readonly Json[]>;
  /** In BFCL's form an empty text says that an argument may be left out, and mappings hold lists of right values as well. */
  readonly isBfcl: boolean;
}

export default scorer({
  target: "trace",
  options: {
    /** Tools whose calls count; all where the list is empty. Calls of the others are neither expected nor extra. */
    tools: [] as string[]
  },
  score: (trace, { tools }) => {
    if (trace.expected === null) return unscored("nothing is expected of the trace");
    const expected = readExpectedCalls(trace.expected);
    if (expected === undefined) return unscored("what is expected names no calls");
    const counts = (name: string) => tools.length === 0 || tools.includes(name);
    const wanted = expected.filter(({ name }) => counts(name)).map((call) => readWanted(call, trace.expected));
    if (wanted.some((call) => call === undefined)) return unscored("what is expected has calls without arguments");
    const called = trace.tools.filter(({ name }) => counts(name));
    if (called.length !== wanted.length)
      return fail(`made ${called.length} calls where ${wanted.length} are expected`, { label: "wrong_count" });
    const left = [...called];
    for (const call of wanted as readonly Wanted[]) {
      const faults = left.map((given) => faultOf(given, call));
      const at = faults.indexOf(null);
      if (at < 0) {
        const near = left.findIndex(({ name }) => name === call.name);
        const [label, sentence] = near < 0 ? ["wrong_name", `no call of "${call.name}" is left`] : faults[near]!;
        return fail(sentence!, {
          label: label!,
          evidence: near < 0 ? [] : [{ quote: quote(left[near]!.args), spanId: left[near]!.spanId }]
        });
      }
      left.splice(at, 1);
    }
    return pass(`${called.length} calls are as expected`);
  }
});

function readWanted({ name, args }: ExpectedCall, expected: Json): Wanted | undefined {
  if (args === null) return undefined;
  const items = Array.isArray(expected) ? (expected as readonly Json[]) : [expected];
  // In BFCL's form the name is the key, and each value is the list of those that are right.
  const isBfcl = items.some((item) => isFields(item) && isFields(item[name]) && item["name"] === undefined);
  const allowed = Object.entries(args).map(
    ([key, value]) => [key, isBfcl && Array.isArray(value) ? (value as readonly Json[]) : [value]] as const
  );
  return { name, allowed: new Map(allowed), isBfcl };
}

/** The first rule that a call breaks, with a sentence; null for none. */
function faultOf(call: Trace["tools"][number], { name, allowed, isBfcl }: Wanted): readonly [string, string] | null {
  if (call.name !== name) return ["wrong_name", `called "${call.name}" and not "${name}"`];
  const args = readArguments(call.args);
  if (args === undefined) return ["wrong_type", `the arguments of ${name} are no mapping`];
  const schema = isFields(call.schema) ? call.schema : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]) : [];
  for (const key of required)
    if (typeof key === "string" && !Object.hasOwn(args, key)) return ["missing_required", `${name} lacks "${key}"`];
  const properties = isFields(schema["properties"]) ? schema["properties"] : {};
  for (const [key, value] of Object.entries(args)) {
    const right = allowed.get(key);
    if (right === undefined) return ["unexpected_param", `${name} has "${key}", which is not expected`];
    const property = properties[key];
    const type = isFields(property) ? property["type"] : undefined;
    if (typeof type === "string" && !isOfType(value, type))
      return ["wrong_type", `"${key}" of ${name} is ${quote(value)}, not ${type}`];
    if (!right.some((candidate) => isSame(value, candidate, isBfcl)))
      return [
        "wrong_value",
        `"${key}" of ${name} is ${quote(value)}, not ${right.slice(0, 3).map(quote).join(" or ")}`
      ];
  }
  for (const [key, right] of allowed)
    if (!Object.hasOwn(args, key) && !(isBfcl && right.includes("")))
      return ["missing_optional", `${name} lacks "${key}"`];
  return null;
}

function isOfType(value: Json, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  // As BFCL has it, a whole number will do where a number is asked for.
  if (type === "number" || type === "float") return typeof value === "number";
  if (type === "array") return Array.isArray(value);
  if (type === "object" || type === "dict") return isFields(value);
  if (type === "null") return value === null;
  return type === "string" || type === "boolean" ? typeof value === type : true;
}

function isSame(value: Json, right: Json, isBfcl: boolean): boolean {
  if (typeof value === "string" && typeof right === "string") return plain(value) === plain(right);
  if (Array.isArray(value) && Array.isArray(right)) {
    const [left, other] = [value as readonly Json[], right as readonly Json[]];
    return left.length === other.length && left.every((item, at) => isSame(item, other[at]!, isBfcl));
  }
  if (isFields(value) && isFields(right)) {
    const listOf = (key: string): readonly Json[] =>
      isBfcl && Array.isArray(right[key]) ? (right[key] as readonly Json[]) : [right[key]!];
    return (
      Object.keys(value).every(
        (key) => Object.hasOwn(right, key) && listOf(key).some((one) => isSame(value[key]!, one, isBfcl))
      ) && Object.keys(right).every((key) => Object.hasOwn(value, key) || (isBfcl && listOf(key).includes("")))
    );
  }
  return canonicalJson(value) === canonicalJson(right);
}

function plain(text: string): string {
  return text
    .replaceAll(/[ ,./\-_*^]/g, "")
    .toLowerCase()
    .replaceAll("'", '"');
}

function quote(value: Json): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}
