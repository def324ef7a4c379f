/**
 * Each legal citation of the last answer is well formed and stands in what was retrieved. Known forms: cases by US
 * reporter (`347 U.S. 483 (1954)`), by neutral citation (`[2019] UKSC 41`), by number of the EU courts (`C-131/12`) and
 * by ECLI; statutes as `42 U.S.C. § 1983`, `17 C.F.R. § 240.10b-5`, `Regulation (EU) 2016/679`, `Directive 95/46/EC`,
 * `§ 433 BGB`, `Art. 6 DSGVO`. Well formed: a volume, page, title or section that can be, a year from 1600 to the trace's
 * own. It exists if a retrieved document, the result of a tool, the user or the list `registry` has it.
 *
 * Whether the source says what is claimed needs a reader.
 * Unscored: the trace has no answer, or the answer cites no law.
 */
import { fail, pass, plainText, scorer, type Trace, toAsciiDigits, toldText, unscored } from "tracebook";

interface Citation {
  readonly text: string;
  /** How it is looked for: signs that people set differently are gone. */
  readonly key: string;
  /** Why it cannot be; null where it can. */
  readonly fault: string | null;
}

const reporters =
  "U\\.? ?S\\.?|S\\. ?Ct\\.?|L\\. ?Ed\\.(?: ?2d)?|F\\.(?: ?(?:2d|3d|4th|Supp\\.(?: ?(?:2d|3d))?|App'x))?|A\\.(?: ?[23]d)?|P\\.(?: ?[23]d)?|(?:N\\.E|N\\.W|S\\.E|S\\.W)\\.(?: ?[23]d)?|So\\.(?: ?[23]d)?|Cal\\.(?: ?(?:App\\.)? ?(?:2d|3d|4th|5th))?|N\\.Y\\.(?:S\\.)?(?: ?[23]d)?";
const codes =
  "BGB|StGB|ZPO|StPO|HGB|GG|AktG|GmbHG|InsO|KWG|WpHG|GwG|UWG|UrhG|ArbZG|KSchG|BetrVG|BDSG|AO|EStG|VwGO|VwVfG|DSGVO|DS-GVO|GDPR|ABGB|OR|ZGB";

export default scorer({
  target: "trace",
  options: {
    /** Citations that are known to exist, beside what was retrieved. */
    registry: [] as string[],
    /** Whether a citation has to stand in a source; off, only its form is looked at. */
    mustBeRetrieved: true as boolean
  },
  score: (trace, { registry, mustBeRetrieved }) => {
    const output = trace.output ?? "";
    if (output.trim() === "") return unscored("the trace has no answer");
    const cited = findLaw(output, yearOf(trace));
    if (cited.length === 0) return unscored("the answer cites no law");
    const malformed = cited.filter(({ fault }) => fault !== null);
    if (malformed.length > 0)
      return fail(`"${malformed[0]!.text}" cannot be: ${malformed[0]!.fault}`, {
        label: "malformed",
        evidence: malformed.map(({ text }) => ({ quote: text }))
      });
    if (!mustBeRetrieved) return pass(`${cited.length} legal citations are well formed`);
    const known = keyOf([toldText(trace), ...registry].join("\n"));
    const absent = cited.filter(({ key }) => !known.includes(key));
    if (absent.length === 0) return pass(`${cited.length} legal citations stand in the sources`);
    return fail(
      `no source has ${absent
        .slice(0, 3)
        .map(({ text }) => `"${text}"`)
        .join(", ")}`,
      {
        label: "not retrieved",
        evidence: absent.map(({ text }) => ({ quote: text }))
      }
    );
  }
});

