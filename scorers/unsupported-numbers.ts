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
import { fail, type Json, pass, scorer, type Trace, unscored } from "tracebook";

/** Numbers of the sources beyond which no sums are tried. */
const reckonLimit = 60;

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthWords =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

interface Found {
  readonly text: string;
  /** Every reading of it; one that is supported is enough. */
  readonly readings: readonly string[];
}

export default scorer({
  target: "trace",
  score: (trace) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const claims = findFigures(output.replaceAll(/\[\^?\d{1,3}(?:\s*,\s*\d{1,3})*\](?!\()/g, " ")).filter(
      ({ readings }) => !isSmall(readings)
    );
    if (claims.length === 0) return unscored("the answer has no number or date to support");
    const sources = readSources(trace);
    if (sources.trim() === "") return unscored("the trace holds nothing that could support a number");
    const told = new Set(findFigures(sources).flatMap(({ readings }) => readings.flatMap(widen)));
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

function readSources(trace: Trace): string {
  const parts: string[] = [trace.systemInstructions ?? ""];
  for (const message of trace.messages)
    if (message.role !== "assistant") parts.push(message.text, textOf(responsesOf(message.parts)));
  if (trace.messages.length === 0) parts.push(trace.input ?? "");
  for (const call of trace.tools) parts.push(textOf(call.result));
  for (const document of trace.documents) parts.push(document.content ?? "", textOf(document.metadata));
  return parts.join("\n");
}

function responsesOf(parts: readonly { readonly type: string; readonly [key: string]: Json }[]): Json {
  return parts.flatMap((part) =>
    part.type === "tool_call_response" ? [part["response"] ?? part["result"] ?? null] : []
  );
}

function textOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

/** Numbers and dates of a text in order; a date's digits are not numbers of their own. */
function findFigures(text: string): Found[] {
  const found: Found[] = [];
  let rest = toAsciiDigits(text);
  const take = (pattern: RegExp, read: (groups: readonly string[]) => readonly string[]): void => {
    // After its groups the callback gets the offset and the whole text.
    rest = rest.replaceAll(pattern, (whole: string, ...groups: unknown[]) => {
      const readings = read(groups.slice(0, -2).filter((group): group is string => typeof group === "string"));
      if (readings.length === 0) return whole;
      found.push({ text: whole, readings });
      return " ; ";
    });
  };
  take(/(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?(?:T[\d:.]+Z?)?/g, ([y, m, d]) => dates(y, m, d));
  take(/(?<![\d.])(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)/g, ([a, b, y]) => [...dates(y, a, b), ...dates(y, b, a)]);
  take(new RegExp(`\\b(${monthWords})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`, "gi"), ([m, d, y]) =>
    dates(y, monthOf(m), d)
  );
  take(
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+(?:of\\s+)?(${monthWords})\\.?,?\\s+(\\d{4})\\b`, "gi"),
    ([d, m, y]) => dates(y, monthOf(m), d)
  );
  take(new RegExp(`\\b(${monthWords})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?![\\d,.]*\\d)`, "gi"), ([m, d]) =>
    monthDay(monthOf(m), d)
  );
  take(
    /(?<![\p{L}\p{N}_#/-])([-−]?\p{Sc}?\s?\d(?:[\d.,'’\u00a0\u202f٬٫]*\d)?)(\s?[%٪％])?(?![\p{L}_]*[_-]?\d*[\p{L}_-]\d)/gu,
    ([number, percent]) => readNumber(number ?? "", percent !== undefined)
  );
  return found;
}

/** A date of the sources also supports its day and month alone, and its year. */
function widen(reading: string): readonly string[] {
  if (!/^d\d{4}-/.test(reading)) return [reading];
  return [reading, `d-${reading.slice(6)}`, String(Number(reading.slice(1, 5)))];
}

function dates(year = "", month = "", day = ""): string[] {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  return m >= 1 && m <= 12 && d >= 1 && d <= 31 ? [`d${String(y).padStart(4, "0")}-${pad(m)}-${pad(d)}`] : [];
}

function monthDay(month = "", day = ""): string[] {
  const d = Number(day);
  return d >= 1 && d <= 31 ? [`d-${pad(Number(month))}-${pad(d)}`] : [];
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function monthOf(word = ""): string {
  return String(months.indexOf(word.slice(0, 3).toLowerCase()) + 1);
}

/** Every value the writing can have: `1.000` is a thousand and one. */
function readNumber(text: string, isPercent: boolean): string[] {
  const isNegative = /^[-−]/.test(text);
  const digits = text.replaceAll(/[-−\p{Sc}\s'’\u00a0\u202f٬]/gu, "").replaceAll("٫", ".");
  const readings = new Set<number>();
  const lastMark = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  if (lastMark < 0) readings.add(Number(digits));
  else {
    const isGrouped =
      /^\d{1,3}([.,]\d{2,3})*[.,]\d{3}$/.test(digits) && new Set(digits.replaceAll(/\d/g, "")).size === 1;
    if (isGrouped) readings.add(Number(digits.replaceAll(/[.,]/g, "")));
    const whole = digits.slice(0, lastMark);
    if (!whole.includes(digits[lastMark] ?? ""))
      readings.add(Number(`${whole.replaceAll(/[.,]/g, "")}.${digits.slice(lastMark + 1)}`));
  }
  return [...readings].filter(Number.isFinite).flatMap((value) => {
    const signed = isNegative ? [value, -value] : [value];
    return signed.flatMap((number) => (isPercent ? [keyOf(number), keyOf(number / 100)] : [keyOf(number)]));
  });
}

function keyOf(value: number): string {
  return String(Number(value.toPrecision(12)));
}

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

function toAsciiDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x660, 0x6f0, 0x966, 0xff10].find((start) => code >= start && code < start + 10) ?? code;
    return String(code - zero);
  });
}
