import { afterAll, expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import { type DraftTrace, draftScorer, formatDraft, passesDraft } from "#lib/scoring/draft-scorer.ts";
import { openCompiler } from "#lib/server/compiler.ts";

const compiler = await openCompiler();
afterAll(() => compiler.close());

const fillers = ["hello", "please", "order", "today", "help", "my", "the", "with", "account", "again"];

/** Messages of common words; those within say "locker" or "code" mostly, and call a tool of their own. */
function makeTraces(count: number, seed: number, isWithin: boolean): readonly DraftTrace[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const words = fillers.filter(() => random() < 0.5);
    if (random() < (isWithin ? 0.8 : 0.05)) words.push("Locker");
    if (random() < (isWithin ? 0.7 : 0.1)) words.push("code");
    return {
      input: `${words.join(" ")}, 12345.`,
      tools: random() < (isWithin ? 0.6 : 0.02) ? ["open_locker"] : ["search"]
    };
  });
}

const draft = draftScorer(makeTraces(200, 1, true), makeTraces(300, 2, false))!;

test("a draft knows the words and tools that set traces apart, and tells traces it has not seen", () => {
  expect(draft.terms.map(({ kind, text }) => `${kind} ${text}`).sort()).toEqual([
    "tool open_locker",
    "word code",
    "word locker"
  ]);
  const rate = (traces: readonly DraftTrace[]) =>
    traces.filter((trace) => passesDraft(draft, trace)).length / traces.length;
  expect(rate(makeTraces(500, 3, true))).toBeGreaterThan(0.85);
  expect(rate(makeTraces(500, 4, false))).toBeLessThan(0.15);
});

test("a word that is to be ignored is not read", () => {
  const without = draftScorer(makeTraces(200, 1, true), makeTraces(300, 2, false), new Set(["code"]))!;
  expect(without.terms.map(({ text }) => text).sort()).toEqual(["locker", "open_locker"]);
});

test("nothing is drafted where nothing is commoner within than without", () => {
  expect(draftScorer(makeTraces(100, 5, true), makeTraces(100, 5, true))).toBeUndefined();
  expect(draftScorer([{ input: "", tools: [] }], [])).toBeUndefined();
});

test("a draft as text compiles without a complaint, whatever it was drafted from", async () => {
  const odd = draftScorer(
    Array.from({ length: 5 }, () => ({ input: `"quoted" \${x} */ \`tick\` naïve 日本語`, tools: [`a"b\`\${c}`] })),
    makeTraces(20, 6, false)
  )!;
  for (const text of [formatDraft(draft, ["About it."]), formatDraft(odd, ["Ends */ early"])]) {
    expect(await compiler.diagnose(text)).toEqual([]);
    expect((await compiler.compile(text)).code).toContain("least");
  }
});
