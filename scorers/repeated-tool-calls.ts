/**
 * No tool is asked the same thing three times for the same answer: an agent that repeats a call with equal
 * arguments and learns nothing new is in a loop. Polling whose answer changes is not a repeat.
 *
 * Unscored: the trace calls no tool.
 */
import { fail, pass, scorer, unscored } from "tracebook";

/** Equal calls with equal answers from which on the trace fails. */
const tooMany = 3;

export default scorer({
  target: "trace",
  score: (trace) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    const counts = new Map<string, { name: string; times: number }>();
    for (const call of trace.tools) {
      const key = canonical([call.name, parsed(call.args), call.result, call.isError ? call.errorMessage : null]);
      const seen = counts.get(key);
      if (seen === undefined) counts.set(key, { name: call.name, times: 1 });
      else seen.times += 1;
    }
    const worst = [...counts.values()].reduce((left, right) => (right.times > left.times ? right : left));
    return worst.times >= tooMany
      ? fail(`${worst.name} was called ${worst.times} times with equal arguments and equal answers`)
      : pass(`${trace.tools.length} tool calls, none repeated ${tooMany} times`);
  }
});

function parsed(args: unknown): unknown {
  if (typeof args !== "string") return args;
  try {
    return JSON.parse(args);
  } catch {
    return args;
  }
}

/** One text per value, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
