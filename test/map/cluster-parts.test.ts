import fc from "fast-check";
import { expect, test } from "vitest";
import { describeParts } from "#lib/map/cluster-parts.ts";
import { foldTexts, wordsOf } from "#lib/map/texts.ts";
import { buildWordTable } from "#lib/map/vocabulary.ts";

const describe = (rows: readonly { readonly group: string; readonly text: string; readonly cluster: number }[]) => {
  const folded = foldTexts(rows.map(({ text }) => text));
  return describeParts(
    {
      x: Float32Array.from(rows, (_, at) => at),
      y: Float32Array.from(rows, (_, at) => -at),
      cluster: Int32Array.from(rows, ({ cluster }) => cluster),
      traceIds: rows.map((_, at) => `t${at}`),
      groups: rows.map(({ group }) => group)
    },
    folded,
    buildWordTable(folded.texts.map(wordsOf)),
    2
  );
};

test("a cluster is described to each group by that group's own traces", () => {
  const [first, second] = describe([
    { group: "sales", text: "refund charged twice", cluster: 0 },
    { group: "sales", text: "refund charged again", cluster: 0 },
    { group: "legal", text: "secret merger clause", cluster: 0 },
    { group: "legal", text: "opening hours", cluster: -1 }
  ]);
  expect(first?.sales).toMatchObject({ size: 2, x: 0.5, y: -0.5, representatives: ["t0", "t1"] });
  expect(first?.sales?.label).toContain("refund");
  expect(first?.legal).toMatchObject({ size: 1, representatives: ["t2"] });
  expect(second).toEqual({});
});

const word = fc.constantFrom("refund", "delay", "visa", "hotel", "card", "fraud");
const row = fc.record({
  group: fc.constantFrom("a", "b"),
  text: fc.array(word, { maxLength: 4 }).map((words) => words.join(" ")),
  cluster: fc.constantFrom(-1, 0, 1)
});

test("no word of one group is said of another group's part", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      // A text is in one cluster, whoever wrote it.
      const clusterOf = new Map(rows.map(({ text, cluster }) => [text, text === "" ? -1 : cluster]));
      const parts = describe(rows.map((given) => ({ ...given, cluster: clusterOf.get(given.text)! })));
      for (const groups of parts) {
        for (const [group, { label }] of Object.entries(groups)) {
          const own = new Set(rows.filter((given) => given.group === group).flatMap(({ text }) => text.split(" ")));
          const said = label.startsWith("group ") ? [] : label.split(/[ ,]+/);
          expect(said.filter((term) => !own.has(term))).toEqual([]);
        }
      }
    })
  );
});
