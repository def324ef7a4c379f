/** A text that the server has not acknowledged yet, and the revision it was written on. */
export interface KeptDraft {
  readonly text: string;
  readonly baseRevision: number;
}

const keyOf = (slug: string) => `tracebook.draft.${slug}`;

/** Keeps a text in this browser until it is saved; false when the browser has no room for it. */
export function keepDraft(storage: Storage, slug: string, draft: KeptDraft): boolean {
  try {
    storage.setItem(keyOf(slug), JSON.stringify(draft));
    return true;
  } catch (error) {
    console.warn("this browser does not keep the unsaved text:", error);
    return false;
  }
}

/** The text kept for a workbook; null where there is none, or where what is there is no draft. */
export function findDraft(storage: Storage, slug: string): KeptDraft | null {
  const kept = storage.getItem(keyOf(slug));
  if (kept === null) return null;
  try {
    const draft = JSON.parse(kept) as Partial<KeptDraft> | null;
    return typeof draft?.text === "string" && Number.isSafeInteger(draft.baseRevision) ? (draft as KeptDraft) : null;
  } catch (error) {
    console.warn("what this browser kept is no text of a workbook:", error);
    return null;
  }
}

/** Forgets the kept text, once the server has it. */
export function forgetDraft(storage: Storage, slug: string): void {
  storage.removeItem(keyOf(slug));
}
