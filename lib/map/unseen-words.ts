import type { WordTable } from "./vocabulary.ts";

/**
 * How much of each text is said in words that no other text of the map has: 0 nothing, 1 all of it. Taken as the length
 * of the part of a unit vector that points where no vector of the map does. Words with a digit are left out: numbers
 * and keys are new all the time and say nothing.
 *
 * @param weightOf  inverse text frequency of a word by its id in `table`; undefined for a word of no other text
 * @param full      the weight of a word of no other text
 * @returns one per text; 0 for a text without such words
 */
export function unseenShares(
  table: WordTable,
  weightOf: (word: number) => number | undefined,
  full: number
): Float32Array {
  const known = table.words.map((word, id) => (/\d/u.test(word) ? undefined : (weightOf(id) ?? Number.NaN)));
  return Float32Array.from(table.sequences, (sequence) => {
    let [unseen, all] = [0, 0];
    for (const id of sequence) {
      const weight = known[id];
      if (weight === undefined) continue;
      const isNew = Number.isNaN(weight);
      const square = (isNew ? full : weight) ** 2;
      all += square;
      if (isNew) unseen += square;
    }
    return all > 0 ? Math.sqrt(unseen / all) : 0;
  });
}

/**
 * The distance of two unit vectors once a part of one of them points where the other cannot: of texts alike in all
 * they share, still farther the more one says in words of its own.
 *
 * @param distance  0..2
 * @param unseen    0..1, see `unseenShares`
 */
export function widenDistance(distance: number, unseen: number): number {
  if (unseen === 0) return distance;
  return Math.sqrt(Math.max(0, 2 - 2 * Math.sqrt(1 - unseen * unseen) * (1 - (distance * distance) / 2)));
}