function findLaw(output: string, thisYear: number): Citation[] {
  const found = new Map<string, Citation>();
  const text = toAsciiDigits(output);
  const take = (pattern: RegExp, faultOf: (groups: readonly string[], whole: string) => string | null): void => {
    for (const match of text.matchAll(pattern)) {
      const key = keyOf(match[0].replace(/ ?\([^()]*\d{4}\)$/, ""));
      if (!found.has(key)) found.set(key, { text: match[0].trim(), key, fault: faultOf(match.slice(1), match[0]) });
    }
  };
  const year = (value: string | undefined) =>
    value === undefined || (Number(value) >= 1600 && Number(value) <= thisYear)
      ? null
      : `there is no year ${value} yet or in print`;
  take(
    new RegExp(`(?<![\\d.])(\\d{1,4}) (?:${reporters}) (\\d{1,5})(?!\\d)(?: ?\\((?:[^()\\d]{0,30})(\\d{4})\\))?`, "g"),
    ([volume, page, when]) =>
      Number(volume) === 0 || Number(page) === 0 ? "volumes and pages begin with 1" : year(when)
  );
  take(
    /\[(\d{4})\] (?:UKSC|UKHL|UKPC|EWCA (?:Civ|Crim)|EWHC|UKUT|UKFTT|EAT|NICA|CSIH|CSOH|HCA|FCA|SCC|IESC|NZSC|SGCA) (\d{1,5})(?!\d)/g,
    ([when, number]) => (Number(number) === 0 ? "numbers begin with 1" : year(when))
  );
  take(/\bECLI:[\w.:-]{4,60}\w/g, (_, whole) => faultOfEcli(whole, year));
  take(/(?<![\w-])[CTF][-‑](\d{1,4})\/(\d{2})(?!\d)(?: P)?/g, ([number]) =>
    Number(number) === 0 ? "numbers begin with 1" : null
  );
  take(/(?<![\d.])(\d{1,3}) U\.? ?S\.? ?C\.?(?:A\.)? ?(?:§§?|[Ss]ec(?:tion|\.)) ?(\d+[\w-]*)/g, ([title]) =>
    Number(title) >= 1 && Number(title) <= 54 ? null : "the U.S.C. has titles 1 to 54"
  );
  take(/(?<![\d.])(\d{1,3}) C\.? ?F\.? ?R\.? ?(?:§§?|[Pp]art|[Ss]ec(?:tion|\.)) ?(\d+[\w.-]*\w|\d)/g, ([title]) =>
    Number(title) >= 1 && Number(title) <= 50 ? null : "the C.F.R. has titles 1 to 50"
  );
  take(/\bRegulation \((?:EU|EC|EEC)\) (?:No\.? ?)?(\d{1,4})\/(\d{1,4})\b/g, ([a, b]) => ofUnion(a, b, thisYear));
  take(/\bDirective (?:\(EU\) )?(\d{2,4})\/(\d{1,4})(?:\/(?:EU|EC|EEC))?\b/g, ([a, b]) => ofUnion(a, b, thisYear));
  take(
    new RegExp(
      `(?:§§?|\\bArt(?:ikel|icle)?\\.?) ?(\\d+[a-z]?)(?: ?(?:Abs|para)\\.? ?\\d+)?(?:\\(\\d+\\))*(?: ?S(?:atz|\\.) ?\\d+)?(?: of the)? (?:${codes})\\b`,
      "g"
    ),
    ([section]) => (Number.parseInt(section ?? "", 10) === 0 ? "sections begin with 1" : null)
  );
  return [...found.values()];
}

/** Acts of the Union are numbered year first since 2015, and either way before. */
function ofUnion(first = "", second = "", thisYear = 0): string | null {
  const isYear = (value: string) => {
    const year = value.length === 2 ? 1900 + Number(value) : Number(value);
    return value.length !== 3 && year >= 1957 && year <= thisYear;
  };
  return isYear(first) || isYear(second) ? null : "neither number is a year of the Union";
}

/** Country, court, year and number. See Council conclusions 2011/C 127/01. */
function faultOfEcli(text: string, year: (value: string) => string | null): string | null {
  const match = /^ECLI:[A-Z]{2}:[A-Z][A-Z\d]{0,6}:(\d{4}):[A-Z\d][A-Z\d.]{0,24}$/i.exec(text);
  return match === null ? "an ECLI has a country, a court, a year and a number" : year(match[1]!);
}

/** Words and numbers between single spaces; dots, signs and the court and year behind a reporter are gone. */
function keyOf(text: string): string {
  const words =
    plainText(toAsciiDigits(text))
      .replaceAll(".", "")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = words.filter((word) => !/^(?:sec|section|no)$/.test(word)).join(" ");
  // U. S. C. is USC.
  return ` ${kept.replaceAll(/(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu, "")} `;
}

function yearOf(trace: Trace): number {
  const year = new Date(trace.startedAt ?? "").getUTCFullYear();
  return Number.isFinite(year) ? year : 9999;
}
