import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Span } from "#lib/model/span.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { tableFunctions } from "#lib/sql/views.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

const scope = scopeOf(["legal", "support"]);
const morning = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
const day = 86_400_000_000_000n;

let fixture: LakeFixture;
let kernel: Kernel;

const step = (trace: string, given: Partial<Span>) =>
  makeSpan({ traceId: trace, spanId: "root", startNs: morning, endNs: morning + 1n, ...given });

const known: readonly Span[] = [
  step("twice", { inputText: "I was charged twice for order ORD-1234!" }),
  step("once", { inputText: "Twice I called; I was charged, once.", outputText: "Your REFUND is on its way" }),
  step("tool", {
    toolArgs: { order: 77123, note: 'first\nsecond "quoted" C:\\new' },
    toolResult: "Überweisung erfolgt"
  }),
  step("messages", { input: [{ role: "user", parts: [{ type: "text", content: "where is my parcel" }] }] }),
  step("chinese", { inputText: "我要退款，谢谢" }),
  step("long", { inputText: `key ${"x".repeat(60)}` }),
  step("later", { inputText: "a refund again", startNs: morning + 3n * day, endNs: morning + 3n * day }),
  step("foreign", { inputText: "charged twice", businessUnit: "legal" })
];

beforeAll(async () => {
  fixture = await openLakeFixture();
  await fixture.lake.append(scope, { spans: known.slice(0, 4), scores: [] });
  await fixture.lake.flush();
  await fixture.lake.append(scope, { spans: known.slice(4), scores: [] });
  kernel = await fixture.lake.openKernel(scopeOf(["support"]));
});
afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

async function search(question: string, on = kernel): Promise<readonly string[]> {
  const rows = await on.rows("select trace_id from search($question)", { question }, 1000);
  return rows.map((row) => String(row.trace_id)).sort();
}

const named = (...traces: readonly string[]) => traces.map((trace) => hexId(trace, 32)).sort();

test.each<readonly [string, string, readonly string[]]>([
  ["a word in any case", "refund", ["once", "later"]],
  ["every word", "charged REFUND", ["once"]],
  ["a phrase", '"charged twice"', ["twice"]],
  ["a phrase that nothing ends", '"charged twice', ["twice"]],
  ["words that stand together but are no phrase", "charged twice", ["twice", "once"]],
  ["an id with a dash", "ord-1234", ["twice"]],
  ["the beginning of a word", "refun*", ["once", "later"]],
  ["the beginning of an id", "ORD-12*", ["twice"]],
  ["a number in the arguments of a tool", "77123", ["tool"]],
  ["a word behind a line break in JSON", "second", ["tool"]],
  ["a word behind a backslash in JSON", "new", ["tool"]],
  ["a word without its accents", "uberweisung", ["tool"]],
  ["a word that is only in messages", "parcel", ["messages"]],
  ["words of a script without spaces", "退款", ["chinese"]],
  ["characters of it in another order", "款退", []],
  ["a word that is longer than a term", "x".repeat(60), ["long"]],
  ["a part of a word", "efund", []],
  ["signs that mean something elsewhere", "refund % _ ' ; --", ["once", "later"]],
  ["a zero byte and half a character", "refund\0 \ud83d", ["once", "later"]]
])("finds %s", async (_name, question, expected) => {
  expect(await search(question)).toEqual(named(...expected));
});

test.each<readonly [string, string, RegExp]>([
  ["nothing", " ", /the search is empty/],
  ["no word", "?! ...", /no word to search for in \?! \.\.\./],
  ["an empty phrase", '""', /no word/],
  ["too long a text", "a".repeat(10_000), /at most 1,000 characters; this one has 10,000/],
  ["too many words", "ab ".repeat(200), /at most 32 words; this one has 200/]
])("says what is wrong with %s", async (_name, question, sentence) => {
  await expect(search(question)).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(sentence) });
});

