import { nameKey } from "./names.ts";

/**
 * The tables that a chart's code reads. The rule: an identifier of the code that is one of the known
 * names and does not follow a dot is a read, wherever it stands; words inside comments and quoted
 * texts are not looked at, those inside a template's `${…}` are. A local variable called like a table
 * therefore counts as a read: one table too many is harmless, one too few is not.
 *
 * @param known  names of tables, any case
 * @returns the known names, in the order they first appear
 */
export function findChartNames(code: string, known: readonly string[]): readonly string[] {
  const byKey = new Map(known.map((name) => [nameKey(name), name]));
  const found = new Set<string>();
  for (const match of stripTexts(code).matchAll(/(\.\s*)?([A-Za-z_$][\w$]*)/g)) {
    const spread = match[1] !== undefined && code.slice(Math.max(0, match.index - 2), match.index) === "..";
    const name = byKey.get(nameKey(match[2]!));
    if (name !== undefined && (match[1] === undefined || spread)) found.add(name);
  }
  return [...found];
}

/** The code with comments and quoted texts blanked, everything else in place. */
function stripTexts(code: string): string {
  let out = "";
  let at = 0;
  const templates: number[] = [];
  let depth = 0;
  while (at < code.length) {
    const pair = code.slice(at, at + 2);
    const char = code[at]!;
    let end = at + 1;
    if (pair === "//") end = indexOrEnd(code, "\n", at);
    else if (pair === "/*") end = indexOrEnd(code, "*/", at + 2) + 2;
    else if (char === '"' || char === "'") end = endOfQuote(code, at);
    else if (char === "`" || (char === "}" && templates.at(-1) === depth)) {
      if (char === "}") templates.pop();
      end = endOfTemplate(code, at + 1);
      if (code.slice(end - 2, end) === "${") templates.push(depth);
    } else {
      if (char === "{") depth++;
      if (char === "}") depth--;
      out += char;
      at++;
      continue;
    }
    out += " ".repeat(Math.min(end, code.length) - at);
    at = end;
  }
  return out;
}

function indexOrEnd(code: string, what: string, from: number): number {
  const index = code.indexOf(what, from);
  return index === -1 ? code.length : index;
}

function endOfQuote(code: string, start: number): number {
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === code[start] || code[at] === "\n") return at + 1;
  }
  return code.length;
}

function endOfTemplate(code: string, start: number): number {
  for (let at = start; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "`") return at + 1;
    else if (code.startsWith("${", at)) return at + 2;
  }
  return code.length;
}
