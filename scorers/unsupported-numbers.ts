/**
 * Numbers and dates of the last answer appear in what the agent was told: user messages, tool results,
 * retrieved documents, system instructions. `1,000`, `1.000`, `1 000` and `$1000.00` are one number;
 * `12 %` is `0.12`; `2024-03-05`, `5 March 2024`, `March 5, 2024` and `05/03/2024` are one date (a date
 * written with slashes supports both readings). Arabic, Persian, Devanagari and full-width digits count.
 *
 * Not asked to be supported: whole numbers up to 12 (list items, small counts), citation marks, and sums,
 * differences and products of two supported numbers, since an agent may reckon.
 * Unscored: the trace has no answer, the answer has no number, or nothing was told that could support one.
 */
import { fail, findFigures, pass, scorer, toldText, unscored, widenReading } from "tracebook";

/** Numbers of the sources beyond which no sums are tried. */
const reckonLimit = 60;

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const claims = findFigures(output.replaceAll(/\[\^?\d{1,3}(?:\s*,\s*\d{1,3})*\](?!\()/g, " ")).filter(
      ({ readings }) => !isSmall(readings)
    );
    if (claims.length === 0) return unscored("the answer has no number or date to support");
    const sources = toldText(trace, { withInstructions: true });
    if (sources.trim() === "") return unscored("the trace holds nothing that could support a number");
    const told = new Set(findFigures(sources).flatMap(({ readings }) => readings.flatMap(widenReading)));
    const numbers = [...told].filter((reading) => !reading.includes("d")).map(Number);
    const absent = claims.filter(
      ({ readings }) => !readings.some((reading) => told.has(reading) || canReckon(reading, numbers))
    );
    if (absent.length === 0) return pass(`${claims.length} numbers and dates are supported`);
    return fail(
      `nothing the agent was told supports ${absent
        .slice(0, 5)
        .map(({ text }) => `"${text.trim()}"`)
        .join(", ")}`,
      { evidence: absent.slice(0, 5).map(({ text }) => ({ quote: text.trim(), spanId: null })) }
    );
  }
});

function isSmall(readings: readonly string[]): boolean {
  return readings.every((reading) => /^\d{1,2}$/.test(reading) && Number(reading) <= 12);
}

function canReckon(reading: string, numbers: readonly number[]): boolean {
  const target = Number(reading);
  if (!Number.isFinite(target) || numbers.length > reckonLimit) return false;
  const near = (value: number): boolean => Math.abs(value - target) < 0.005;
  return numbers.some((left, at) =>
    numbers.some(
      (right, other) => other >= at && (near(left + right) || near(Math.abs(left - right)) || near(left * right))
    )
  );
}
