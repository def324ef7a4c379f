import { type MaskPattern, type MaskRules, maskMark } from "../model/mask.ts";
import { quoteText } from "./quote.ts";

/** Characters that stand in no text: Unicode keeps them free for the inside of programs. A text that has one is hidden. */
const [edge, behindEscape] = ["\ufdd0", "\ufdd1"] as const;
/** As these, for names that are looked at together. */
export const betweenNames = "\ufdd2";
const ownCharacters = String.raw`[\x{fdd0}-\x{fdd1}]`;

const digit = String.raw`[0-9\x{ff10}-\x{ff19}]`;
const gap = String.raw`[ \x{a0}\x{2007}\x{2009}\x{202f}\x{3000}\x{2010}-\x{2015}-]`;
const narrowGap = String.raw`[ \x{a0}-]`;

/** Letters of most scripts, as ranges: the engine reads its own classes much more slowly. */
const letter = String.raw`A-Za-z\x{c0}-\x{24f}\x{300}-\x{36f}\x{370}-\x{5ff}\x{620}-\x{6ff}\x{900}-\x{109f}\x{1e00}-\x{1fff}\x{3040}-\x{30ff}\x{3400}-\x{9fff}\x{ac00}-\x{d7af}`;

/** Length of an IBAN by country, as SWIFT registers them. */
const ibanLengths: Readonly<Record<number, string>> = {
  15: "NO",
  16: "BE",
  18: "DK|FI|FK|FO|GL|NL|SD",
  19: "MK|SI",
  20: "AT|BA|EE|KZ|LT|LU|MN|XK",
  21: "CH|HR|LI|LV",
  22: "BG|BH|CR|DE|GB|GE|IE|ME|RS|VA",
  23: "AE|GI|IL|IQ|OM|SO|TL",
  24: "AD|CZ|ES|MD|PK|RO|SA|SE|SK|TN|VG",
  25: "LY|PT|ST",
  26: "IS|TR",
  27: "BI|DJ|FR|GR|IT|MC|MR|SM",
  28: "AL|AZ|BY|CY|DO|GT|HU|LB|NI|PL|SV",
  29: "BR|EG|PS|QA|UA",
  30: "JO|KW|YE",
  31: "MT|SC",
  32: "LC",
  33: "RU"
};

// Letters are written in both cases: a class that folds holds letters of other scripts too, and is read slowly.
const iban = `\\b(?:${Object.entries(ibanLengths)
  .map(([length, countries]) => `(?i:${countries})[0-9]{2}(?:${narrowGap}?[A-Za-z0-9]){${Number(length) - 4}}`)
  .join("|")})`;

const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
/** First two numbers of public addresses. */
const network = [
  `(?:[1-9]|1[1-9]|[2-9][0-9]|1[013-58][0-9]|12[0-689]|16[0-8]|17[013-9]|19[013-9]|2[01][0-9]|22[0-3])\\.${octet}`,
  `169\\.(?:25[0-35]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])`,
  `172\\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[4-9][0-9]|3[2-9]|1[0-5]|[0-9])`,
  `192\\.(?:25[0-5]|2[0-4][0-9]|1[0-57-9][0-9]|16[0-79]|[1-9]?[0-9])`
].join("|");

/** What tells personal data by its form alone. */
const formOf: Readonly<Record<Exclude<MaskPattern, "card" | "iban">, string>> = {
  email: `[${letter}0-9._%+'-]+[@\\x{ff20}](?:[${letter}0-9-]+\\.)+[${letter}]{2,}`,
  phone: `[+\\x{ff0b}]${digit}(?:(?:${gap}|[().\\/]){0,2}${digit}){7,14}|(?:\\b1[ .-])?(?:\\([0-9]{3}\\) ?|\\b[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}\\b`,
  ssn: String.raw`\b(?:00[1-9]|0[1-9][0-9]|[1-57-8][0-9]{2}|6(?:[0-57-9][0-9]|6[0-57-9]))-(?:0[1-9]|[1-9][0-9])-(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})\b`,
  ip: `\\b(?:${network})\\.${octet}\\.${octet}\\b`
};

