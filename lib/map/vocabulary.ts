/** Texts as numbered words. */
export interface WordTable {
  readonly words: readonly string[];
  /** Texts that hold each word. */
  readonly textCount: Int32Array;
  /** Per text its word ids in order. */
  readonly sequences: readonly Int32Array[];
}

/** Numbers the words of texts in the order they first appear. */
export function buildWordTable(tokens: readonly (readonly string[])[]): WordTable {
  const idOf = new Map<string, number>();
  const words: string[] = [];
  const counts: number[] = [];
  const lastText: number[] = [];
  const sequences = tokens.map((list, text) => {
    const ids = new Int32Array(list.length);
    for (let at = 0; at < list.length; at++) {
      const word = list[at]!;
      let id = idOf.get(word);
      if (id === undefined) {
        id = words.length;
        idOf.set(word, id);
        words.push(word);
        counts.push(0);
        lastText.push(-1);
      }
      if (lastText[id] !== text) {
        lastText[id] = text;
        counts[id]!++;
      }
      ids[at] = id;
    }
    return ids;
  });
  return { words, textCount: Int32Array.from(counts), sequences };
}
