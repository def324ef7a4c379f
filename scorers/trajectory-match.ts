/**
 * The tool calls of the trace are the expected ones. `mode`: `strict` the same calls in the same order; `unordered` the
 * same in any order; `subset` no call that is not expected; `superset` every expected call, and others may be made.
 * Each expected call stands for one call. `args`: `exact` all arguments equal, `ignore` names only, `fields` only those
 * arguments that the expected call states.
 *
 * `expected` of the score cell: names or `{name, arguments}` in order; a call that states no arguments matches any.
 * Unscored: nothing is expected of the trace.
 * See langchain-ai/agentevals, trajectory match.
 */
import {
  canonicalJson,
  type ExpectedCall,
  fail,
  pass,
  readArguments,
  readExpectedCalls,
  score,
  scorer,
  type Trace,
  unscored
} from "tracebook";

type Call = Trace["tools"][number];

export default scorer({
  target: "trace",
  options: {
    /** strict, unordered, subset or superset. */
    mode: "unordered",
    /** exact, ignore or fields. */
    args: "exact",
    /** Tools whose calls count; all where the list is empty. */
    tools: [] as string[]
  },
  score: (trace, { mode, args, tools }) => {
    if (!["strict", "unordered", "subset", "superset"].includes(mode)) return unscored(`there is no mode "${mode}"`);
    if (!["exact", "ignore", "fields"].includes(args)) return unscored(`arguments cannot be compared by "${args}"`);
    if (trace.expected === null) return unscored("nothing is expected of the trace");
    const read = readExpectedCalls(trace.expected);
    if (read === undefined) return unscored("what is expected names no calls");
    const counts = ({ name }: { readonly name: string }) => tools.length === 0 || tools.includes(name);
    const [expected, called] = [read.filter(counts), trace.tools.filter(counts)];
    const { missing, extra, inOrder } = compare(expected, called, args);
    const faults = [
      ...(missing.length > 0 && mode !== "subset"
        ? [`does not make ${missing.map(nameCall).slice(0, 3).join(", ")}`]
        : []),
      ...(extra.length > 0 && mode !== "superset"
        ? [`makes ${extra.map(nameCall).slice(0, 3).join(", ")} beyond it`]
        : [])
    ];
    if (faults.length === 0 && mode === "strict" && !inOrder) faults.push("makes the expected calls in another order");
    if (faults.length === 0) return pass(`${called.length} calls match ${expected.length} expected ones (${mode})`);
    const evidence = extra.map((call) => ({ quote: nameCall(call), spanId: call.spanId }));
    const made = expected.length - missing.length;
    // Where all that is expected has to be done, the share of it that was done is worth knowing.
    return mode === "superset"
      ? score(expected.length === 0 ? 0 : made / expected.length, { pass: false, reason: faults.join("; ") })
      : fail(faults.join("; "), { evidence });
  }
});

function compare(expected: readonly ExpectedCall[], called: readonly Call[], how: string) {
  const left = new Set(called.keys());
  const missing: ExpectedCall[] = [];
  let inOrder = true;
  let last = -1;
  for (const wanted of expected) {
    // Those behind the last match first, so that equal calls keep their order.
    const fitting = [...left].filter((at) => fits(called[at]!, wanted, how));
    const at = fitting.find((index) => index > last) ?? fitting[0];
    if (at === undefined) missing.push(wanted);
    else {
      left.delete(at);
      if (at < last) inOrder = false;
      last = at;
    }
  }
  return { missing, extra: [...left].map((at) => called[at]!), inOrder };
}

function fits(call: Call, wanted: ExpectedCall, how: string): boolean {
  if (call.name !== wanted.name) return false;
  if (how === "ignore" || wanted.args === null) return true;
  const args = readArguments(call.args) ?? {};
  if (how === "exact") return canonicalJson(args) === canonicalJson(wanted.args);
  return Object.entries(wanted.args).every(
    ([key, value]) => Object.hasOwn(args, key) && canonicalJson(args[key]) === canonicalJson(value)
  );
}

function nameCall({ name, args }: { readonly name: string; readonly args: unknown }): string {
  return `${String(name).slice(0, 60)}(${args === null ? "" : (JSON.stringify(args) ?? "").slice(0, 80)})`;
}
