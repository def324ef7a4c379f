/** A number or a date as a text writes it. */
export interface Figure {
  readonly text: string;
  /** Every reading of it; one that is supported is enough. A date begins with a d: `d2024-03-05`, without a year `d-03-05`. */
  readonly readings: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthWords =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

const largeMonths = monthWords.replaceAll(/(?<=^|\|)[a-z]/g, (letter) => letter.toUpperCase());

/**
 * Numbers and dates of a text, dates first; a date's digits are not numbers of their own. `1,000`, `1.000`, `1 000` and
 * `$1000.00` are one number, `12 %` is also `0.12`; a date with slashes has both readings.
 */
export function findFigures(text: string): Figure[] {
  const found: Figure[] = [];
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
  // Written large, because "may" and "march" are words, too.
  take(
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+(?:of\\s+)?(${largeMonths})\\b(?!\\.?,?\\s+\\d{4})`, "g"),
    ([d, m]) => monthDay(monthOf(m), d)
  );
  take(
    /(?<![\p{L}\p{N}_#/-])([-−]?\p{Sc}?\s?\d(?:[\d.,'’\u00a0\u202f٬٫]*\d)?)(\s?[%٪％])?(?![\p{L}_]*[_-]?\d*[\p{L}_-]\d)/gu,
    ([number, percent]) => readNumber(number ?? "", percent !== undefined)
  );
  return found;
}

/** A date that is told also tells its day and month alone, and its year. */
export function widenReading(reading: string): readonly string[] {
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

/** Arabic, Persian, Devanagari and full-width digits as ASCII ones. */
export function toAsciiDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x660, 0x6f0, 0x966, 0xff10].find((start) => code >= start && code < start + 10) ?? code;
    return String(code - zero);
  });
}
