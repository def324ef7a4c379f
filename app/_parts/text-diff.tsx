import { diffLines } from "#lib/browser/diff-lines.ts";

/** What became of a text, line by line. */
export function TextDiff({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <pre className="diff">
      {diffLines(before, after).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff have no identity but their place
        <div key={index} data-change={line.change}>
          {line.change === "added" ? "+ " : line.change === "removed" ? "− " : "  "}
          {line.text}
        </div>
      ))}
    </pre>
  );
}
