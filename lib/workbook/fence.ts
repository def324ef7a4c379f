import type { CellKind } from "#lib/model/cell.ts";
import { Fault, type TextPosition } from "#lib/model/fault.ts";
import { checkCellName, findNearest } from "./names.ts";

/** What the words after an opening fence say. */
export interface FenceInfo {
  readonly kind: Exclude<CellKind, "prose">;
  readonly name: string | null;
}

/** Kinds that each language can be. `sql` alone is a question; the others must say their kind. */
const kindsOf: Readonly<Record<string, readonly FenceInfo["kind"][]>> = {
  sql: ["check"],
  ts: ["scorer"],
  yaml: ["judge", "score", "map", "calibration"],
  js: ["chart"]
};

/** Kinds that make no sense without a name. */
const namedKinds: readonly CellKind[] = ["scorer", "judge", "score", "map", "calibration"];

/**
 * Reads the info string of a fence. A block in another language, or `ts`, `js` and `yaml` without a
 * cell's kind, is no cell but part of the prose.
 *
 * @returns null for what is no cell
 * @throws Fault `invalid` at the word that is wrong
 */
export function readFenceInfo(info: string, position: TextPosition): FenceInfo | null {
  const words = [...info.matchAll(/\S+/g)].map((match) => ({ word: match[0], column: position.column + match.index }));
  const [language, second, third, extra] = words;
  const kinds = language && Object.hasOwn(kindsOf, language.word) ? kindsOf[language.word] : undefined;
  if (!language || !kinds) return null;
  const kind = kinds.find((candidate) => candidate === second?.word);
  const at = (column: number): TextPosition => ({ line: position.line, column });
  if (!kind && language.word !== "sql") {
    if (!second || !third || extra) return null;
    const near = findNearest(second.word, kinds);
    if (!near) return null;
    throw new Fault("invalid", `"${language.word} ${second.word}" is no kind of cell`, {
      hint: `Did you mean "${language.word} ${near}"?`,
      position: at(second.column)
    });
  }
  const name = kind ? third : second;
  const surplus = kind ? extra : third;
  if (surplus) {
    throw new Fault("invalid", `"${surplus.word}" comes after the cell's name`, {
      hint: `A cell begins with its language, ${kinds.join(" or ")} where it is one, and one name.`,
      position: at(surplus.column)
    });
  }
  const found = kind ?? "sql";
  if (!name) {
    if (!namedKinds.includes(found)) return { kind: found, name: null };
    throw new Fault("invalid", `a ${found} cell has no name`, {
      hint: `Write the name after the kind: "${language.word} ${found} my_${found}".`,
      position: at(position.column + info.trimEnd().length)
    });
  }
  checkCellName(name.word, at(name.column));
  return { kind: found, name: name.word };
}

/** The words after the fence for a kind and name; `readFenceInfo` reads them back. */
export function formatFenceInfo(info: FenceInfo): string {
  const languages: Readonly<Record<FenceInfo["kind"], string>> = {
    sql: "sql",
    check: "sql check",
    scorer: "ts scorer",
    judge: "yaml judge",
    score: "yaml score",
    map: "yaml map",
    calibration: "yaml calibration",
    chart: "js chart"
  };
  return info.name === null ? languages[info.kind] : `${languages[info.kind]} ${info.name}`;
}