test("a cell joins what a search finds with the views", async () => {
  const rows = await kernel.rows(
    `select name, (select "date"::varchar from search('refund again') f where f.trace_id = t.trace_id) as found from traces t
     where trace_id in (select trace_id from search('"refund again"', '2026-11-22'))`,
    {},
    10
  );
  expect(rows).toEqual([{ name: "step", found: "2026-11-23" }]);
  expect((await kernel.materialise("hits", "select * from search('refund')", {})).rows).toBe(2);
});

test("a search has the columns that completion tells of", async () => {
  const { columns } = await kernel.materialise("described", "select * from search('refund')", {});
  const told = tableFunctions.find(({ name }) => name === "search")!.columns.map(({ name, type }) => ({ name, type }));
  expect(columns).toEqual(told);
});

test("a search from a day on leaves out what was said before", async () => {
  const ask = (since: string | null) => kernel.rows("select * from search('refund', $since)", { since }, 10);
  expect(await ask("2026-11-21")).toHaveLength(1);
  expect(await ask(null)).toHaveLength(2);
  await expect(ask("soon")).rejects.toMatchObject({ code: "invalid" });
});

test.each([
  "select * from search('a' || 'b')",
  "select * from search(17)",
  "select * from search($question)",
  "select * from internal.found",
  "select * from found"
])("a cell may not ask %s", async (sql) => {
  await expect(kernel.rows(sql, { question: 5 }, 10)).rejects.toMatchObject({
    code: expect.stringMatching(/invalid|denied/)
  });
});

test("a stopped search is no answer for the next question", async () => {
  const stop = new AbortController();
  const stopped = kernel.rows("select * from search('charged order')", {}, 10, stop.signal);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: "limit" });
  expect(await search("charged order")).toEqual(named("twice"));
});

test("many questions at once share a search", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => search("was charged")));
  expect(new Set(answers.map((answer) => answer.join()))).toEqual(new Set([named("twice", "once").join()]));
});

/** Words as anybody would find them in these texts, without any of our code. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll("é", "e")
    .replaceAll("ü", "u")
    .match(/[a-z0-9]+|[退款我]/g) ?? [];

const word = fc.constantFrom(
  "refund",
  "Refunds",
  "charged",
  "twice",
  "ORD",
  "17",
  "1734",
  "Café",
  "über",
  "退款",
  "我退"
);
const gap = fc.constantFrom(" ", ", ", "-", "\n", '"', "\\");
const text = fc
  .array(fc.tuple(word, gap), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.map(([said, between]) => said + between).join(""));
const said = fc.record({
  trace: fc.integer({ min: 0, max: 5 }),
  span: fc.integer({ min: 0, max: 3 }),
  unit: fc.constantFrom("support", "legal"),
  days: fc.integer({ min: 0, max: 1 }),
  field: fc.constantFrom("inputText", "outputText", "toolArgs", "toolResult"),
  text
});
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;
const piece = fc.oneof(
  word.map((asked) => ({ asked, words: wordsOf(asked), begins: false })),
  text.map((asked) => ({ asked: `"${asked.replaceAll('"', " ")}"`, words: wordsOf(asked), begins: false })),
  word.map((asked) => ({ asked: `${asked.slice(0, 3)}*`, words: wordsOf(asked.slice(0, 3)), begins: true }))
);
const question = fc.array(piece, { minLength: 1, maxLength: 3 });
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;
const act = fc.oneof(
  { weight: 3, arbitrary: fc.array(said, { minLength: 1, maxLength: 6 }) },
  { weight: 2, arbitrary: fc.constant("flush" as const) }
);

test("finds what a look at every text finds, through appends, flushes and replacement", async () => {
  const acts = fc.array(act, { minLength: 2, maxLength: 7 });
  const questions = fc.array(question, { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(acts, questions, async (done, asked) => {
      const own = await openLakeFixture();
      try {
        const spans = new Map<string, Span>();
        for (const one of done) {
          if (one === "flush") {
            await own.lake.flush();
            continue;
          }
          const batch = one.map(makeSaid);
          for (const span of batch) spans.set(`${span.traceId}/${span.spanId}`, span);
          await own.lake.append(scope, { spans: batch, scores: [] });
        }
        await check(own, [...spans.values()], asked);
        expect(await own.lake.verify()).toEqual([]);
      } finally {
        await own.close();
      }
    }),
    { numRuns: 3, seed: 11 }
  );
}, 120_000);

/** A trace stays in its unit: its id is of one. */
const makeSaid = (given: Said): Span =>
  makeSpan({
    traceId: `${given.unit}${given.trace}`,
    spanId: `${given.span}`,
    businessUnit: given.unit,
    startNs: morning + BigInt(given.days) * day,
    [given.field]: given.text
  });

