import { Fault, type TextPosition } from "#lib/model/fault.ts";

/** Names of the lake's views; a cell may not take one. */
export const viewNames: readonly string[] = [
  "traces",
  "spans",
  "sessions",
  "scores",
  "score_history",
  "annotations",
  "runs",
  "maps",
  "clusters",
  "placements",
  "embeddings",
  "map_areas",
  "areas",
  "datasets",
  "queue_items",
  "trace_documents"
];

/** Words after the language that say a cell's kind, so no cell is called so. */
const kindWords = ["check", "scorer", "judge", "score", "chart", "map", "calibration", "sql", "prose"];

/** Words that the engine's grammar keeps for itself: `from order` would not parse. */
const reservedWords = (
  "all analyse analyze and any array as asc asymmetric both case cast collate column constraint create default " +
  "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially " +
  "intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify " +
  "references returning select show some summarize symmetric table then to trailing true union unique unpivot " +
  "using variadic when where window with"
).split(" ");

/** True for what SQL takes as a bare name: letters, digits and underscores, at most 63, beginning with a letter. */
export function isCellName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name);
}

/** What two names must differ in; the engine does not tell upper from lower case. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** @throws Fault `invalid` at `position` for a name that no cell may have */
export function checkCellName(name: string, position: TextPosition): void {
  const lower = nameKey(name);
  if (!isCellName(name)) {
    throw new Fault("invalid", `"${name}" cannot be a cell's name`, {
      hint: "Use letters, digits and underscores, beginning with a letter, at most 63.",
      position
    });
  }
  if (viewNames.includes(lower)) {
    throw new Fault("invalid", `"${name}" is a view of the lake, so no cell can be called so`, {
      hint: `Call it something else, such as "my_${lower}".`,
      position
    });
  }
  if (kindWords.includes(lower) || reservedWords.includes(lower)) {
    throw new Fault("invalid", `"${name}" has a meaning of its own, so no cell can be called so`, {
      hint: `Call it something else, such as "my_${lower}".`,
      position
    });
  }
}

/** The known word nearest to a mistyped one, at most two edits away. */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(nameKey(word), nameKey(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= 2 && best.distance < word.length ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
