/**
 * The agent called the tools it should have called. Against expected calls (`expected` of the score cell: names, or
 * calls of which only the names count): each of them is called at least once and, unless `allowOthers`, no other.
 * Where nothing is expected: each called tool is one that the trace declares.
 *
 * Whether the arguments are right is for tool-arguments-valid and arguments-match.
 * Unscored: nothing is expected and the trace calls no tool or declares none.
 */
import { fail, pass, readExpectedCalls, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  options: {
    /** Whether tools beyond the expected ones may be called. */
    allowOthers: false as boolean
  },
  score: (trace, { allowOthers }) => {
    const called = new Set(trace.tools.map(({ name }) => name));
    if (trace.expected !== null) {
      const expected = readExpectedCalls(trace.expected);
      if (expected === undefined) return unscored("what is expected names no tools");
      const names = new Set(expected.map(({ name }) => name));
      const missing = [...names].filter((name) => !called.has(name));
      const others = allowOthers ? [] : [...called].filter((name) => !names.has(name));
      if (missing.length + others.length === 0) return pass(`called all ${names.size} expected tools`);
      const faults = [
        ...(missing.length > 0 ? [`did not call ${list(missing)}`] : []),
        ...(others.length > 0 ? [`called ${list(others)}, which was not expected`] : [])
      ];
      return fail(faults.join("; "), {
        label: missing.length > 0 ? "missing tool" : "other tool",
        evidence: trace.tools
          .filter(({ name }) => others.includes(name))
          .map(({ name, spanId }) => ({ quote: name, spanId }))
      });
    }
    if (trace.tools.length === 0) return unscored("the trace calls no tool, and none is expected");
    if (trace.toolDefinitions.length === 0) return unscored("nothing is expected, and the trace declares no tools");
    const declared = new Set(trace.toolDefinitions.map(({ name }) => name));
    const strange = trace.tools.filter(({ name }) => !declared.has(name));
    if (strange.length === 0) return pass(`all ${called.size} called tools are declared`);
    return fail(`called ${list([...new Set(strange.map(({ name }) => name))])}, which the trace does not declare`, {
      label: "unknown tool",
      evidence: strange.map(({ name, spanId }) => ({ quote: name, spanId }))
    });
  }
});

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${String(name).slice(0, 60)}"`);
  return shown.join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
}