/** What a text holds that may have something to hide; told fast. It holds for JSON too, whose escapes it knows of. */
const hintOf: Readonly<Record<MaskPattern, string>> = {
  email: String.raw`[@\x{ff20}]`,
  phone: `[+\\x{ff0b}]${digit}|[0-9]{3}\\)? ?[ .-]?[0-9]{3}[ .-][0-9]{4}`,
  card: `${digit}(?:${gap}?${digit}){12}`,
  // Behind no letter or digit, as ids are full of such beginnings; of an escape the last letter is none.
  iban: `(?:^|[^0-9A-Za-z]|\\\\[bfnrt]|\\\\u[0-9A-Fa-f]{4})(?i:${Object.values(ibanLengths).join("|")})[0-9]{2}(?:${narrowGap}?[A-Za-z0-9]){11}`,
  ssn: "[0-9]{3}-[0-9]{2}-[0-9]{4}",
  ip: String.raw`[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]`
};

/** An escape that stands for a sign which could be written as it is: nobody's writer does that, so it is looked at. */
const oddEscape = String.raw`\\u00[2-7]`;

/** The condition that a text, or JSON, may hold what patterns find; told fast. */
function mayHold(patterns: readonly MaskPattern[], text: string): string {
  const hints = [...patterns.map((pattern) => `(?:${hintOf[pattern]})`), oddEscape, ownCharacters];
  return `regexp_matches(${text}, ${quoteText(hints.join("|"))})`;
}

const every = (text: string, pattern: string, by: string): string =>
  `regexp_replace(${text}, ${quoteText(pattern)}, ${quoteText(by)}, 'g')`;

/**
 * SQL of a text in which each passage of a form has been looked at. The forms have no groups of which something is
 * told: the engine then looks at a text a hundred times as long.
 *
 * @param look     SQL of what takes the place of the passage `p`
 */
function eachPassage(text: string, pattern: string, look: string): string {
  // Every second piece is a passage.
  const pieces = `string_split(${every(text, pattern, `${edge}\\0${edge}`)}, '${edge}')`;
  return `array_to_string(list_transform(${pieces}, lambda p, n: case when n % 2 = 0 then ${look} else p end), '')`;
}

/** A value that is worked out once. */
export const once = (value: string, name: string, work: string): string =>
  `list_transform([${value}], lambda ${name}: ${work})[1]`;

/** Luhn's checksum of 13 to 19 digits, the first one that card schemes use, not all the same. */
function isCard(digits: string): string {
  const parts = `string_split(reverse(${digits}), '')::tinyint[]`;
  const sum = `list_sum(list_transform(${parts}, lambda c, i: case when i % 2 = 1 then c when c > 4 then 2 * c - 9 else 2 * c end))`;
  return `case when ${digits}[1] between '2' and '6' and length(${digits}) between 13 and 19 and ltrim(${digits}, ${digits}[1]) <> '' then ${sum} % 10 = 0 else false end`;
}

/** How the digits of a card are put together other than in four groups of four. */
const cardShape = [
  "[0-9]{13,19}",
  "(?:[0-9]{4}-){3}[0-9]{1,3}",
  "(?:[0-9]{4}-){4}[0-9]{1,3}",
  "[0-9]{4}-[0-9]{6}-[0-9]{4,5}",
  "[0-9]{8}-[0-9]{8}",
  "(?:[0-9]{2}-){7}[0-9]{2}",
  "(?:[0-9]-){15}[0-9]"
].join("|");

