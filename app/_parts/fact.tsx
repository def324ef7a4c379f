/** One fact of a list: its name above, its value below. */
export function Fact({ word, children }: { readonly word: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="faint">{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}
