/**
 * The trace cost no more than its budget.
 *
 * Unscored: no span of the trace has a cost; an unknown cost is not a cost of nothing.
 */
import { fail, pass, scorer, unscored } from "tracebook";

export default scorer({
  target: "trace",
  options: {
    /** US dollars for the whole trace. */
    budgetUsd: 0.5
  },
  score: (trace, { budgetUsd }) => {
    const { costUsd } = trace;
    if (typeof costUsd !== "number" || !Number.isFinite(costUsd)) return unscored("the cost of the trace is not known");
    const cost = `cost ${costUsd.toFixed(4)} USD`;
    return costUsd <= budgetUsd ? pass(cost) : fail(`${cost}, more than ${budgetUsd} USD`);
  }
});
