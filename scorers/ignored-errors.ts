/**
 * No error of a tool is ignored: after it the agent calls the tool again, takes another way (calls another tool, unless
 * `otherToolHandles` is off), or says in its words that something did not work. An error is a call with the status
 * error, or whose result is a mapping with an `error` or a text that begins with "Error".
 *
 * Finds errors that the agent passes over without a word or a deed; it does not judge whether what it did was right.
 * Unscored: the trace calls no tool, or no call failed.
 */
import { fail, isFields, pass, plainText, readJson, scorer, type Trace, unscored } from "tracebook";

type Call = Trace["tools"][number];

/** Words with which an agent owns up, in a few languages. */
const ownsUp =
  /\b(?:errors?|fail(?:s|ed|ure|ing)?|unable|cannot|can't|could ?n(?:o|')t|did ?n(?:o|')t|was ?n(?:o|')t|not able|unfortunately|apolog\w*|sorry|problems?|issues?|trouble|timed? ?out|unavailable|invalid|not (?:found|available|possible)|no (?:such|record|result|match)\w*|try again|retry|declined|denied|rejected|fehler|leider|nicht (?:gefunden|möglich)|fehlgeschlagen|désolée?|erreur|échou\w*|impossible|no (?:se )?pud\w*|lo siento|falló)\b|抱歉|失败|错误|无法|エラー|失敗|できません|خطأ|عذر/u;

export default scorer({
  target: "trace",
  options: {
    /** Whether a call of another tool after an error is a way of handling it. */
    otherToolHandles: true as boolean
  },
  score: (trace, { otherToolHandles }) => {
    if (trace.tools.length === 0) return unscored("the trace calls no tool");
    const failed = trace.tools.flatMap((call, at) => (isFailed(call) ? [{ call, at }] : []));
    if (failed.length === 0) return unscored("no tool call failed");
    const words = wordsAfter(trace);
    const ignored = failed.filter(({ call, at }) => {
      const later = trace.tools.slice(at + 1);
      const acted = later.some(({ name }) => otherToolHandles || name === call.name);
      return !acted && !ownsUp.test(words(call));
    });
    if (ignored.length === 0) return pass(`${failed.length} errors of tools were handled`);
    return fail(
      `ignores ${ignored.length === 1 ? "an error" : `${ignored.length} errors`} of ${ignored[0]!.call.name.slice(0, 60)}`,
      {
        evidence: ignored.map(({ call }) => ({
          quote: (call.errorMessage ?? JSON.stringify(call.result) ?? "error").slice(0, 300),
          spanId: call.spanId
        }))
      }
    );
  }
});

function isFailed({ isError, result }: Call): boolean {
  if (isError) return true;
  const read = readJson(result);
  if (typeof read === "string") return /^\s*error\b/i.test(read);
  if (!isFields(read)) return false;
  const error = read["error"] ?? read["Error"] ?? null;
  return error !== null && error !== false && error !== "" && error !== 0;
}

/** What the agent said in steps that ended after a call, its last answer included. */
function wordsAfter(trace: Trace): (call: Call) => string {
  const orderOf = new Map(trace.spans.map(({ id }, at) => [id, at]));
  return ({ spanId }) => {
    const from = orderOf.get(spanId) ?? 0;
    const said = trace.spans
      .slice(from + 1)
      .flatMap(({ kind, outputText }) => (kind === "llm" ? [outputText ?? ""] : []));
    return plainText([...said, trace.output ?? ""].join("\n"));
  };
}
