import { StatusChip } from "../../../_parts/trace-status.tsx";

/** Whether a check passed; null means that nobody can say. */
export function Verdict({ pass }: { readonly pass: boolean | null }) {
  return (
    <StatusChip
      look={
        pass === null
          ? { tone: "warn", sign: "?", word: "undecided" }
          : pass
            ? { tone: "good", sign: "✓", word: "pass" }
            : { tone: "bad", sign: "✕", word: "fail" }
      }
    />
  );
}