/** The run of digits `p`, hidden where it is a card or groups of it are. */
function hideCards(): string {
  const plain = "translate(p, '０１２３４５６７８９', '0123456789')";
  const all = `regexp_replace(${plain}, '[^0-9]', '', 'g')`;
  // Four groups of four may begin at any group: looked for from each of the first four on.
  const found = [0, 1, 2, 3].map(
    (left) => `regexp_extract_all(regexp_replace(r, '^(?:[0-9]+-){${left}}', ''), '\\b(?:[0-9]{4}-){3}[0-9]{4}\\b')`
  );
  const rest = `regexp_extract_all(r, '\\b(?:${cardShape})\\b')`;
  const windows = `list_transform(list_concat(${[...found, rest].join(", ")}), lambda d: replace(d, '-', ''))`;
  const some = once(
    `regexp_replace(${plain}, '[^0-9]+', '-', 'g')`,
    "r",
    `len(list_filter(${windows}, lambda d: ${isCard("d")})) > 0`
  );
  return `case when ${once(all, "d", isCard("d"))} then '${maskMark}' when regexp_extract(p, '${gap}') = '' then p when ${some} then '${maskMark}' else p end`;
}

/** The passage `p`, hidden where it is an IBAN. ISO 13616: moved to the end and read as a number, the remainder by 97 is 1. */
function hideIban(): string {
  const moved = "string_split(substr(s, 5) || left(s, 4), '')";
  const number = `array_to_string(list_transform(${moved}, lambda c: case when c >= 'A' then (ascii(c) - 55)::varchar else c end), '')`;
  const remainder = once(number, "m", "((left(m, 36)::hugeint % 97)::varchar || substr(m, 37))::hugeint % 97");
  const plain = "upper(regexp_replace(p, '[^0-9A-Za-z]', '', 'g'))";
  return `case when ${once(plain, "s", remainder)} = 1 then '${maskMark}' else p end`;
}

/** An escape within a text of JSON, or one within a text within it, is no part of what stands behind it. */
const endEscapes = (text: string): string =>
  every(text, String.raw`\\+(?:u[0-9a-fA-F]{4}|[bfnrt"/])`, `\\0${behindEscape}`);

