/**
 * Dates of the last answer appear in what the agent was told: user messages, tool results, retrieved documents, system
 * instructions. `2024-03-05`, `5 March 2024`, `March 5, 2024` and `05/03/2024` are one date; a day without a year is
 * supported by one with it. The day on which the trace began may be said by an agent that was not told it.
 *
 * Numbers that are no dates are for unsupported-numbers.
 * Unscored: the trace has no answer, the answer has no date, or nothing was told that could support one.
 */
import { fail, findFigures, pass, scorer, toldText, unscored, widenReading } from "tracebook";

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const dates = findFigures(output).filter(({ readings }) => readings.some((reading) => reading.startsWith("d")));
    if (dates.length === 0) return unscored("the answer has no date");
    const sources = toldText(trace, { withInstructions: true });
    if (sources.trim() === "") return unscored("the trace holds nothing that could support a date");
    const today = String(trace.startedAt ?? "").slice(0, 10);
    const told = new Set(findFigures(`${sources}\n${today}`).flatMap(({ readings }) => readings.flatMap(widenReading)));
    const absent = dates.filter(({ readings }) => !readings.some((reading) => told.has(reading)));
    if (absent.length === 0) return pass(`${dates.length} dates are supported`);
    const quotes = absent.map(({ text }) => text.trim());
    return fail(
      `nothing the agent was told supports ${quotes
        .slice(0, 5)
        .map((text) => `"${text}"`)
        .join(", ")}`,
      { evidence: quotes.map((quote) => ({ quote })) }
    );
  }
});
