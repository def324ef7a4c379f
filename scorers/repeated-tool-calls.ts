/**
 * The agent is in no loop. It is in one where a tool is called `times` times with equal arguments and gives equal
 * answers, so that nothing new is learnt (polling whose answer changes is no loop), or where a tool gives the same
 * error `times` times in a row, whatever the arguments, so that the agent retries without minding what it was told.
 *
 * Unscored: the trace calls no tool.
 */
import { canonicalJson, fail, jsonText, pass, readJson, scorer, type Trace, unscored } from "tracebook";

type Call = Trace["tools"][number];

export default scorer({
  target: "trace",
  options: {
    /** Equal calls, or equal errors in a row, from which on the trace fails. */
    times: 3
  },
  score: (trace, { times }) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    const loop = longest(groupEqual(trace.tools));
    if (loop.length >= times)
      return fail(`${loop[0]!.name} was called ${loop.length} times with equal arguments and equal answers`, {
        label: "loop",
        evidence: loop.map(quoteCall)
      });
    const retries = longest(runsOfErrors(trace.tools));
    if (retries.length >= times)
      return fail(`${retries[0]!.name} was retried after the same error, ${retries.length} times in a row`, {
        label: "retries",
        evidence: retries.map(quoteCall)
      });
    return pass(`${trace.tools.length} tool calls, none repeated ${times} times`);
  }
});

function groupEqual(calls: readonly Call[]): readonly (readonly Call[])[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = canonicalJson([call.name, readJson(call.args), call.result, call.isError ? call.errorMessage : null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

/** Calls of one tool that failed alike, without one between them that did not. */
function runsOfErrors(calls: readonly Call[]): readonly (readonly Call[])[] {
  const runs: Call[][] = [];
  const open = new Map<string, { error: string; run: Call[] }>();
  for (const call of calls) {
    const error = call.isError ? `${call.errorMessage ?? ""} ${jsonText(call.result)}`.trim() : "";
    const before = open.get(call.name);
    if (error === "") open.delete(call.name);
    else if (before?.error === error) before.run.push(call);
    else {
      const run = [call];
      runs.push(run);
      open.set(call.name, { error, run });
    }
  }
  return runs;
}

function longest(groups: readonly (readonly Call[])[]): readonly Call[] {
  return groups.reduce((left, right) => (right.length > left.length ? right : left), []);
}

function quoteCall({ name, args, spanId }: Call) {
  return { quote: `${name} ${(JSON.stringify(args) ?? "").slice(0, 200)}`, spanId };
}