test("many small files are merged with their words, and a trace that is replaced takes its words along", async () => {
  const own = await openLakeFixture();
  try {
    for (let round = 0; round < 9; round++) {
      const spans = ["a", "b"].map((name) =>
        step(`${name}${round}`, { inputText: `refund number ${round} of ${name}`, startNs: morning + BigInt(round) })
      );
      await own.lake.append(scope, { spans, scores: [] });
      await own.lake.flush();
    }
    await own.lake.append(scope, { spans: [step("a3", { inputText: "withdrawn" })], scores: [] });
    const ask = async (asked: string) => {
      const support = await own.lake.openKernel(scopeOf(["support"]));
      const found = await search(asked, support);
      await support.close();
      return found;
    };
    for (const flushed of [false, true]) {
      if (flushed) await own.lake.flush();
      expect(await ask("refund")).toHaveLength(17);
      expect(await ask('"refund number 3 of"')).toEqual(named("b3"));
      expect(await ask("withdrawn")).toEqual(named("a3"));
    }
    const files = await own.state.catalog.listFiles({ snapshotId: await own.lake.snapshotId() });
    const count = (table: string) => files.filter((file) => file.table === table).length;
    expect(count("terms")).toBe(count("spans"));
    expect(count("spans")).toBeLessThan(9);
    expect(await own.lake.verify()).toEqual([]);
  } finally {
    await own.close();
  }
}, 120_000);

test("a lake from before there were words is searched as it is, and gets them at the next flush", async () => {
  const own = await openLakeFixture();
  try {
    await own.lake.append(scope, { spans: known, scores: [] });
    await own.lake.flush();
    const terms = async () =>
      own.state.catalog.listFiles({ snapshotId: await own.lake.snapshotId(), tables: ["terms"] });
    await own.state.catalog.commit({ add: [], remove: (await terms()).map(({ fileId }) => fileId) });
    const ask = async () => {
      const support = await own.lake.openKernel(scopeOf(["support"]));
      const found = await search('"charged twice"', support);
      await support.close();
      return found;
    };
    expect(await terms()).toEqual([]);
    expect(await ask()).toEqual(named("twice"));
    await own.lake.flush();
    expect(await terms()).toHaveLength(3);
    expect(await ask()).toEqual(named("twice"));
  } finally {
    await own.close();
  }
});

async function check(own: LakeFixture, spans: readonly Span[], questions: readonly Question[]) {
  const support = await own.lake.openKernel(scopeOf(["support"]));
  try {
    for (const asked of questions) {
      const text = asked.map((part) => part.asked).join(" ");
      const traces = new Map<string, string[]>();
      for (const span of spans.filter(({ businessUnit }) => businessUnit === "support")) {
        const texts = [span.inputText, span.outputText, span.toolArgs, span.toolResult].filter(
          (value) => value !== null
        );
        traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), ...texts.map(String)]);
      }
      const expected = [...traces]
        .filter(([, texts]) => asked.every((part) => texts.some((one) => holds(one, part))))
        .map(([id]) => id);
      expect(await search(text, support), text).toEqual(expected.sort());
    }
  } finally {
    await support.close();
  }
}

function holds(
  text: string,
  { words, begins }: { readonly words: readonly string[]; readonly begins: boolean }
): boolean {
  const all = wordsOf(text);
  return all.some((_, at) =>
    words.every((wanted, of) => {
      const one = all[at + of];
      return begins && of === words.length - 1 ? one?.startsWith(wanted) : one === wanted;
    })
  );
}
