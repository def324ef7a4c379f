import { afterAll, beforeAll, expect, test } from "vitest";
import { searchedColumns, searchedTexts, termsSql } from "#lib/sql/search-terms.ts";
import { allTraces } from "#lib/wire/trace-filter.ts";
import type { Excerpt } from "#lib/wire/traces.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let browser: TraceBrowser;
const scope = scopeOf(["support"]);
const morning = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;

const filler = "Nothing to see in this sentence at all. ".repeat(8);

beforeAll(async () => {
  fixture = await openLakeFixture();
  const step = (traceId: string, spanId: string, given: object) =>
    makeSpan({ traceId, spanId, startNs: morning, endNs: morning + 1n, ...given });
  await fixture.lake.append(scope, {
    spans: [
      step("a", "root", { inputText: `${filler}I was charged   twice, CHARGED\nTwice!${filler}` }),
      step("b", "root", { inputText: "no such words", startNs: morning + 1n }),
      step("b", "tool", { parentSpanId: "root", toolArgs: { note: 'Überweisung "charged"' }, startNs: morning + 2n }),
      step("c", "root", { outputText: `${"x y ".repeat(10_000)}charged at the very end`, startNs: morning + 3n })
    ],
    scores: []
  });
  browser = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
});
afterAll(async () => {
  await browser.close();
  await fixture.close();
});

async function list(text: string) {
  const { traces } = await browser.list(scope, { ...allTraces, text });
  return new Map(traces.map(({ traceId, excerpt }) => [traceId, excerpt]));
}

const marked = (excerpt: Excerpt | null | undefined) =>
  excerpt?.parts.filter((part) => part.marked).map(({ text }) => text);
const whole = (excerpt: Excerpt | null | undefined) => excerpt?.parts.map(({ text }) => text).join("") ?? "";

test("each row shows where the words of a phrase stand, and little around them", async () => {
  const found = await list('"charged twice"');
  expect([...found.keys()]).toEqual([hexId("a", 32)]);
  const [excerpt] = found.values();
  expect(excerpt?.field).toBe("input");
  expect(marked(excerpt)).toEqual(["charged twice", "CHARGED Twice"]);
  expect(whole(excerpt)).toMatch(/^… .*I was charged twice, CHARGED Twice!.* …$/);
  expect(whole(excerpt).length).toBeLessThan(260);
});

test("an excerpt begins with a whole word, near enough to what was found that a narrow column shows it", async () => {
  const before = async (text: string, trace: string) => {
    const parts = (await list(text)).get(hexId(trace, 32))?.parts ?? [];
    const at = parts.findIndex((part) => part.marked);
    return parts.slice(0, at).map((part) => part.text);
  };
  expect(await before("charged", "a")).toEqual(["… ", "this sentence at all. I was "]);
  expect((await before("very", "c")).join("")).toMatch(/^… [xy] (?:[xy] ){1,15}charged at the $/);
  expect(await before("words", "b")).toEqual(["no such "]);
});

test("a word is shown in the arguments of a tool, and at the end of a long text", async () => {
  const found = await list("charg*");
  expect(found.size).toBe(3);
  expect(found.get(hexId("b", 32))?.field).toBe("tool arguments");
  expect(marked(found.get(hexId("b", 32)))).toEqual(["charged"]);
  expect(whole(found.get(hexId("c", 32)))).toMatch(/ y charged at the very end$/);
  expect(marked((await list("uberweisung")).get(hexId("b", 32)))).toEqual(["Überweisung"]);
});

test("without a search, and for a trace found by its id, nothing is shown", async () => {
  expect([...(await list("  ")).values()]).toEqual([null, null, null]);
  expect([...(await list(hexId("b", 32).toUpperCase())).entries()]).toEqual([[hexId("b", 32), null]]);
});

test("a text without a word is answered with what a search is", async () => {
  await expect(list("?!")).rejects.toMatchObject({ code: "invalid", hint: expect.stringContaining("refun*") });
});

test("the page and the engine read the same words", async () => {
  const { listTerms } = await import("#lib/sql/search-terms.ts");
  const texts = [
    "Straße, ΣΊΣΥΦΟΣ İstanbul naïve e\u0301tude ÅNGSTRÖM ﬁn x² ½ a_b-c.d@e 12,5 don’t",
    "我要退款 カード ひらがな ภาษาไทย ລາວ हिन्दी 한국어 עִבְרִית العَرَبِيَّة Привет",
    "😀 a\u200db \u00a0nbsp\u2003em — “quoted” #tag $5 100% C++ 🙏🏽x"
  ];
  const kernel = await fixture.lake.openKernel(scope);
  try {
    for (const text of texts) {
      const [row] = await kernel.rows(`select to_json(${termsSql("$text")})::varchar as terms`, { text }, 1);
      expect(listTerms(text).map(({ term }) => term)).toEqual(JSON.parse(String(row?.["terms"])));
    }
  } finally {
    await kernel.close();
  }
});

test("a search reads the columns that it says it reads", () => {
  const read = searchedTexts.flatMap(([, sql]) => sql.match(/\b(?:input|output|tool)_?\w*/g) ?? []);
  expect([...new Set(read)].sort()).toEqual([...searchedColumns].sort());
});
