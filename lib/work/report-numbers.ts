import type { Check, Outcome } from "#lib/model/run.ts";

/** A number as people read it: thousands separated, three significant figures where it is not whole. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A rate with its 95 % interval and its n: `82 % [76, 87] n = 214`. */
export function formatRate(value: number, interval: readonly [number, number] | null, n: number | null): string {
  const percent = (share: number) => String(Math.round(share * 100));
  const range = interval ? ` [${percent(interval[0])}, ${percent(interval[1])}]` : "";
  return `${percent(value)} %${range}${n === null ? "" : ` n = ${n.toLocaleString("en")}`}`;
}

/** The value of a check with all that it says of its sureness. */
export function formatCheckValue(check: Check): string {
  if (check.value === null) return check.n === null ? "no value" : `no value, n = ${check.n.toLocaleString("en")}`;
  const isRate = check.value >= 0 && check.value <= 1 && (check.interval !== null || (check.threshold ?? 2) <= 1);
  if (isRate) return formatRate(check.value, check.interval, check.n);
  const range = check.interval ? ` [${check.interval.map(formatNumber).join(", ")}]` : "";
  return `${formatNumber(check.value)}${range}${check.n === null ? "" : ` n = ${check.n.toLocaleString("en")}`}`;
}

/** The threshold of a check in the unit of its value. */
export function formatThreshold({ value, threshold, interval }: Check): string {
  if (threshold === null) return "";
  const isRate =
    threshold >= 0 && threshold <= 1 && (interval !== null || value === null || (value >= 0 && value <= 1));
  return isRate ? `${formatNumber(threshold * 100)} %` : formatNumber(threshold);
}

/** What became of a check, in a word. */
export function checkWord({ pass }: Check): "passed" | "failed" | "undecided" {
  return pass === null ? "undecided" : pass ? "passed" : "failed";
}

/** What became of a run, in a sentence. */
export function outcomeSentence(outcome: Outcome, checks: readonly Check[]): string {
  const passed = checks.filter(({ pass }) => pass === true).length;
  const counted = `${passed} of ${checks.length} checks passed`;
  switch (outcome) {
    case "passed":
      return checks.length === 0 ? "Every cell ran; the workbook makes no checks" : counted;
    case "failed": {
      const undecided = checks.filter(({ pass }) => pass === null).length;
      return undecided > 0 ? `${counted}, ${undecided} undecided` : counted;
    }
    case "broken":
      return "A cell failed, so the checks do not speak for the workbook";
    case "stopped":
      return "The run was stopped before its end";
    case "running":
      return "The run has not ended";
  }
}

/** Milliseconds as people read them. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** An instant in UTC, to the second. */
export function formatInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
