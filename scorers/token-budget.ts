/**
 * The model calls of the trace took no more tokens than their budget, in and out together; each call counts once.
 *
 * Unscored: no span of the trace says its tokens; an unknown number is not a number of nought.
 */
import { fail, pass, scorer, unscored } from "tracebook";

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

export default scorer({
  target: "trace",
  options: {
    /** Tokens of the whole trace. */
    budget: 50_000
  },
  score: (trace, { budget }) => {
    const known = [trace.usage.inputTokens, trace.usage.outputTokens].filter(isCount);
    if (known.length === 0) return unscored("the tokens of the trace are not known");
    const tokens = known.reduce((sum, count) => sum + count, 0);
    const took = `took ${tokens} tokens`;
    return tokens <= budget ? pass(took) : fail(`${took}, more than ${budget}`);
  }
});
