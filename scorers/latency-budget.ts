/**
 * The trace ended within its budget of time.
 *
 * Unscored: the trace has no duration, or its source gave no times and ours only keep the order (0 ms).
 */
import { fail, pass, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  options: {
    /** Milliseconds from the first start to the last end. */
    budgetMs: 30_000
  },
  score: (trace, { budgetMs }) => {
    const { durationMs } = trace;
    if (typeof durationMs !== "number" || !Number.isFinite(durationMs) || durationMs <= 0) {
      return unscored("the trace has no duration");
    }
    const took = `took ${(durationMs / 1000).toFixed(2)} s`;
    return durationMs <= budgetMs ? pass(took) : fail(`${took}, more than ${budgetMs / 1000} s`);
  }
});
