import type { Rubric } from "#lib/model/rubric.ts";

const keys: readonly (readonly [string, string])[] = [
  ["c", "write why"],
  ["e", "take the selected words as evidence"],
  ["Ctrl Enter", "submit, and on to the next"],
  ["s", "skip, with a reason"],
  ["u", "take the last one back"],
  ["j  k", "next and previous"],
  ["a", "have an adjudicator decide"],
  ["f", "flags"],
  ["x", "write a better answer"],
  ["Esc", "leave a field"],
  ["?", "these keys"]
];

/** All keys of the page, those of the rubric first. */
export function KeyHelp({ rubric }: { readonly rubric: Rubric | null }) {
  const own = [
    ...(rubric?.labels ?? []).map(({ hotkey, name }) => [hotkey, name] as const),
    ...(rubric?.scales ?? []).map(({ hotkey, name }) => [`${hotkey}, digit`, name] as const),
    ...(rubric?.fields ?? []).map(({ hotkey, name }) => [hotkey, `write ${name}`] as const)
  ];
  return (
    <section aria-label="Keys">
      <table className="table" style={{ fontSize: 13 }}>
        <tbody>
          {[...own, ...keys].map(([key, what]) => (
            <tr key={key}>
              <td>
                <span className="kbd">{key}</span>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
