import type { StatusLook } from "#lib/browser/outcome-words.ts";

/** A state as colour, sign and word. */
export function StatusChip({ look }: { readonly look: StatusLook }) {
  return (
    <span className={`chip status-${look.tone}`}>
      <span aria-hidden="true">{look.sign}</span> {look.word}
    </span>
  );
}
