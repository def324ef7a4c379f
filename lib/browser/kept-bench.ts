/** What a person chose at the bench of one scorer: theirs alone, and so kept in their browser and not in the workbook. */
export interface KeptBench {
  /** Null where they have neither opened nor closed it. */
  readonly isOpen: boolean | null;
  readonly pinned: readonly string[];
  readonly seed: number;
  /** The score cell to try it as; null for the first. */
  readonly use: string | null;
}

/** A bench that nobody has touched. */
export const freshBench: KeptBench = { isOpen: null, pinned: [], seed: 1, use: null };

const keyOf = (slug: string, cell: string) => `tracebook.bench.${slug}.${cell}`;

/** Keeps the choices in this browser; false when it has no room for them. */
export function keepBench(storage: Storage, slug: string, cell: string, bench: KeptBench): boolean {
  try {
    storage.setItem(keyOf(slug, cell), JSON.stringify(bench));
    return true;
  } catch (error) {
    console.warn("this browser does not keep what was chosen at the bench:", error);
    return false;
  }
}

/** The choices kept for a scorer; a fresh bench where there are none, or where what is there is something else. */
export function findBench(storage: Storage, slug: string, cell: string): KeptBench {
  const kept = storage.getItem(keyOf(slug, cell));
  if (kept === null) return freshBench;
  try {
    const { isOpen, pinned, seed, use } = JSON.parse(kept) as Partial<KeptBench>;
    return {
      isOpen: typeof isOpen === "boolean" ? isOpen : null,
      pinned: Array.isArray(pinned) ? pinned.filter((id) => typeof id === "string") : [],
      seed: Number.isSafeInteger(seed) ? seed! : freshBench.seed,
      use: typeof use === "string" ? use : null
    };
  } catch (error) {
    console.warn("what this browser kept is no bench:", error);
    return freshBench;
  }
}