/** An expression that finds in JSON whatever it finds in its texts: of signs that no JSON writes otherwise, and not bound to an end. */
const plainExpression =
  /^(?:\(\?i\))?(?:[A-Za-z0-9 _:#@=,-]|\\[dwb.\-/+]|\[[A-Za-z0-9_ -]+\]|\{\d+(?:,\d*)?\}|\(\?:|[+*?|()])*$/;

/** JSON in which no escape runs into what stands behind it; `\\\\` is one, so that the sign after it belongs to the text. */
const splitEscapes = (json: string): string => every(json, String.raw`\\(?:u[0-9a-fA-F]{4}|.)`, `\\0${behindEscape}`);

/** An expression that is bound to no end: what it was bound to, it finds too. */
const unbind = (pattern: string): string => pattern.replace(/(\\.|\[[^\]]*\])|[\^$](?![*+?{])/g, "$1");

/** The condition that a text may hold what expressions find. @param within  SQL of the text with what JSON adds ended */
function mayHoldExpressions({ expressions }: MaskRules, text: string, within: string): string {
  if (expressions.length === 0) return "false";
  const loose = expressions.map(({ pattern }) => unbind(pattern));
  if (!loose.every((pattern) => plainExpression.test(pattern))) return `${text} is not null`;
  return loose.map((pattern) => `regexp_matches(${within}, ${quoteText(pattern)})`).join(" or ");
}

/** The condition that JSON, or a text, may hold anything that patterns or expressions find; told fast. */
export function mayHoldAny(rules: MaskRules, text: string, form: "json" | "text" = "json"): string {
  const forms = rules.patterns.length > 0 ? mayHold(rules.patterns, text) : "false";
  return `(${forms} or ${mayHoldExpressions(rules, text, form === "json" ? splitEscapes(text) : text)})`;
}

/**
 * SQL of a list of texts, or of JSON, without what rules find. All are looked through at once, and in most rows that
 * is all: the engine reads the forms anew for each few thousand texts that it hides something in.
 *
 * @param list  SQL of the list, which stands there several times
 */
export function maskEach(rules: MaskRules, list: string, form: "json" | "text"): string {
  const hide = form === "json" ? finishJson(rules, maskForms(rules.patterns, "t")) : maskText(rules, "t");
  const isLooked = mayHoldAny(rules, `array_to_string(${list}, chr(10))`, form);
  return `case when ${isLooked} then list_transform(${list}, lambda t: ${hide}) else ${list} end`;
}

/** SQL of a text without what the unit's patterns find; of JSON too, but for its bare numbers. @param text  SQL of a text */
export function maskForms(patterns: readonly MaskPattern[], text: string): string {
  if (patterns.length === 0) return text;
  let hidden = endEscapes(text);
  const step = (pattern: MaskPattern, work: string) => {
    if (patterns.includes(pattern)) hidden = once(hidden, "e", work);
  };
  // To look for a long number is fast and to hide it is not.
  const wherePerhaps = (pattern: MaskPattern, work: string) =>
    step(pattern, `case when regexp_matches(e, ${quoteText(hintOf[pattern])}) then ${once("e", "e", work)} else e end`);
  step("email", every("e", formOf.email, maskMark));
  // Longer numbers come first: digits of an IBAN can be those of a card.
  wherePerhaps("iban", eachPassage("e", iban, hideIban()));
  wherePerhaps("card", eachPassage("e", `${digit}(?:${gap}?${digit}){12,}`, hideCards()));
  for (const pattern of ["ssn", "ip", "phone"] as const) step(pattern, every("e", formOf[pattern], maskMark));
  return `case when regexp_matches(${text}, '${ownCharacters}') then '${maskMark}' else replace(${hidden}, '${behindEscape}', '') end`;
}

/** SQL of a text without what the unit's own expressions find. @param text  SQL of a text */
function maskExpressions({ expressions }: MaskRules, text: string): string {
  return expressions.reduce(
    (hidden, { pattern }) =>
      once(
        hidden,
        "e",
        `case when regexp_matches(e, ${quoteText(pattern)}) then ${every("e", pattern, maskMark)} else e end`
      ),
    text
  );
}

/** SQL of a text as its unit shows it. What the rules do not find stays byte for byte. @param text  SQL of a text */
export function maskText(rules: MaskRules, text: string): string {
  return maskExpressions(rules, maskForms(rules.patterns, text));
}

/** A text or a number of JSON. */
const jsonValue = String.raw`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`;

/** Words of our own form, which say nothing about anybody and which readers of messages and traces look for. */
const formWords = [
  ...["role", "parts", "type", "content", "name", "id", "arguments", "response", "finish_reason", "result"],
  ...["text", "reasoning", "tool_call", "tool_call_response", "user", "assistant", "system", "tool", "developer"]
]
  .map((word) => quoteText(JSON.stringify(word)))
  .join(", ");

/**
 * SQL of JSON in which `maskForms` has hidden what the patterns find: what the expressions find in its texts and
 * numbers is hidden too, and every hidden number is a text, so that it stays JSON.
 *
 * @param json  SQL of a text of JSON
 */
export function finishJson(rules: MaskRules, json: string): string {
  const number = String.raw`("(?:[^"\\]|\\.)*")|([-+.0-9eE]*${maskMark}[-+.0-9eE▮]*)`;
  const marked = every("j", number, `\\1${edge}\\2${edge}`);
  const quoted = `case when contains(j, '${maskMark}') then replace(replace(${marked}, '${edge}${edge}', ''), '${edge}', '"') else j end`;
  if (rules.expressions.length === 0) return once(json, "j", quoted);
  const hide = (value: string) =>
    once(value, "v", once(maskExpressions(rules, "v"), "o", "case when o = v then p else to_json(o)::varchar end"));
  const look = `case when p in (${formWords}) then p when p[1] = '"' then ${hide("case when json_valid(p) then json_extract_string(p, '$') end")} else ${hide("p")} end`;
  return once(
    once(json, "j", quoted),
    "j",
    `case when not ${mayHoldAny({ ...rules, patterns: [] }, "j")} then j when contains(j, '${edge}') then '"${maskMark}"' else ${eachPassage("j", jsonValue, `coalesce(${look}, '"${maskMark}"')`)} end`
  );
}
